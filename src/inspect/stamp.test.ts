import { expect, test } from 'vitest';
import type { Image } from '../data/image/raster.ts';
import { linesOf, write } from './letters.ts';
import { stamped } from './stamp.ts';

const black = (width: number, height: number): Image => ({
  width,
  height,
  channels: 3,
  data: new Uint8Array(width * height * 3),
});

/** The dots of an image as text. */
const dots = ({ width, height, data }: Image): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (data[(y * width + x) * 3] === 255 ? '#' : '.')).join(''),
  );

test('writes letters of dots, small ones as capitals, and of a letter at the border what there is room for', () => {
  const image = black(13, 7);
  write(image, 'oKx', { x: 0, y: 0, size: 1, grey: 255 });
  expect(dots(image)).toEqual([
    '.###..#...#.#',
    '#...#.#..#..#',
    '#...#.#.#....',
    '#...#.##.....',
    '#...#.#.#....',
    '#...#.#..#..#',
    '.###..#...#.#',
  ]);
});

test('breaks lines at spaces', () => {
  expect(linesOf('a place is unlike that place', 12)).toEqual(['a place is', 'unlike that', 'place']);
});

const stamp = { decision: 'NG', score: 8.05, threshold: 6.92, review: null, reason: 'a place is odd' } as const;

test('adds a strip below the picture and leaves the picture alone', () => {
  const picture = { ...black(200, 50), data: new Uint8Array(200 * 50 * 3).fill(77) };
  const whole = stamped(picture, stamp, true);
  expect([whole.width, whole.channels]).toEqual([200, 3]);
  expect(whole.height).toBeGreaterThan(50);
  expect(whole.data.subarray(0, picture.data.length)).toEqual(picture.data);
  expect(stamped(picture, { ...stamp, reason: null }, true).height).toBeLessThan(whole.height);
});

test('has the scale only where the colours go by the threshold, and the mark further right for a higher score', () => {
  const picture = black(200, 10);
  expect(stamped(picture, stamp, false).height).toBeLessThan(stamped(picture, stamp, true).height);
  const rightmost = (score: number): number => {
    const { width, data } = stamped(picture, { ...stamp, score }, true);
    const row = 14;
    return Math.max(...Array.from({ length: width }, (_, x) => (data[(row * width + x) * 3] === 255 && data[(row * width + x) * 3 + 2] === 255 ? x : 0))); // biome-ignore format: one line
  };
  expect(rightmost(80)).toBeGreaterThan(rightmost(8.05));
});
