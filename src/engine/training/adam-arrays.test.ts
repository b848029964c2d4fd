import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type AdamArrays, updateArrays } from './adam-arrays.ts';
import type { UpdateRule } from './adam-rule.ts';

const rule: UpdateRule = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-4,
  weightDecay: 1e-2,
  scale: 0.37,
  stepSize: 2e-2,
  correction: 1.3,
};

/** What the update is, number by number in double precision. */
function bySteps({ weight, gradient, first, second }: AdamArrays): Record<'weight' | 'first' | 'second', number[]> {
  const change = [...gradient].map((g, i) => g * rule.scale + rule.weightDecay * weight[i]!);
  const m = [...first].map((v, i) => rule.beta1 * v + (1 - rule.beta1) * change[i]!);
  const v = [...second].map((x, i) => rule.beta2 * x + (1 - rule.beta2) * change[i]! ** 2);
  const moved = [...weight].map(
    (w, i) => w - (rule.stepSize * m[i]!) / (Math.sqrt(v[i]!) * rule.correction + rule.epsilon),
  );
  return { weight: moved, first: m, second: v };
}

it('is Adam for arrays of any length, and leaves what lies around them alone', () => {
  // block boundaries and remainders of four
  const lengths = fc.oneof(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 2040, max: 2060 }),
    fc.integer({ min: 4090, max: 4105 }),
  );
  fc.assert(
    fc.property(lengths, fc.integer(), (length, seed) => {
      const random = Random.of(seed, 'adam');
      const around = Array.from({ length: 4 }, (_, k) =>
        Float32Array.from({ length: length + 2 }, () => (k === 3 ? random.next() : random.normal())),
      );
      const before = around.map((a) => a.slice());
      const [weight, gradient, first, second] = around.map((a) => a.subarray(1, length + 1)) as [
        Float32Array<ArrayBuffer>,
        Float32Array<ArrayBuffer>,
        Float32Array<ArrayBuffer>,
        Float32Array<ArrayBuffer>,
      ];
      const wanted = bySteps({ weight, gradient, first, second });
      updateArrays({ weight, gradient, first, second }, rule);
      expectClose(weight, wanted.weight, 'weight', { absolute: 1e-6, relative: 1e-6 });
      expectClose(first, wanted.first, 'first', { absolute: 1e-6, relative: 1e-6 });
      expectClose(second, wanted.second, 'second', { absolute: 1e-6, relative: 1e-6 });
      expect(gradient).toEqual(before[1]!.subarray(1, length + 1));
      for (const [k, a] of around.entries())
        expect([a[0], a[length + 1]]).toEqual([before[k]![0], before[k]![length + 1]]);
    }),
    { numRuns: 60 },
  );
});

it('keeps a number that is none, so that the step after it tells', () => {
  const arrays = {
    weight: Float32Array.of(1, 2),
    gradient: Float32Array.of(Number.NaN, 0),
    first: new Float32Array(2),
    second: new Float32Array(2),
  };
  updateArrays(arrays, rule);
  expect(arrays.weight[0]).toBeNaN();
  expect(arrays.weight[1]).toBeLessThan(2);
});
