import { expect, it } from 'vitest';
import { areasOf, betterOf, betterWeights, combine } from './combination.ts';

it('combines by the larger or by the sum', () => {
  expect(combine({ flow: 0.5, unet: 2 }, 'larger')).toBe(2);
  expect(combine({ flow: 0.5, unet: 2 }, 'sum')).toBe(2.5);
});

const good = [
  { flow: 1.5, unet: 0.1 },
  { flow: 0.1, unet: 1.5 },
];

it('takes the sum where two half-hearted suspicions make a defect, by AUROC', () => {
  const areas = areasOf([...good, { flow: 1.2, unet: 1.2 }, { flow: 3, unet: 0.2 }], [false, false, true, true]);
  expect(areas).toEqual({ flow: 0.75, unet: 0.5, larger: 0.5, sum: 1 });
  expect(betterOf(areas)).toBe('sum');
});

it('takes the larger where the sum is no better, and where no defect can tell', () => {
  const clear = areasOf([...good, { flow: 4, unet: 4 }], [false, false, true]);
  expect(clear).toMatchObject({ larger: 1, sum: 1 });
  expect(betterOf(clear)).toBe('larger');
  expect(areasOf(good, [false, false])).toBeNull();
  expect(betterOf(null)).toBe('larger');
});

/** Good images that the flow finds odd by turns, and defective ones that the U-Net alone finds. */
const noisy = Array.from({ length: 60 }, (_, i) => ({ flow: (7 * i) % 13, unet: i >= 40 ? 2 + (i % 3) : i % 2 }));

it('all but leaves out a detector that calibration images show to know nothing', () => {
  const defective = noisy.map((_, i) => i >= 40);
  const better = betterWeights(noisy, defective, 'sum');
  expect(better?.weights.title).toBe('the U-Net all but alone');
  expect(better?.area).toBe(1);
});

it('keeps equal weights where no others are clearly better, or too few images could tell', () => {
  const defective = noisy.map((_, i) => i >= 40);
  const both = noisy.map(({ unet }) => ({ flow: unet, unet }));
  expect(betterWeights(both, defective, 'sum')).toBeUndefined();
  expect(betterWeights(noisy.slice(0, 44), defective.slice(0, 44), 'sum')).toBeUndefined();
});
