import { describe, expect, test } from 'vitest';
import { auroc } from '../../../core/auroc.ts';
import { Random } from '../../../core/random.ts';
import { smallestMask } from '../defect-change.ts';
import { DefectDealer, dealDefectiveImages } from '../defect-plan.ts';
import { Link, type LinkDefect, linkDefects } from './link.ts';

const options = { seed: 6, part: 0, images: 4, size: 160, difficulty: 1 };

/** A link with one defect of a class, drawn until one fits. */
function linkWith(className: LinkDefect, part: number): Link {
  const link = new Link({ ...options, part });
  for (let attempt = 0; link.defective === 0; attempt++) link.tryDefect(className, Random.of(9, attempt), 4);
  return link;
}

describe.each(linkDefects)('%s', (className) => {
  test('changes images on their masks and nowhere else, and names those that show it', () => {
    for (const part of [0, 1]) {
      const good = [...new Link({ ...options, part }).images()];
      const link = linkWith(className, part);
      let defective = 0;
      for (const [i, { clean, image, mask, className: named }] of [...link.images()].entries()) {
        const before = good[i]!;
        for (let p = 0; p < mask.length; p++) {
          const same = clean[p] === before.clean[p];
          if (mask[p] === 1 ? same : !same || image[p] !== before.image[p]) {
            throw new Error(`image ${i}, pixel ${p}: mask ${mask[p]}, ${before.clean[p]} became ${clean[p]}`);
          }
        }
        const pixels = mask.reduce((sum, m) => sum + m, 0);
        expect(named).toBe(pixels > 0 ? className : 'good');
        if (pixels > 0) {
          defective++;
          expect(pixels).toBeGreaterThanOrEqual(smallestMask);
        }
      }
      expect(defective).toBe(link.defective);
    }
  });
});

test('equal options give equal pixels; another seed, link or view others', () => {
  const pictures = (seed: number, part: number) =>
    [...new Link({ ...options, seed, part, images: 2, size: 64 }).images()].map(({ image }) => image);
  const [first, second] = pictures(6, 0);
  expect(pictures(6, 0)).toEqual([first, second]);
  for (const other of [second!, pictures(7, 0)[0]!, pictures(6, 1)[0]!]) {
    expect(Buffer.compare(first!, other)).not.toBe(0);
  }
});

test('images are well exposed: hardly a pixel is white', () => {
  for (let part = 0; part < 6; part++) {
    for (const { image } of new Link({ ...options, part, size: 96 }).images()) {
      expect(image.filter((v) => v === 255).length / image.length).toBeLessThan(0.01);
      expect(Math.max(...image)).toBeGreaterThan(70);
    }
  }
});

test('mean brightness does not tell good from defective', () => {
  const links = Array.from({ length: 60 }, (_, i) => i);
  const wanted = dealDefectiveImages(links, { seed: 1, imagesPerPart: 6, defectiveShare: 0.3 });
  const dealer = new DefectDealer(linkDefects);
  const scores: number[] = [];
  const labels: boolean[] = [];
  for (const part of links) {
    const link = new Link({ ...options, seed: 1, part, images: 6, size: 128 });
    dealer.deal(link, wanted.get(part)!, 6, (attempt) => Random.of(1, part, attempt));
    for (const { image, className } of link.images()) {
      scores.push(image.reduce((sum, v) => sum + v, 0));
      labels.push(className !== 'good');
    }
  }
  expect(labels.filter((bad) => bad).length).toBeGreaterThanOrEqual(100);
  const area = auroc(scores, labels);
  expect(Math.max(area, 1 - area)).toBeLessThan(0.6);
});
