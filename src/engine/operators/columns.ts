/**
 * What each tap of a kernel meets at each output position of a whole batch, as one matrix (im2col with the batch innermost): a
 * convolution and its weight gradient become one large product each, and share the matrix.
 */
import type { ColumnsAttributes } from './attributes.ts';
import { type Emission, type OperatorTable, requireShape } from './operator.ts';

/** Emits x (N, C, H, W) as (C, H W, N), once per value and model. */
function emitBatchLast(e: Emission<unknown>, x: string, [n, c, h, w]: readonly number[]): string {
  return e.shared(`batch last ${x}`, () => {
    const turned = e.node('Transpose', [x], 1, { perm: [1, 2, 3, 0] })[0]!;
    return e.node('Reshape', [turned, e.int64([c!, h! * w!, n!])], 1)[0]!;
  });
}

/** For each tap and output position the input position that they meet; `outside` where that is padding. */
function positionsMet(shape: readonly number[], attributes: ColumnsAttributes, outside: number): number[] {
  const { kernel, output, strides, pads } = attributes;
  const [h, w] = shape.slice(2) as [number, number];
  const met: number[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (let r = 0; r < output[0]; r++) {
        for (let s = 0; s < output[1]; s++) {
          const y = r * strides[0] + i - pads[0];
          const x = s * strides[1] + j - pads[1];
          met.push(y >= 0 && y < h && x >= 0 && x < w ? y * w + x : outside);
        }
      }
    }
  }
  return met;
}

/** Emits the matrix (C kH kW, oH oW N) of a value, once per value, geometry and model. */
export function emitColumns(
  e: Emission<unknown>,
  x: string,
  shape: readonly number[],
  attributes: ColumnsAttributes,
): string {
  const [n, c, h, w] = shape as [number, number, number, number];
  const { kernel, output } = attributes;
  const taps = kernel[0] * kernel[1];
  return e.shared(`columns ${x} ${JSON.stringify(attributes)}`, () => {
    const met = positionsMet(shape, attributes, h * w);
    const last = emitBatchLast(e, x, shape);
    const whole = met.length === h * w && met.every((position, i) => position === i);
    const matrix = [c * taps, output[0] * output[1] * n];
    if (whole) return e.node('Reshape', [last, e.int64(matrix)], 1)[0]!;
    const padded = met.includes(h * w) ? e.node('Pad', [last, e.int64([0, 0, 0, 0, 1, 0])], 1)[0]! : last;
    const gathered = e.node('Gather', [padded, e.int64(met)], 1, { axis: 1 })[0]!;
    return e.node('Reshape', [gathered, e.int64(matrix)], 1)[0]!;
  });
}

export const columns = {
  Columns: {
    doc: 'x (N, C, H, W) as a matrix (C kH kW, oH oW N): what each kernel tap meets at each output position; only weight gradients use it',
    infer: ([x], { kernel, output }) => {
      requireShape(x!.shape.length === 4, () => `Columns: needs (N, C, H, W), got [${x!.shape}]`);
      const [n, c] = x!.shape as [number, number, number, number];
      return [{ dtype: 'float32', shape: [c * kernel[0] * kernel[1], output[0] * output[1] * n] }];
    },
    gradient: 'none',
    onnx: (e) => {
      e.node('Identity', [emitColumns(e, e.inputs[0]!, e.inputTypes[0]!.shape, e.attributes)], e.outputs);
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;
