/**
 * Values that a backward pass makes again instead of keeping them: they are large, and cheap beside what they take from memory. onnxruntime
 * would make equal nodes one, and both early; so the second copy hangs on the gradient that it is needed with.
 */
import type { Value } from './graph.ts';

const ways = new WeakMap<Value, (after: Value) => Value>();

/** Says how a value is made again once `after` is there. */
export function remakeable(value: Value, make: (after: Value) => Value): void {
  ways.set(value, make);
}

/** The value again, made not before `after`; the value itself where nobody said how. */
export const remade = (value: Value, after: Value): Value => ways.get(value)?.(after) ?? value;
