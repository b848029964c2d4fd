import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { tensor } from '../../core/tensor.ts';
import { Adam, type AdamOptions, globalNorm } from './adam.ts';

const plain: AdamOptions = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-4,
  weightDecay: 0,
  clipNorm: Number.POSITIVE_INFINITY,
};
const named = (...values: number[]) => new Map([['w', tensor([values.length], values)]]);

describe('Adam', () => {
  it('takes two steps as worked out by hand', () => {
    const weights = named(1);
    const adam = new Adam(plain, weights);
    // first step: m = 0.1 * 2 = 0.2, v = 0.01 * 4 = 0.04; unbiased 0.2 / 0.1 = 2 and 0.04 / 0.01 = 4; 1 - 0.1 * 2 / (2 + 1e-4)
    expect(adam.update(weights, named(2), 0.1)).toBe(2);
    expectClose(weights.get('w')!.data, [0.900005], 'first step', { absolute: 1e-7, relative: 0 });
    // second: m = 0.18 - 0.1 = 0.08, v = 0.0396 + 0.01 = 0.0496; unbiased 0.08 / 0.19 and 0.0496 / 0.0199
    adam.update(weights, named(-1), 0.1);
    const second = 0.900005 - (0.1 * (0.08 / 0.19)) / (Math.sqrt(0.0496 / 0.0199) + 1e-4);
    expectClose(weights.get('w')!.data, [second], 'second step', { absolute: 1e-7, relative: 0 });
    expect(adam.steps).toBe(2);
  });

  it('adds the L2 term to the gradient after clipping', () => {
    const weights = named(10, 0);
    const adam = new Adam({ ...plain, weightDecay: 0.1, clipNorm: 1 }, weights);
    expect(adam.update(weights, named(3, 4), 0)).toBe(5);
    // clipped to (0.6, 0.8), then 0.1 * 10 is added to the first; moments hold a tenth of that
    expectClose(adam.firstMoments.get('w')!.data, [0.16, 0.08], 'first moment');
    expectClose(adam.secondMoments.get('w')!.data, [0.01 * 1.6 ** 2, 0.01 * 0.8 ** 2], 'second moment');
  });

  it('clips by the norm of all tensors together, and leaves a smaller gradient alone', () => {
    const weights = new Map([
      ['a', tensor([1])],
      ['b', tensor([1])],
    ]);
    const gradients = new Map([
      ['a', tensor([1], [3])],
      ['b', tensor([1], [4])],
    ]);
    expect(globalNorm(gradients)).toBe(5);
    const clipped = new Adam({ ...plain, clipNorm: 2.5 }, weights);
    clipped.update(weights, gradients, 0);
    expectClose(clipped.firstMoments.get('b')!.data, [0.2], 'half of a tenth of 4');
    const free = new Adam({ ...plain, clipNorm: 6 }, weights);
    free.update(weights, gradients, 0);
    expectClose(free.firstMoments.get('b')!.data, [0.4], 'a tenth of 4');
  });
});
