import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../../src/data/image/decode.ts';
import { greyPng } from './grey-png.ts';
import { MaskDrawing, type Point } from './mask-drawing.ts';
import { fitted, imagePoint, zoomed } from './viewport.ts';

function pixels(mask: MaskDrawing): number[] {
  const all: number[] = [];
  const row = new Uint8Array(mask.width);
  for (let y = 0; y < mask.height; y++) {
    mask.readRow(y, row);
    all.push(...row);
  }
  return all;
}

const count = (mask: MaskDrawing): number => pixels(mask).filter(Boolean).length;

const point = (side: number) =>
  fc.record({ x: fc.double({ min: -20, max: side, noNaN: true }), y: fc.double({ min: -20, max: side, noNaN: true }) });

/** Distance of a point from a segment. */
function distance({ x, y }: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
}

describe('a drawn mask', () => {
  it('has the pixels whose centres a round brush passes over, over the borders of tiles too', () => {
    fc.assert(
      fc.property(point(300), point(300), fc.integer({ min: 1, max: 60 }), (a, b, diameter) => {
        const mask = new MaskDrawing(280, 270);
        mask.stroke(a, b, diameter, 1);
        const [from, to] = [a, b].map(({ x, y }) => ({ x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5 }));
        for (let i = 0; i < 400; i++) {
          const [x, y] = [(i * 7919) % 280, (i * 104729) % 270];
          const d = distance({ x: x + 0.5, y: y + 0.5 }, from!, to!);
          if (Math.abs(d - diameter / 2) > 1e-6) expect(mask.at(x, y)).toBe(d < diameter / 2 ? 1 : 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has one pixel at the finest brush, and a polygon by the even-odd rule', () => {
    const mask = new MaskDrawing(300, 300);
    mask.stroke({ x: 255.9, y: 256.1 }, { x: 255.9, y: 256.1 }, 1, 1);
    expect([count(mask), mask.at(255, 256)]).toEqual([1, 1]);
    mask.clear();
    expect(mask.empty).toBe(true);
    const square = [
      { x: 10, y: 10 },
      { x: 290, y: 10 },
      { x: 290, y: 290 },
      { x: 10, y: 290 },
    ];
    mask.polygon(square, 1);
    expect(count(mask)).toBe(280 * 280);
    mask.polygon(
      [
        { x: 0, y: 0 },
        { x: 300, y: 0 },
        { x: 0, y: 300 },
      ],
      0,
    );
    expect([mask.at(20, 20), mask.at(280, 280), mask.at(150, 160)]).toEqual([0, 1, 1]);
  });

  it('goes back and forth through its steps, whatever they were', () => {
    const step = fc.record({
      a: point(600),
      b: point(600),
      diameter: fc.integer({ min: 1, max: 200 }),
      value: fc.constantFrom(0 as const, 1 as const),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const mask = new MaskDrawing(520, 300);
        const states = [pixels(mask).join('')];
        let changes = 0;
        for (const { a, b, diameter, value } of steps) {
          mask.begin();
          const changed = mask.stroke(a, b, diameter, value);
          mask.commit();
          if (changed.size === 0) continue;
          changes++;
          states.push(pixels(mask).join(''));
        }
        for (let i = changes; i > 0; i--) {
          mask.undo();
          expect(pixels(mask).join('') === states[i - 1]).toBe(true);
        }
        expect([mask.canUndo, mask.empty]).toEqual([false, true]);
        for (let i = 0; i < changes; i++) mask.redo();
        expect(pixels(mask).join('') === states[changes]).toBe(true);
        expect(mask.canRedo).toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  it('touches few tiles of a large image, and a new stroke forgets what was taken back', () => {
    const mask = new MaskDrawing(5472, 3648);
    mask.begin();
    expect(mask.stroke({ x: 3000, y: 2000 }, { x: 3040, y: 2010 }, 30, 1).size).toBeLessThanOrEqual(4);
    mask.commit();
    mask.undo();
    mask.begin();
    mask.stroke({ x: 1, y: 1 }, { x: 2, y: 2 }, 3, 1);
    mask.commit();
    expect(mask.canRedo).toBe(false);
  });

  it('becomes an 8-bit grey PNG that decodes to its pixels', async () => {
    const mask = new MaskDrawing(300, 70);
    mask.stroke({ x: 10, y: 10 }, { x: 290, y: 60 }, 13, 1);
    const png = await greyPng(300, 70, (y, row) => mask.readRow(y, row));
    const { data, ...size } = await decodeImage(new Uint8Array(await png.arrayBuffer()), 'mask', { channels: 1 });
    expect(size).toEqual({ width: 300, height: 70, channels: 1 });
    expect([...data]).toEqual(pixels(mask));
  });
});

describe('a viewport', () => {
  const image = { width: 5472, height: 3648 };
  const stage = { width: 900, height: 700 };

  it('shows the whole image at first, and keeps what is under the pointer there', () => {
    const start = fitted(image, stage);
    const corner = imagePoint(start, { x: stage.width, y: stage.height });
    expect(corner.x).toBeGreaterThan(image.width);
    const at = { x: 123, y: 456 };
    let view = start;
    for (const factor of [1.5, 1.5, 0.7, 3]) {
      view = zoomed(view, factor, at, image, stage);
      expect(imagePoint(view, at).x).toBeCloseTo(imagePoint(start, at).x, 6);
      expect(imagePoint(view, at).y).toBeCloseTo(imagePoint(start, at).y, 6);
    }
    expect(zoomed(view, 1e9, at, image, stage).scale).toBe(32);
    expect(zoomed(view, 1e-9, at, image, stage).scale).toBeCloseTo(start.scale / 2, 9);
  });
});
