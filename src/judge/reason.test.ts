import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reasonFor, reasonOfViews, type ViewScore, viewWords } from './reason.ts';

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

test('says what makes up a score of several views, by its share and in words', () => {
  const views: ViewScore[] = [
    { view: 'flow', rarity: 4, weight: 0.25 },
    { view: 'place', rarity: 0.6, weight: 0.5 },
    { view: 'whole', rarity: 10.8, weight: 0.25 },
  ];
  const said = `${viewWords.whole} (68 % of the score); ${viewWords.flow} (25 % of the score)`;
  expect(reasonOfViews(views, 'NG', 2)).toBe(said);
  expect(reasonOfViews(views, 'REVIEW', 9)).toBe(said);
  expect(reasonOfViews(views, 'OK', 9)).toBeNull();
});

test('always names a view, whatever each says', () => {
  const number = fc.double({ min: 0, max: 50, noNaN: true });
  fc.assert(
    fc.property(number, number, number, (flow, place, whole) => {
      const views = Object.entries({ flow, place, whole }).map(([view, rarity]) => ({ view, rarity, weight: 1 / 3 }));
      expect(reasonOfViews(views as ViewScore[], 'NG', 1)).toMatch(/good parts \(\d+ % of the score\)/);
    }),
  );
});

test('asks whether it is such a part at all where every view is far out', () => {
  const of = (flow: number, place: number, whole: number): string | null =>
    reasonOfViews(
      [
        { view: 'flow', rarity: flow, weight: 0.25 },
        { view: 'place', rarity: place, weight: 0.5 },
        { view: 'whole', rarity: whole, weight: 0.25 },
      ],
      'NG',
      1.48,
    );
  // a link inspected by the recipe of rings, and the ring with the largest of the defects (docs/heat-maps.md)
  expect(of(219, 240, 143)).toMatch(/^unlike anything learned \(another product/);
  expect(of(60.3, 185.55, 41.38)).not.toContain('unlike anything learned');
});
