import { expect, it } from 'vitest';
import type { PartImage } from '../../data/part-image.ts';
import { clearlyFrom } from './clearly-defective.ts';
import { keepApart } from './kept-apart.ts';

const known = (label: 'good' | 'defective', ...scores: number[]) => scores.map((score) => ({ label, score }));

it('calls an image clearly defective that scores like most defects, and never one below the threshold', () => {
  const good = known('good', 0.2, 0.3, 0.4);
  expect(clearlyFrom([...good, ...known('defective', 1, 2, 3, 4, 5)], 0.8)).toBe(3);
  expect(clearlyFrom([...good, ...known('defective', 1, 2, 3, 4, 5)], 3.5)).toBe(3.5);
  // with few defects, as far above the threshold as that is above the middle good one
  expect(clearlyFrom([...good, ...known('defective', 1)], 0.8)).toBeCloseTo(1.3, 9);
  expect(clearlyFrom([], 0.8)).toBeCloseTo(1.6, 9);
});

const images = (n: number, perPart = 1): PartImage[] =>
  Array.from({ length: n }, (_, i) => ({
    path: `/${i}`,
    name: `${i}`,
    label: 'good',
    className: 'good',
    partGroup: `part ${Math.floor(i / perPart)}`,
  }));

it('keeps a quarter of the good images apart, whole parts, and more where few are known', () => {
  const few = keepApart(images(16), 20);
  expect([few.learned.length, few.keptApart.length]).toEqual([12, 4]);
  const more = keepApart(images(16), 4);
  expect([more.learned.length, more.keptApart.length]).toEqual([10, 6]);
  const parts = keepApart(images(24, 4), 10);
  const groups = (some: readonly PartImage[]) => new Set(some.map(({ partGroup }) => partGroup));
  expect(parts.keptApart).toHaveLength(4);
  expect([...groups(parts.learned)].filter((g) => groups(parts.keptApart).has(g))).toEqual([]);
  expect(() => keepApart(images(8), 2)).toThrow(/got 2 good calibration images and 8 good new ones, of which 4/);
});
