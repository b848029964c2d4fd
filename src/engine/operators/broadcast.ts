/** NumPy broadcasting and its inverse. */
import { reduceSum, reshape } from '../builders.ts';
import type { Value } from '../graph.ts';
import { requireShape } from './operator.ts';

/** The shape that two shapes broadcast to. Throws GRAPH_SHAPE when they do not. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    requireShape(x === y || x === 1 || y === 1, () => `shapes [${a}] and [${b}] do not broadcast`);
    out.push(x === 1 ? y : x);
  }
  return out;
}

/** Sums a gradient over the axes along which a value of `shape` was broadcast. */
export function unbroadcast(gradient: Value, shape: readonly number[]): Value {
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, i) => i)
    .filter((i) => i < lead || (shape[i - lead] === 1 && gradient.shape[i] !== 1));
  if (axes.length === 0) return gradient;
  return reshape(reduceSum(gradient, axes, true), shape);
}
