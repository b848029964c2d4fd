import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { chooseThreshold } from './choose.ts';

const share = fc.integer({ min: 1, max: 99 }).map((x) => x / 100);

describe('good-only', () => {
  const goodOnly = (scores: number[], atMost: number) =>
    chooseThreshold({ kind: 'good-only', atMost }, { labels: scores.map(() => 0), scores }).threshold;

  test('lies above the score of rank ceil((n + 1)(1 - f)), and takes it from good images alone', () => {
    const scores = Array.from({ length: 99 }, (_, i) => 99 - i);
    const threshold = goodOnly(scores, 0.05);
    expect(threshold).toBe(95.25);
    const data = { labels: [...scores.map(() => 0), 1], scores: [...scores, -1000] };
    expect(chooseThreshold({ kind: 'good-only', atMost: 0.05 }, data).threshold).toBe(threshold);
  });

  test.each([
    ['distinct', (random: Random) => random.normal(), 0.08],
    // with six values the bound is kept by a wide margin: ties cannot be split
    ['tied', (random: Random) => random.integer(6), 0],
  ])('keeps its bound on average over calibrations when scores are %s', (_, draw, atLeast) => {
    const random = Random.of(7, 'conformal');
    const rounds = 4000;
    let alarms = 0;
    for (let round = 0; round < rounds; round++) {
      const threshold = goodOnly(
        Array.from({ length: 19 }, () => draw(random)),
        0.1,
      );
      if (draw(random) >= threshold) alarms++;
    }
    const fourStandardErrors = 4 * Math.sqrt((0.1 * 0.9) / rounds);
    expect(alarms / rounds).toBeLessThan(0.1 + fourStandardErrors);
    expect(alarms / rounds).toBeGreaterThanOrEqual(atLeast);
  });

  test('says how many good parts are needed when there are too few, and that many are enough', () => {
    fc.assert(
      fc.property(share, (atMost) => {
        const needed = Math.ceil(1 / atMost - 1 - 1e-9);
        expect(
          Number.isFinite(
            goodOnly(
              Array.from({ length: needed }, (_, i) => i),
              atMost,
            ),
          ),
        ).toBe(true);
        if (needed > 1) {
          expect(() =>
            goodOnly(
              Array.from({ length: needed - 1 }, (_, i) => i),
              atMost,
            ),
          ).toThrow(
            expect.objectContaining({
              code: 'DATASET_TOO_SMALL',
              message: expect.stringContaining(`needs at least ${needed}:`),
            }),
          );
        }
      }),
    );
  });
});
