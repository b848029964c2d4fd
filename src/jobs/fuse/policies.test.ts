import { describe, expect, it } from 'vitest';
import { fusedPolicies } from './policies.ts';

const blankOf = (policy: 'review' | 'judge', told: boolean) => ({
  blankPictures: { policy, told, blankGood: 0, good: 9 },
});
const sizesOf = (policy: 'review' | 'judge', told: boolean) => {
  const span = { least: 64, most: 64 };
  return { pictureSizes: { policy, told, images: 9, height: span, width: span, proportion: { least: 1, most: 1 } } };
};

describe('fusedPolicies', () => {
  it.each([
    // of one, of the other, what the fusion is told
    ['review', false, 'review', false, undefined],
    ['judge', false, 'judge', false, undefined],
    ['judge', false, 'review', false, 'review'],
    ['judge', true, 'review', false, 'review'],
    ['judge', true, 'review', true, 'review'],
    ['review', true, 'review', false, 'review'],
    ['judge', true, 'judge', false, 'judge'],
    ['judge', true, 'judge', true, 'judge'],
  ] as const)(
    'judges only what both judge: %s (told: %s) and %s (told: %s) give %s',
    (one, told, other, also, fused) => {
      for (const [a, b] of [
        [blankOf(one, told), blankOf(other, also)],
        [blankOf(other, also), blankOf(one, told)],
      ])
        expect(fusedPolicies(a!, b!)).toEqual(fused ? { blank: fused } : {});
      expect(fusedPolicies(sizesOf(one, told), sizesOf(other, also))).toEqual(fused ? { otherSizes: fused } : {});
    },
  );

  it('leaves it to the other one where a bundle is of before there was a policy', () => {
    expect(fusedPolicies({}, {})).toEqual({});
    expect(fusedPolicies({}, sizesOf('judge', true))).toEqual({ otherSizes: 'judge' });
    expect(fusedPolicies(blankOf('review', true), {})).toEqual({ blank: 'review' });
  });
});
