/** Every pixel that LabelMe, pycocotools and OpenCV set for hundreds of drawn shapes (test/golden/make-annotation-masks.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bitmap } from './bitmap.ts';
import { fillCocoPolygon } from './coco-polygon.ts';
import { fillOpencvEllipse } from './opencv-ellipse.ts';
import { fillOpencvPolygon } from './opencv-polygon.ts';
import { fillPillowEllipse } from './pillow-ellipse.ts';
import { drawPillowLine, fillPillowPolygon, fillPillowRectangle } from './pillow-polygon.ts';

interface Case {
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly runs: readonly number[];
  readonly points: readonly number[];
  readonly box: readonly [number, number, number, number];
  readonly ellipse: readonly [number, number, number, number, number];
}

const file = new URL('../../../../test/golden/annotation_masks.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

const painters: Readonly<Record<string, (bitmap: Bitmap, given: Case) => void>> = {
  'pillow-polygon': (bitmap, { points }) => fillPillowPolygon(bitmap, points),
  'pillow-line': (bitmap, { points }) => drawPillowLine(bitmap, points, 10),
  'pillow-rectangle': (bitmap, { points }) => fillPillowRectangle(bitmap, points),
  'pillow-circle': (bitmap, { points: [x, y, rimX, rimY] }) => {
    const r = Math.sqrt((x! - rimX!) ** 2 + (y! - rimY!) ** 2);
    fillPillowEllipse(bitmap, x! - r, y! - r, x! + r, y! + r);
  },
  'pillow-point': (bitmap, { points: [x, y] }) => fillPillowEllipse(bitmap, x! - 5, y! - 5, x! + 5, y! + 5),
  'coco-polygon': (bitmap, { points }) => fillCocoPolygon(bitmap, points),
  'coco-box': (bitmap, { box: [x, y, w, h] }) => fillCocoPolygon(bitmap, [x, y, x, y + h, x + w, y + h, x + w, y]),
  'opencv-polygon': (bitmap, { points }) => fillOpencvPolygon(bitmap, points),
  'opencv-ellipse': (bitmap, { ellipse }) => fillOpencvEllipse(bitmap, ...ellipse),
};

function runsOf(data: Uint8Array): number[] {
  const runs: number[] = [];
  let [value, length] = [0, 0];
  for (const v of data) {
    if (v !== value) {
      runs.push(length);
      [value, length] = [v, 0];
    }
    length++;
  }
  return [...runs, length];
}

describe('the rule of', () => {
  it.each(Object.keys(painters))('%s is kept pixel for pixel', (kind) => {
    const given = cases.filter((c) => c.kind === kind);
    expect(given.length).toBeGreaterThan(50);
    const wrong = given.filter((c) => {
      const bitmap = new Bitmap(c.width, c.height);
      painters[kind]!(bitmap, c);
      return runsOf(bitmap.data).join() !== c.runs.join();
    });
    expect(wrong).toEqual([]);
  });
});
