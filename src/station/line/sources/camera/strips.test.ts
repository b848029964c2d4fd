/** Strips of a line-scan camera: which patches cover a part, and what is no part. */
import { expect, it } from 'vitest';
import { patchStarts, Strips } from './strips.ts';

it.each([
  [1000, 400, 100, [0, 300, 600]],
  [1100, 400, 50, [0, 350, 700]],
  [1000, 400, 0, [0, 400, 600]],
  [400, 400, 100, [0]],
  [300, 400, 100, [0]],
  [500, 0, 0, [0]],
])('%i lines by %i with %i shared begin at %j', (all, patch, overlap, starts) => {
  expect(patchStarts(all, patch, overlap)).toEqual(starts);
});

it('covers each line, and each defect that is no longer than the overlap is whole in one patch', () => {
  for (const [all, patch, overlap] of [[1000, 128, 32], [777, 100, 40], [513, 512, 10]] as const) // biome-ignore format: one line
    for (let start = 0; start + overlap <= all; start++)
      expect(patchStarts(all, patch, overlap).some((at) => at <= start && start + overlap <= at + patch)).toBe(true);
});

const meta = (id: number) => ({ id, at: 0, stampMillis: null, about: '' });
const strip = (width: number, value: number) =>
  new Uint8Array(Buffer.concat([Buffer.from(`P5\n${width} 2\n255\n`), Buffer.alloc(2 * width, value)]));
const settings = { partLines: 6, patchLines: 4, patchOverlap: 2 };

it('joins strips in order and cuts them', () => {
  const strips = new Strips(settings);
  expect(strips.add(strip(3, 1), meta(5))).toBeNull();
  expect(strips.add(strip(3, 2), meta(6))).toBeNull();
  const patches = strips.add(strip(3, 3), meta(7))!;
  expect(patches.map((patch) => Buffer.from(patch).toString('latin1'))).toEqual([
    `P5\n3 4\n255\n${'\x01'.repeat(6)}${'\x02'.repeat(6)}`,
    `P5\n3 4\n255\n${'\x02'.repeat(6)}${'\x03'.repeat(6)}`,
  ]);
  expect(strips.isEmpty).toBe(true);
});

it.each([
  ['a strip that is missing', strip(3, 2), 7],
  ['a strip of another width', strip(4, 2), 6],
  ['a strip that is not whole', strip(3, 2).subarray(0, 14), 6],
  ['what is no frame', new Uint8Array(20), 6],
])('makes no part of %s, and begins anew', (_, second, id) => {
  const strips = new Strips(settings);
  strips.add(strip(3, 1), meta(5));
  expect(() => strips.add(new Uint8Array(second), meta(id))).toThrow(expect.objectContaining({ code: 'IMAGE_FRAME' }));
  expect(strips.isEmpty).toBe(true);
});
