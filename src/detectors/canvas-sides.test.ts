import { expect, it } from 'vitest';
import { requireSides } from './canvas-sides.ts';

it.each([
  [8, 8, 'such as 32 x 32'],
  [0, 64, 'such as 32 x 64'],
  [100, 64, 'such as 96 x 64'],
  [64, 1e6, 'such as 64 x 16384'],
  [Number.NaN, 64, 'at least 32 and at most 16384'],
  [64.5, 64, 'such as 64 x 64'],
])('a canvas of %d x %d is refused with the least, the most and a near one', (height, width, near) => {
  expect(() => requireSides({ height, width }, 32, { on: 'a flow' })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(near) }),
  );
});

it('a canvas of such multiples is taken', () => {
  for (const [height, width] of [
    [32, 16_384],
    [96, 64],
  ] as const)
    requireSides({ height, width }, 32, { on: 'a flow' });
});
