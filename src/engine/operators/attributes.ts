/** The closed operator set: every operator's name and attributes. A name added here must get a row in table.ts to compile. */

import type { ForeignModel } from '../onnx/foreign-model.ts';
import type { DType } from '../types.ts';

type None = Record<string, never>;

export interface ConvAttributes {
  readonly strides: readonly [number, number];
  /** Rows above, columns left, rows below, columns right. */
  readonly pads: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
  readonly group: number;
}

export interface ConvTransposeAttributes {
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly outputPadding: readonly [number, number];
  readonly group: number;
}

export interface ReduceAttributes {
  /** Ascending, non-negative. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export interface ColumnsAttributes {
  readonly kernel: readonly [number, number];
  /** Height and width of the convolution's output. */
  readonly output: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

interface OperatorAttributes {
  Add: None;
  Sub: None;
  Mul: None;
  Div: None;
  Greater: None;
  Equal: None;
  Where: None;
  Neg: None;
  Exp: None;
  Log: None;
  Sqrt: None;
  Atan: None;
  Tanh: None;
  Sigmoid: None;
  Softplus: None;
  Relu: None;
  LeakyRelu: { readonly alpha: number };
  Clip: { readonly min: number; readonly max: number };
  Cast: { readonly to: DType };
  ReduceSum: ReduceAttributes;
  ReduceSumSquare: ReduceAttributes;
  ReduceMean: ReduceAttributes;
  ReduceMax: ReduceAttributes;
  Reshape: { readonly shape: readonly number[] };
  Transpose: { readonly perm: readonly number[] };
  Turn: None;
  Expand: { readonly shape: readonly number[] };
  Slice: {
    /** One entry for every axis of the input; ends are exclusive, steps positive. */
    readonly starts: readonly number[];
    readonly ends: readonly number[];
    readonly steps: readonly number[];
  };
  Pad: { readonly before: readonly number[]; readonly after: readonly number[] };
  Concat: { readonly axis: number };
  Take: { readonly axis: number; readonly indices: readonly number[] };
  Gather: { readonly axis: number; readonly indices: readonly number[] };
  MatMul: None;
  Columns: ColumnsAttributes;
  Conv: ConvAttributes;
  ConvTranspose: ConvTransposeAttributes;
  Largest: { readonly k: number };
  MaxPool: { readonly kernel: number };
  MaxUnpool: { readonly kernel: number; readonly shape: readonly number[] };
  BatchNorm: { readonly epsilon: number };
  FitImage: { readonly height: number; readonly width: number; readonly fit: 'stretch' | 'letterbox' };
  FitMap: { readonly fit: 'stretch' | 'letterbox' };
  Resize: { readonly height: number; readonly width: number };
  ResizeTo: None;
  Foreign: { readonly model: ForeignModel; readonly shapes: readonly (readonly number[])[] };
}

export type OperatorName = keyof OperatorAttributes;
export type AttributesOf<K extends OperatorName> = OperatorAttributes[K];
