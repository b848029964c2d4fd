/** Entry point of the thread that does a share of each of Adam's updates; it keeps nothing between them. */
import { parentPort } from 'node:worker_threads';
import { type AdamArrays, squares, type UpdateRule, updateArrays } from '../training/adam-arrays.ts';

/** First the arrays come, answered by the gradients' squares; then the rule, answered by the arrays. */
export type ToAdamShare = { readonly arrays: readonly AdamArrays[] } | { readonly rule: UpdateRule };

let share: readonly AdamArrays[] = [];

parentPort!.on('message', (message: ToAdamShare) => {
  if ('arrays' in message) {
    share = message.arrays;
    parentPort!.postMessage(share.map(({ gradient }) => squares(gradient)));
    return;
  }
  for (const arrays of share) updateArrays(arrays, message.rule);
  const done = share.map(({ weight, first, second }) => ({ weight, first, second }));
  share = [];
  parentPort!.postMessage(
    done,
    done.flatMap(({ weight, first, second }) => [weight.buffer, first.buffer, second.buffer]),
  );
});
