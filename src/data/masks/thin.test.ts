import { describe, expect, it } from 'vitest';
import { keepThin } from './thin.ts';

const image = { width: 40, height: 40 };
const canvas = { width: 12, shown: { width: 10, height: 10 } };
const mask = (marked: (x: number, y: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 1600 }, (_, i) => (marked(i % 40, Math.floor(i / 40)) ? 1 : 0));

describe('keepThin', () => {
  it('keeps a hairline as one pixel wide, and a single pixel as one', () => {
    const line = keepThin(
      mask((x, y) => x === 17 && y >= 4),
      image,
      new Uint8Array(120),
      canvas,
    );
    expect(line.reduce((a, b) => a + b, 0)).toBe(9);
    for (let y = 1; y < 10; y++) expect(line[y * 12 + 4]).toBe(1);
    const dot = keepThin(
      mask((x, y) => x === 39 && y === 39),
      image,
      new Uint8Array(120),
      canvas,
    );
    expect(dot[9 * 12 + 9]).toBe(1);
    expect(dot.reduce((a, b) => a + b, 0)).toBe(1);
  });

  it('leaves the outline of a wide defect as the half rule has it', () => {
    const fitted = new Uint8Array(120);
    for (let y = 2; y < 5; y++) fitted.fill(1, y * 12 + 2, y * 12 + 5);
    // a pixel more on each side than the canvas pixels that are full
    const wide = mask((x, y) => x >= 7 && x < 21 && y >= 7 && y < 21);
    expect(keepThin(wide, image, fitted, canvas)).toEqual(fitted);
  });
});
