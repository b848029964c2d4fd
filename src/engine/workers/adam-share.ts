/** Entry point of the thread that does a share of each of Adam's updates; it keeps nothing between them. */
import { parentPort } from 'node:worker_threads';
import { type AdamArrays, updateArrays } from '../training/adam-arrays.ts';
import type { UpdateRule } from '../training/adam-rule.ts';

/** Arrays that are handed over; the answer hands back all but the gradients. */
export interface AdamShare {
  readonly arrays: readonly AdamArrays[];
  readonly rule: UpdateRule;
}

parentPort!.on('message', ({ arrays, rule }: AdamShare) => {
  for (const a of arrays) updateArrays(a, rule);
  const done = arrays.map(({ weight, first, second }) => ({ weight, first, second }));
  const buffers = done.flatMap(({ weight, first, second }) => [weight.buffer, first.buffer, second.buffer]);
  parentPort!.postMessage(done, buffers);
});
