/** The arithmetic of Adam over plain arrays: what each thread that takes part does. */
import { adamKernel, BLOCK } from './adam-kernel.ts';
import type { UpdateRule } from './adam-rule.ts';

type Floats = Float32Array<ArrayBuffer>;

/** One weight, its gradient and its moments, of equal lengths. */
export interface AdamArrays {
  readonly weight: Floats;
  readonly gradient: Floats;
  readonly first: Floats;
  readonly second: Floats;
}

/** Updates weight and moments in place, block by block; the gradients stay. */
export function updateArrays(all: AdamArrays, rule: UpdateRule): void {
  const { arrays, update } = adamKernel();
  const { beta1, beta2, epsilon, weightDecay: decay, scale, stepSize: step, correction } = rule;
  const numbers = { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon, decay, scale, step, correction };
  const own = [all.weight, all.gradient, all.first, all.second];
  const { length } = all.weight;
  for (let start = 0; start < length; start += BLOCK) {
    const end = Math.min(start + BLOCK, length);
    for (const [i, array] of own.entries()) arrays[i]!.set(array.subarray(start, end));
    // the last one takes numbers of the block before along, which nobody reads
    update(4 * Math.ceil((end - start) / 4), numbers);
    for (const i of [0, 2, 3]) {
      own[i]!.set(end - start === BLOCK ? arrays[i]! : arrays[i]!.subarray(0, end - start), start);
    }
  }
}
