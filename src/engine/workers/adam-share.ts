/** Entry point of the thread that does a share of each of Adam's updates; it keeps nothing between them. */
import { type AdamArrays, updateArrays } from '../training/adam-arrays.ts';
import type { UpdateRule } from '../training/adam-rule.ts';
import { answerQuestions } from './questions.ts';

/** Arrays that are handed over. */
export interface AdamShare {
  readonly arrays: readonly AdamArrays[];
  readonly rule: UpdateRule;
}

export interface AdamTasks {
  /** Hands back all but the gradients. */
  update: { ask: AdamShare; answer: readonly Omit<AdamArrays, 'gradient'>[] };
}

answerQuestions<AdamTasks>(
  {
    update: ({ arrays, rule }) => {
      for (const a of arrays) updateArrays(a, rule);
      return arrays.map(({ weight, first, second }) => ({ weight, first, second }));
    },
  },
  {
    handOver: (updated) => updated.flatMap(({ weight, first, second }) => [weight.buffer, first.buffer, second.buffer]),
  },
);
