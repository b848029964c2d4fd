import { describe, expect, test } from 'vitest';
import { auroc } from '../../../core/auroc.ts';
import { Random } from '../../../core/random.ts';
import { smallestMask } from '../defect-change.ts';
import { DefectDealer, dealDefectiveImages } from '../defect-plan.ts';
import { Ring } from './ring.ts';
import { type StripDefect, stripDefects } from './strip-defects.ts';

const defects = Object.keys(stripDefects) as StripDefect[];
const options = { seed: 3, part: 0, patches: 6, size: 128, difficulty: 1 };

/** A ring with one defect of a class, drawn until one fits. */
function ringWith(className: StripDefect, part: number, difficulty = 1): Ring {
  const ring = new Ring({ ...options, part, difficulty });
  for (let attempt = 0; ring.defective === 0; attempt++) ring.tryDefect(className, Random.of(7, attempt), 6);
  return ring;
}

describe.each(defects)('a %s', (className) => {
  test('changes the strip on its mask and nowhere else', () => {
    for (const [part, difficulty] of [0.5, 1, 4].entries()) {
      const good = new Ring({ ...options, part, difficulty });
      const bad = ringWith(className, part, difficulty);
      let changed = 0;
      for (const [camera, strip] of bad.strips.entries()) {
        const before = good.strips[camera]!.render();
        const { clean, image, mask } = strip.render();
        // each pixel tells: same noise, so the 8-bit pixels agree wherever the mask says so
        for (let p = 0; p < mask.length; p++) {
          const same = clean[p] === before.clean[p];
          if (mask[p] === 1 ? same : !same || image[p] !== before.image[p]) {
            throw new Error(`camera ${camera}, pixel ${p}: mask ${mask[p]}, ${before.clean[p]} became ${clean[p]}`);
          }
          changed += mask[p]!;
        }
      }
      expect(changed).toBeGreaterThanOrEqual(smallestMask);
    }
  });

  test('makes patches defective that show at least the stated number of its pixels, and leaves the others clear of it', () => {
    for (const { mask, className: named } of ringWith(className, 4).patches()) {
      const pixels = mask.reduce((sum, m) => sum + m, 0);
      expect(named).toBe(pixels > 0 ? className : 'good');
      if (pixels > 0) expect(pixels).toBeGreaterThanOrEqual(smallestMask);
    }
  });
});

test('neighbouring patches show the same half, image and mask', () => {
  const patches = [...ringWith('rust', 1).patches()];
  expect(patches.map((patch) => patch.name)).toEqual([
    ...['outer-00', 'outer-01', 'outer-02'],
    ...['inner-00', 'inner-01', 'inner-02'],
  ]);
  const half = (128 * 128) / 2;
  for (const i of [0, 1, 3, 4]) {
    for (const kind of ['image', 'mask'] as const) {
      expect(Buffer.compare(patches[i]![kind].subarray(half), patches[i + 1]![kind].subarray(0, half))).toBe(0);
    }
  }
});

test('equal options give equal pixels; another seed, ring or camera others', () => {
  const pictures = (seed: number, part: number) =>
    new Ring({ ...options, seed, part }).strips.map((s) => s.render().image);
  const [outer, inner] = pictures(3, 0);
  expect(pictures(3, 0)).toEqual([outer, inner]);
  for (const other of [inner!, pictures(4, 0)[0]!, pictures(3, 1)[0]!])
    expect(Buffer.compare(outer!, other)).not.toBe(0);
});

test('mean brightness does not tell good from defective', () => {
  const rings = Array.from({ length: 40 }, (_, i) => i);
  const wanted = dealDefectiveImages(rings, { seed: 1, imagesPerPart: 6, defectiveShare: 0.3 });
  const dealer = new DefectDealer(defects);
  const scores: number[] = [];
  const labels: boolean[] = [];
  for (const part of rings) {
    const ring = new Ring({ ...options, seed: 1, part });
    dealer.deal(ring, wanted.get(part)!, 6, (attempt) => Random.of(1, part, attempt));
    for (const { image, className } of ring.patches()) {
      scores.push(image.reduce((sum, v) => sum + v, 0));
      labels.push(className !== 'good');
    }
  }
  expect(labels.filter((bad) => bad)).toHaveLength(72);
  const area = auroc(scores, labels);
  expect(Math.max(area, 1 - area)).toBeLessThan(0.6);
});
