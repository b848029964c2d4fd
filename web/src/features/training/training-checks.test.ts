import { expect, it } from 'vitest';
import { trainingChecks } from './training-checks.ts';

const counts = (good: number, defective: number, masks: number, unlabelled = 0) => ({
  good,
  defective,
  masks,
  unlabelled,
});
const refused = (...asked: Parameters<typeof trainingChecks>) => trainingChecks(...asked).some((one) => one.refused);

it('refuses what would fail, and only that', () => {
  expect(refused({ counts: counts(0, 5, 5), needsMasks: false, syntheticOnly: false })).toBe(true);
  expect(refused({ counts: counts(30, 1, 1), needsMasks: true, syntheticOnly: false })).toBe(true);
  expect(refused({ counts: counts(30, 0, 0), needsMasks: true, syntheticOnly: true })).toBe(false);
  expect(refused({ counts: counts(30, 0, 0), needsMasks: false, syntheticOnly: false })).toBe(false);
  expect(refused({ counts: counts(30, 5, 5), needsMasks: true, syntheticOnly: false })).toBe(false);
});

it('says what to expect of few images, and nothing where there is nothing to say', () => {
  const texts = (good: number, defective: number, masks: number, unlabelled: number) =>
    trainingChecks({ counts: counts(good, defective, masks, unlabelled), needsMasks: true, syntheticOnly: false }).map(
      ({ text }) => text,
    );
  expect(texts(12, 9, 6, 2)).toEqual([
    '12 good images are few; 20 are enough to try.',
    '3 defective images have no mask; they judge, and are not learned from.',
    '2 images are not labelled and take no part.',
  ]);
  expect(texts(200, 9, 9, 0)).toEqual([]);
});
