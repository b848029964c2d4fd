/** What a row of the operator table holds. */
import { FelfriError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Value } from '../graph.ts';
import type { AdmittedOperator } from '../onnx/admitted-operators.ts';
import type { ForeignModel } from '../onnx/foreign-model.ts';
import type { ValueType } from '../types.ts';
import type { AttributesOf, OperatorName } from './attributes.ts';

/** What an operator's ONNX form may do: add nodes under given names, and make integer constants. */
export interface Emission<A> {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: A;
  readonly inputTypes: readonly ValueType[];
  readonly outputTypes: readonly ValueType[];
  /** Whether anything reads the output of this position, or it is an output of the model. */
  isUsed(output: number): boolean;
  /** The operators that read it. */
  readers(output: number): readonly OperatorName[];
  /** Adds a node; makes fresh output names when `outputs` is a count. Returns the output names. */
  node(
    op: EmittedOperator,
    inputs: readonly string[],
    outputs: readonly string[] | number,
    attributes?: OnnxAttributes,
  ): string[];
  /** What `make` emits, but once in a model for each key: for parts that several operators need. */
  shared(key: string, make: () => string): string;
  int64(values: readonly number[], scalar?: boolean): string;
  float32(values: readonly number[], scalar?: boolean): string;
  /** Adds another model's nodes under names of their own, its weights once however often it is used. Returns its outputs' names. */
  merge(model: ForeignModel, input: string): string[];
}

/** What a model may consist of, and what only the gradient of a training needs. */
export type EmittedOperator = AdmittedOperator | 'MaxUnpool';

/** Whole numbers become INT(S), strings STRING(S), and { float } FLOAT. */
export type OnnxAttributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>;

export interface GradientContext<A> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: A;
  /** Gradient of the loss with respect to output 0, of its shape. */
  readonly upstream: Value;
}

/**
 * One lazy function per input that emits the gradient with respect to it from operators of the same set; undefined where the
 * input is not differentiable (indices, conditions). 'none' where no gradient exists or is needed.
 */
type GradientRule<A> = 'none' | ((c: GradientContext<A>) => readonly ((() => Value) | undefined)[]);

/** Inputs and attributes for the finite-difference test of a gradient rule. */
export interface GradientCase<A> {
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
}

export interface Operator<A> {
  readonly doc: string;
  readonly infer: (inputs: readonly ValueType[], attributes: A) => readonly ValueType[];
  readonly gradient: GradientRule<A>;
  readonly onnx: (e: Emission<A>) => void;
  /** Random cases for the gradient test; required wherever there is a gradient, checked by the test itself. */
  readonly cases: (random: Random) => readonly GradientCase<A>[];
}

export type OperatorTable = { readonly [K in OperatorName]: Operator<AttributesOf<K>> };

/** Throws GRAPH_SHAPE unless the condition holds. */
export function requireShape(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new FelfriError('GRAPH_SHAPE', message());
}

/** A tensor of standard normal values, for gradient cases. */
export function normalTensor(random: Random, shape: readonly number[], scale = 1): Tensor {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * scale);
  return { shape, data };
}
