/** Matrix products. */
import { matMul, reshape, transpose } from '../builders.ts';
import type { Value } from '../graph.ts';
import { remade } from '../remaking.ts';
import type { AttributesOf } from './attributes.ts';
import { broadcastShape, unbroadcast } from './broadcast.ts';
import { normalTensor, type OperatorTable, requireShape } from './operator.ts';

const transposeLast = (x: Value): Value => {
  const r = x.shape.length;
  return transpose(x, [...Array.from({ length: r - 2 }, (_, i) => i), r - 1, r - 2]);
};

/** Whether a value is another one with its last two axes exchanged. */
function isTransposed({ node, shape }: Value): boolean {
  if (node?.op !== 'Transpose') return false;
  const { perm } = node.attributes as AttributesOf<'Transpose'>;
  const r = shape.length;
  return perm.every((axis, i) => axis === (i === r - 2 ? r - 1 : i === r - 1 ? r - 2 : i));
}

export const matrixProducts = {
  MatMul: {
    doc: 'matrix product over the last two axes, the others broadcast',
    infer: ([a, b]) => {
      const [m, k] = a!.shape.slice(-2);
      const [k2, n] = b!.shape.slice(-2);
      requireShape(
        a!.shape.length >= 2 && b!.shape.length >= 2 && k === k2,
        () => `MatMul: [${a!.shape}] by [${b!.shape}]`,
      );
      return [{ dtype: a!.dtype, shape: [...broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2)), m!, n!] }];
    },
    gradient: ({ inputs, upstream }) => {
      const [a, b] = inputs as [Value, Value];
      return [
        () => unbroadcast(matMul(upstream, transposeLast(remade(b, upstream))), a.shape),
        () => {
          // of a transposed right side: the product the other way round, so that what was transposed gets its gradient as it is
          if (
            isTransposed(b) &&
            a.shape.length === b.shape.length &&
            a.shape.slice(0, -2).join() === b.shape.slice(0, -2).join()
          ) {
            return transposeLast(matMul(transposeLast(upstream), a));
          }
          if (b.shape.length > 2) return unbroadcast(matMul(transposeLast(a), upstream), b.shape);
          // one right side for the whole batch: a single product over all rows
          const rows = (x: Value): Value =>
            reshape(x, [x.shape.slice(0, -1).reduce((p, d) => p * d, 1), x.shape.at(-1)!]);
          return matMul(transposeLast(rows(a)), rows(upstream));
        },
      ];
    },
    onnx: (e) => {
      e.node('MatMul', e.inputs, e.outputs);
    },
    cases: (random) => [
      { inputs: [normalTensor(random, [3, 4]), normalTensor(random, [4, 2])], attributes: {} },
      { inputs: [normalTensor(random, [2, 3, 4]), normalTensor(random, [4, 2])], attributes: {} },
      { inputs: [normalTensor(random, [3, 4]), normalTensor(random, [2, 4, 2])], attributes: {} },
    ],
  },
} satisfies Partial<OperatorTable>;
