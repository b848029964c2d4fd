/**
 * Adam (Kingma and Ba 2015) with L2 added to the gradient, and clipping of the global gradient norm, over plain arrays. The
 * arithmetic is PyTorch's: clip first, then add the L2 term, then the moments. Large networks are updated by two threads at once:
 * half of the arrays are handed over and come back, without a copy, and the numbers are the same to the last bit.
 */
import { type NamedTensors, tensor } from '../../core/tensor.ts';
import type { AdamShare, AdamTasks } from '../workers/adam-share.ts';
import { Thread } from '../workers/questions.ts';
import { startWorker } from '../workers/start.ts';
import { type AdamArrays, updateArrays } from './adam-arrays.ts';
import { type AdamOptions, updateRule } from './adam-rule.ts';

/** Weights from which a second thread is worth its messages. */
export const MANY_WEIGHTS = 1_000_000;

export class Adam {
  readonly options: AdamOptions;
  readonly firstMoments: NamedTensors = new Map();
  readonly secondMoments: NamedTensors = new Map();
  /** Updates done so far. */
  steps = 0;
  /** Names whose arrays a second thread updates; none when there is none. */
  readonly #shared: ReadonlySet<string>;
  readonly #helper: Thread<AdamTasks> | undefined;

  /** `threads` of 1 does everything on the calling thread. */
  constructor(options: AdamOptions, weights: NamedTensors, threads = 1) {
    this.options = options;
    let total = 0;
    for (const [name, { shape, data }] of weights) {
      this.firstMoments.set(name, tensor(shape));
      this.secondMoments.set(name, tensor(shape));
      total += data.length;
    }
    this.#shared = threads > 1 && total >= MANY_WEIGHTS ? halfOf(weights, total) : new Set();
    if (this.#shared.size > 0) {
      const failureOf = (why: string): Error => new Error(`the thread that updates half of the weights failed: ${why}`);
      this.#helper = new Thread(startWorker('adam-share'), failureOf, { idleKeepsAlive: false });
    }
  }

  /**
   * Updates the weights; `norm` is the gradient's global norm, which decides on clipping. Entries of `weights` are replaced, not
   * only written to; the gradients are used up.
   */
  async update(weights: NamedTensors, gradients: NamedTensors, norm: number, learningRate: number): Promise<void> {
    this.steps++;
    const rule = updateRule(this.options, this.steps, norm, learningRate);
    const shared = [...this.#shared];
    const theirs = this.#handOver({ arrays: shared.map((name) => this.#arrays(name, weights, gradients)), rule });
    for (const name of weights.keys()) {
      if (!this.#shared.has(name)) updateArrays(this.#arrays(name, weights, gradients), rule);
    }
    for (const [i, { weight, first, second }] of (await theirs).entries()) {
      const name = shared[i]!;
      const { shape } = weights.get(name)!;
      weights.set(name, { shape, data: weight });
      this.firstMoments.set(name, { shape, data: first });
      this.secondMoments.set(name, { shape, data: second });
    }
  }

  #arrays(name: string, weights: NamedTensors, gradients: NamedTensors): AdamArrays {
    return {
      weight: weights.get(name)!.data,
      gradient: gradients.get(name)!.data,
      first: this.firstMoments.get(name)!.data,
      second: this.secondMoments.get(name)!.data,
    };
  }

  /** What the second thread makes of its share; nothing where there is none. */
  async #handOver(share: AdamShare): Promise<AdamTasks['update']['answer']> {
    if (!this.#helper) return [];
    const handOver = share.arrays.flatMap((a) => [a.weight.buffer, a.gradient.buffer, a.first.buffer, a.second.buffer]);
    return this.#helper.ask('update', share, { handOver });
  }

  async release(): Promise<void> {
    await this.#helper?.terminate();
  }
}

/** Names that hold about half of all weights, the largest dealt out first. */
function halfOf(weights: NamedTensors, total: number): Set<string> {
  const half = new Set<string>();
  let sum = 0;
  for (const [name, { data }] of [...weights].sort(([, a], [, b]) => b.data.length - a.data.length)) {
    if (sum + data.length > total / 2) continue;
    half.add(name);
    sum += data.length;
  }
  return half;
}
