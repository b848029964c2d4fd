import { expect, it } from 'vitest';
import { masksBeside } from './beside.ts';

it.each([
  ['d1.png', 'd1_mask.png'],
  ['d1.jpg', 'd1_GT.png'],
  ['d1.png', 'mask_d1.png'],
  ['scratch/d1.png', 'scratch/label-d1.bmp'],
  ['D1.png', 'Mask_d1.png'],
  ['scratch/d1.png', 'scratch/d1.seg.png'],
])('%s has the mask %s beside it', (image, mask) => {
  const { of, masks } = masksBeside([image, mask]);
  expect([[...of], [...masks]]).toEqual([[[image, mask]], [mask]]);
});

it.each([
  ['d1.png', 'mask_d2.png'],
  ['a/d1.png', 'b/mask_d1.png'],
  ['d1.png', 'masked1.png'],
  ['d1.png', 'mask/d1.png'],
])('%s and %s are images both', (one, other) => {
  expect(masksBeside([one, other]).masks.size).toBe(0);
});
