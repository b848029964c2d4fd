/** What the U-Net minimises: cross-entropy per pixel plus Dice (Milletari, Navab and Ahmadi 2016). */
import { add, div, mul, reduceMean, reduceSum, sigmoid, softplus, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';

/**
 * `batch`: one Dice coefficient over all pixels of a batch (the paper's form). `patch`: one for each patch, averaged, so that a defect of a
 * hundred pixels counts as much as one of ten thousand.
 */
export type DiceOver = 'batch' | 'patch';

export interface BceDice {
  /** bce + 1 - dice, of shape []. */
  readonly loss: Value;
  /** Binary cross-entropy, mean over pixels, in nats. */
  readonly bce: Value;
  /** Soft Dice coefficient: 0 (nothing shared) to 1 (equal). */
  readonly dice: Value;
}

/**
 * Loss of logits z against targets t in 0..1, of one shape. Cross-entropy is mean(softplus(z) - z t), which no logit overflows; Dice
 * is (2 sum(p t) + smooth) / (sum(p) + sum(t) + smooth) with p = sigmoid(z).
 */
export function bceDiceLoss(logits: Value, target: Value, over: DiceOver = 'batch', smooth = 1): BceDice {
  const p = sigmoid(logits);
  const sum = (v: Value): Value => reduceSum(v, over === 'batch' ? undefined : [1, 2, 3]);
  const bce = reduceMean(sub(softplus(logits), mul(logits, target)));
  const shared = add(mul(sum(mul(p, target)), 2), smooth);
  const each = div(shared, add(add(sum(p), sum(target)), smooth));
  const dice = over === 'batch' ? each : reduceMean(each);
  return { loss: add(bce, sub(1, dice)), bce, dice };
}
