import { describe, expect, it } from 'vitest';
import type { Canvas } from '../../train/canvas.ts';
import { bySizes, byTrials, suitableCanvases } from './canvases.ts';

const asked = { unit: 64, bytesPerPixel: 100 };
const all = (width: number, height: number) => Array.from({ length: 9 }, () => ({ width, height }));
const sides = (canvases: readonly Canvas[]) => canvases.map(({ height, width }) => [height, width]);

describe('the canvases that suit images', () => {
  it('are one of 256 x 256 for small images about as wide as high', () => {
    expect(sides(suitableCanvases(all(256, 256), asked))).toEqual([[256, 256]]);
    expect(sides(suitableCanvases(all(300, 250), asked))).toEqual([[256, 256]]);
    expect(sides(suitableCanvases([], asked))).toEqual([[256, 256]]);
  });

  it('have the proportions of elongated images, and more pixels as far as these have them', () => {
    expect(sides(suitableCanvases(all(1240, 500), asked))).toEqual([
      [192, 384],
      [256, 640],
      [384, 960],
    ]);
    expect(sides(suitableCanvases(all(256, 640), asked))).toEqual([
      [384, 192],
      [640, 256],
    ]);
  });

  it('are square for images of many proportions, which are stretched', () => {
    const mixed = Array.from({ length: 20 }, (_, i) => ({ width: 100 + 25 * i, height: 200 }));
    expect(sides(suitableCanvases(mixed, asked))).toEqual([[256, 256]]);
  });

  it('stay small where there are too many images to hold larger maps in memory', () => {
    expect(sides(suitableCanvases(all(1240, 500), { unit: 64, bytesPerPixel: 1e5 }))).toEqual([[192, 384]]);
  });
});

const small: Canvas = { height: 192, width: 384, fit: 'stretch' };
const large: Canvas = { height: 256, width: 640, fit: 'stretch' };
const defective = Array.from({ length: 40 }, (_, i) => i >= 20);
const telling = (share: number) => defective.map((bad, i) => (bad && i % 10 < 10 * share ? 100 : 0) + (i % 20));

describe('the canvas that is taken', () => {
  it('is the larger one where calibration images show that it finds more, and says what that costs', () => {
    const { canvas, statement } = byTrials(
      [
        { canvas: small, scores: telling(0.2) },
        { canvas: large, scores: telling(0.9) },
      ],
      defective,
      'calibration part',
    );
    expect(canvas).toEqual(large);
    expect(statement).toMatch(/^Canvas 256 x 640, with about 2\.2 times the time for a decision \(--size 192x384 /);
  });

  it('is the smallest where a larger one gains little', () => {
    const trials = [
      { canvas: small, scores: telling(0.9) },
      { canvas: large, scores: telling(0.9) },
    ];
    expect(byTrials(trials, defective, 'calibration part').canvas).toEqual(small);
  });

  it('is by the sizes where there is nothing to try on: larger where much would be lost', () => {
    expect(bySizes([small, large], all(640, 256)).canvas).toEqual(small);
    expect(bySizes([small, large], all(1920, 768)).canvas).toEqual(large);
    expect(bySizes([small], all(640, 256)).statement).toBe('Canvas 192 x 384, by the sizes of the images.');
  });
});
