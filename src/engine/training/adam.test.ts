import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import { Adam, MANY_WEIGHTS } from './adam.ts';
import type { AdamOptions } from './adam-rule.ts';

const plain: AdamOptions = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-4,
  weightDecay: 0,
  clipNorm: Number.POSITIVE_INFINITY,
};
const named = (...values: number[]) => new Map([['w', tensor([values.length], values)]]);

describe('Adam', () => {
  it('takes two steps as worked out by hand', async () => {
    const weights = named(1);
    const adam = new Adam(plain, weights);
    // first step: m = 0.1 * 2 = 0.2, v = 0.01 * 4 = 0.04; unbiased 0.2 / 0.1 = 2 and 0.04 / 0.01 = 4; 1 - 0.1 * 2 / (2 + 1e-4)
    await adam.update(weights, named(2), 2, 0.1);
    expectClose(weights.get('w')!.data, [0.900005], 'first step', { absolute: 1e-7, relative: 0 });
    // second: m = 0.18 - 0.1 = 0.08, v = 0.0396 + 0.01 = 0.0496; unbiased 0.08 / 0.19 and 0.0496 / 0.0199
    await adam.update(weights, named(-1), 1, 0.1);
    const second = 0.900005 - (0.1 * (0.08 / 0.19)) / (Math.sqrt(0.0496 / 0.0199) + 1e-4);
    expectClose(weights.get('w')!.data, [second], 'second step', { absolute: 1e-7, relative: 0 });
    expect(adam.steps).toBe(2);
  });

  it('adds the L2 term to the gradient after clipping', async () => {
    const weights = named(10, 0);
    const adam = new Adam({ ...plain, weightDecay: 0.1, clipNorm: 1 }, weights);
    await adam.update(weights, named(3, 4), 5, 0);
    // clipped to (0.6, 0.8), then 0.1 * 10 is added to the first; moments hold a tenth of that
    expectClose(adam.firstMoments.get('w')!.data, [0.16, 0.08], 'first moment');
    expectClose(adam.secondMoments.get('w')!.data, [0.01 * 1.6 ** 2, 0.01 * 0.8 ** 2], 'second moment');
  });

  it('clips by the norm of all tensors together, and leaves a smaller gradient alone', async () => {
    const weights = new Map([
      ['a', tensor([1])],
      ['b', tensor([1])],
    ]);
    const gradients = new Map([
      ['a', tensor([1], [3])],
      ['b', tensor([1], [4])],
    ]);
    const clipped = new Adam({ ...plain, clipNorm: 2.5 }, weights);
    await clipped.update(weights, gradients, 5, 0);
    expectClose(clipped.firstMoments.get('b')!.data, [0.2], 'half of a tenth of 4');
    const free = new Adam({ ...plain, clipNorm: 6 }, weights);
    await free.update(weights, gradients, 5, 0);
    expectClose(free.firstMoments.get('b')!.data, [0.4], 'a tenth of 4');
  });

  it('gives the same to the last bit when a second thread does half of it', async () => {
    const random = Random.of(1, 'adam');
    const make = (scale: number) =>
      new Map(
        [MANY_WEIGHTS, 3, 70_000, 150_001].map((n, i) => [
          `w${i}`,
          tensor(
            [n],
            Float32Array.from({ length: n }, () => random.normal() * scale),
          ),
        ]),
      );
    const copy = (tensors: ReturnType<typeof make>) =>
      new Map([...tensors].map(([k, t]) => [k, tensor(t.shape, t.data.slice())]));
    const start = make(1);
    const gradients = [make(0.1), make(3)];
    const run = async (threads: number) => {
      const weights = copy(start);
      const adam = new Adam({ ...plain, weightDecay: 0.01, clipNorm: 1 }, weights, threads);
      for (const g of gradients) await adam.update(weights, copy(g), 40, 1e-2);
      await adam.release();
      return { weights: [...weights], first: [...adam.firstMoments], second: [...adam.secondMoments] };
    };
    const [one, two] = [await run(1), await run(2)];
    for (const part of ['weights', 'first', 'second'] as const) {
      for (const [i, [name, t]] of one[part].entries()) {
        expect(two[part][i]![0]).toBe(name);
        expect(Buffer.compare(Buffer.from(two[part][i]![1].data.buffer), Buffer.from(t.data.buffer))).toBe(0);
      }
    }
  });
});
