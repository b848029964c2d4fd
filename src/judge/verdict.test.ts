import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankReason, type Found, verdictOf } from './verdict.ts';

const limits = { threshold: 2, review: 1, sum: false };
const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const map = fc.array(finite, { minLength: 1, maxLength: 40 }).map((values) => Float32Array.from(values));

describe('a verdict', () => {
  it('is refused when any value of the map is not finite, whatever the score and wherever the value stands', () => {
    fc.assert(
      fc.property(map, notFinite, fc.nat(), finite, fc.boolean(), (values, bad, at, score, blank) => {
        values[at % values.length] = bad;
        expect(() => verdictOf({ score, map: values, parts: null }, limits, blank)).toThrow(
          expect.objectContaining({ code: 'SCORE_INVALID' }),
        );
      }),
    );
  });

  it('is refused when the score, or that of one detector of a fusion, is not finite, and when there is no map', () => {
    fc.assert(
      fc.property(map, notFinite, finite, (values, bad, score) => {
        const cases: Found[] = [
          { score: bad, map: values, parts: null },
          { score, map: values, parts: { flow: bad, unet: score } },
          { score, map: values, parts: { flow: score, unet: bad } },
          { score, map: [], parts: null },
        ];
        for (const found of cases)
          expect(() => verdictOf(found, limits, false)).toThrow(expect.objectContaining({ code: 'SCORE_INVALID' }));
      }),
    );
  });

  it('of a picture that shows nothing is REVIEW with a reason, whatever its score', () => {
    fc.assert(
      fc.property(map, finite, (values, score) => {
        const verdict = verdictOf({ score, map: values, parts: null }, limits, true);
        expect(verdict).toEqual({ decision: 'REVIEW', reason: blankReason });
      }),
    );
  });

  it('names what a fusion rests on, and why there is none without a threshold', () => {
    const found = { score: 3, map: [0, 1], parts: { flow: 0.5, unet: 3 } };
    expect(verdictOf(found, limits, false)).toEqual({ decision: 'NG', reason: 'known defect (U-Net)' });
    expect(verdictOf({ ...found, score: 0.5 }, limits, false)).toEqual({ decision: 'OK', reason: null });
    const without = verdictOf(found, { threshold: null, review: null, sum: false }, false);
    expect(without.decision).toBe('REVIEW');
    expect(without.reason).toContain('felfri calibrate');
  });
});
