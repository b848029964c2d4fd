/** What the U-Net minimises: cross-entropy per pixel plus Dice over the batch (Milletari, Navab and Ahmadi 2016). */
import { add, div, mul, reduceMean, reduceSum, sigmoid, softplus, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';

export interface BceDice {
  /** bce + 1 - dice, of shape []. */
  readonly loss: Value;
  /** Binary cross-entropy, mean over pixels, in nats. */
  readonly bce: Value;
  /** Soft Dice coefficient of the whole batch: 0 (nothing shared) to 1 (equal). */
  readonly dice: Value;
}

/**
 * Loss of logits z against targets t in 0..1, of one shape. Cross-entropy is mean(softplus(z) - z t), which no logit overflows; Dice
 * is (2 sum(p t) + smooth) / (sum(p) + sum(t) + smooth) with p = sigmoid(z).
 */
export function bceDiceLoss(logits: Value, target: Value, smooth = 1): BceDice {
  const p = sigmoid(logits);
  const bce = reduceMean(sub(softplus(logits), mul(logits, target)));
  const shared = add(mul(reduceSum(mul(p, target)), 2), smooth);
  const dice = div(shared, add(add(reduceSum(p), reduceSum(target)), smooth));
  return { loss: add(bce, sub(1, dice)), bce, dice };
}
