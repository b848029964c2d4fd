import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reasonFor } from './reason.ts';

const unet = 'known defect (U-Net)';
const flow = 'unlike good parts (flow)';
const larger = { limit: 2, sum: false };

test('names who reaches the threshold, where the larger decides', () => {
  expect(reasonFor({ flow: 1.9, unet: 2 }, 'NG', larger)).toBe(unet);
  expect(reasonFor({ flow: 2.5, unet: 0 }, 'REVIEW', larger)).toBe(flow);
  expect(reasonFor({ flow: 2.5, unet: 2.1 }, 'NG', larger)).toBe(`${unet} and ${flow}`);
});

test('names who gives at least half of the threshold, where both add up', () => {
  const sum = { limit: 2, sum: true };
  expect(reasonFor({ flow: 1.9, unet: 0.9 }, 'NG', sum)).toBe(flow);
  expect(reasonFor({ flow: 1.1, unet: 1 }, 'NG', sum)).toBe(`${unet} and ${flow}`);
});

test('has none for OK, nor without a threshold', () => {
  expect(reasonFor({ flow: 1, unet: 1 }, 'OK', larger)).toBeNull();
  expect(reasonFor({ flow: 1, unet: 1 }, 'REVIEW', { limit: null, sum: true })).toBeNull();
});

test('always names somebody when the threshold is reached, whatever the rounding', () => {
  const score = fc.double({ min: 0, max: 20, noNaN: true });
  fc.assert(
    fc.property(score, score, fc.boolean(), (a, b, sum) => {
      const limit = Math.fround(sum ? a + b : Math.max(a, b));
      expect(reasonFor({ flow: a, unet: b }, 'NG', { limit, sum })).not.toBe('');
    }),
  );
});
