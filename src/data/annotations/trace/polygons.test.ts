import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitmap } from '../raster/bitmap.ts';
import { fillCocoPolygon } from '../raster/coco-polygon.ts';
import { fillOpencvPolygon } from '../raster/opencv-polygon.ts';
import { fillPillowPolygon } from '../raster/pillow-polygon.ts';
import { polygonsOf } from './polygons.ts';

const fills = { coco: fillCocoPolygon, pillow: fillPillowPolygon, opencv: fillOpencvPolygon } as const;

/** Rows of a picture, '#' for marked. */
function maskOf(...rows: readonly string[]) {
  const data = Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
  return { width: rows[0]!.length, height: rows.length, data };
}

const anyMask = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }), fc.constantFrom(0.1, 0.5, 0.9))
  .chain(([width, height, density]) =>
    fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, data: Uint8Array.from(values, (v) => (v < density ? 1 : 0)) })),
  );

describe.each(['coco', 'pillow', 'opencv'] as const)('polygons by the rule of %s', (rule) => {
  it('give back every mask exactly, with holes, hairlines and pixels that touch at corners', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const bitmap = new Bitmap(mask.width, mask.height);
        for (const points of polygonsOf(mask, rule)) {
          expect(points.length).toBeGreaterThanOrEqual(6);
          fills[rule](bitmap, points);
        }
        expect(bitmap.data).toEqual(mask.data);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an outline', () => {
  const square = maskOf('.....', '.###.', '.###.', '.###.');

  it('runs along the edges of pixels where the lower border is left out, and through pixels elsewhere', () => {
    expect(polygonsOf(square, 'coco')).toEqual([[1, 1, 4, 1, 4, 4, 1, 4]]);
    expect(polygonsOf(square, 'pillow')).toEqual([[1, 1, 3, 1, 3, 3, 1, 3]]);
  });

  it('of a hairline goes there and back, and one of a pixel repeats it', () => {
    expect(polygonsOf(maskOf('####'), 'pillow')).toEqual([[0, 0, 3, 0, 0, 0]]);
    expect(polygonsOf(maskOf('.#'), 'opencv')).toEqual([[1, 0, 1, 0, 1, 0]]);
  });

  it('is one for each piece of a ring, which is cut where its hole begins', () => {
    expect(polygonsOf(maskOf('####', '#..#', '####'), 'coco')).toHaveLength(2);
  });

  it('is a single one for most pieces: rows are the exception', () => {
    const disc = {
      width: 41,
      height: 41,
      data: Uint8Array.from({ length: 1681 }, (_, p) =>
        ((p % 41) - 20) ** 2 + (Math.floor(p / 41) - 20) ** 2 < 380 ? 1 : 0,
      ),
    };
    for (const rule of ['coco', 'pillow', 'opencv'] as const) expect(polygonsOf(disc, rule)).toHaveLength(1);
  });
});
