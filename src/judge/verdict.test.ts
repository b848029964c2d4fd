import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { picturesSizes } from './picture-size.ts';
import { blankReason, type Found, isOfPicture, type Picture, verdictOf } from './verdict.ts';

const limits = { threshold: 2, review: 1, sum: false };
const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const map = fc.array(finite, { minLength: 1, maxLength: 40 }).map((values) => Float32Array.from(values));

const plain: Picture = {
  width: 96,
  height: 64,
  blank: false,
  sizes: picturesSizes([{ width: 96, height: 64 }]),
  frame: { found: { flat: 0.1, repeated: 0 }, learned: { flat: 0.05, repeated: 0.02 } },
};

describe('a verdict', () => {
  it('is refused when any value of the map is not finite, whatever the score and wherever the value stands', () => {
    fc.assert(
      fc.property(map, notFinite, fc.nat(), finite, fc.boolean(), (values, bad, at, score, blank) => {
        values[at % values.length] = bad;
        expect(() => verdictOf({ score, map: values, parts: null }, limits, { ...plain, blank })).toThrow(
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
          expect(() => verdictOf(found, limits, plain)).toThrow(expect.objectContaining({ code: 'SCORE_INVALID' }));
      }),
    );
  });

  it('of a picture that shows nothing is REVIEW with a reason, whatever its score', () => {
    fc.assert(
      fc.property(map, finite, (values, score) => {
        const verdict = verdictOf({ score, map: values, parts: null }, limits, { ...plain, blank: true });
        expect(verdict).toEqual({ decision: 'REVIEW', reason: blankReason });
      }),
    );
  });

  it('of a picture of quite another size is REVIEW with a reason, whatever its score, and else what the score says', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(map, finite, side, side, (values, score, width, height) => {
        const found = { score, map: values, parts: null };
        const { decision, reason } = verdictOf(found, limits, { ...plain, width, height });
        const isAlike = width >= 64 && width <= 192 && height * 1.5 >= 64 && height <= 128;
        if (isAlike && Math.abs(Math.log(width / height / 1.5)) < Math.log(1.1))
          expect(isOfPicture(reason)).toBe(false);
        else expect([decision, isOfPicture(reason)]).toEqual(['REVIEW', true]);
        const anySize = verdictOf(found, limits, { ...plain, width, height, sizes: null });
        expect(isOfPicture(anySize.reason)).toBe(false);
      }),
    );
  });

  it('is REVIEW where more lines are missing than in good pictures, by a tenth of all, whatever the score', () => {
    const { learned } = plain.frame!;
    fc.assert(
      fc.property(
        map,
        finite,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (values, score, share, flat) => {
          const found = { flat: flat ? share : 0, repeated: flat ? 0 : share };
          const { decision, reason } = verdictOf({ score, map: values, parts: null }, limits, {
            ...plain,
            frame: { found, learned },
          });
          const missing = share > (flat ? 0.05 : 0.02) + 0.1;
          expect(isOfPicture(reason)).toBe(missing);
          if (missing) expect(decision).toBe('REVIEW');
        },
      ),
    );
    const found = { flat: 0.25, repeated: 0 };
    const clean = { score: 0, map: [0], parts: null };
    expect(verdictOf(clean, limits, { ...plain, frame: { found, learned } }).reason).toBe(
      'part of the picture is missing: 25 % of its lines are of one value, and 5 % at most in good pictures',
    );
    expect(verdictOf(clean, limits, { ...plain, frame: null }).decision).toBe('OK');
  });

  it('names what a fusion rests on, and why there is none without a threshold', () => {
    const found = { score: 3, map: [0, 1], parts: { flow: 0.5, unet: 3 } };
    expect(verdictOf(found, limits, plain)).toEqual({ decision: 'NG', reason: 'known defect (U-Net)' });
    expect(verdictOf({ ...found, score: 0.5 }, limits, plain)).toEqual({ decision: 'OK', reason: null });
    const without = verdictOf(found, { threshold: null, review: null, sum: false }, plain);
    expect(without.decision).toBe('REVIEW');
    expect(without.reason).toContain('felfri calibrate');
  });
});
