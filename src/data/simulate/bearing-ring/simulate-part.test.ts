import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc } from '../../../core/auroc.ts';
import { maskThreshold, type SimulatedClass, simulatedClasses, simulatePart } from './simulate-part.ts';

const defects = simulatedClasses.filter((name) => name !== 'good');
const anyDefect = fc.constantFrom(...defects);
const anyIndex = fc.integer({ min: 0, max: 500 });

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

test('equal seeds and options give equal pixels, other seeds, parts and images give others', () => {
  const options = { part: 3, image: 2, width: 96, className: 'scratch' } as const;
  const first = simulatePart(5, options);
  expect(simulatePart(5, options)).toEqual(first);
  for (const other of [
    simulatePart(6, options),
    simulatePart(5, { ...options, part: 4 }),
    simulatePart(5, { ...options, image: 3 }),
  ]) {
    expect(Buffer.compare(other.image, first.image)).not.toBe(0);
  }
});

test('a defect changes the picture where its mask is, and elsewhere by no more than the threshold', () => {
  fc.assert(
    fc.property(anyIndex, anyIndex, anyDefect, (seed, part, className) => {
      const good = simulatePart(seed, { part, width: 128, height: 96 });
      const bad = simulatePart(seed, { part, width: 128, height: 96, className });
      // single precision rounds the sum of picture and change
      const slack = 1e-3;
      for (let p = 0; p < bad.mask.length; p++) {
        const change = Math.abs(bad.clean[p]! - good.clean[p]!);
        if (bad.mask[p] === 1 ? change <= maskThreshold - slack : change > maskThreshold + slack) return false;
      }
      return true;
    }),
    { numRuns: 20 },
  );
});

test('a good image has an empty mask, a defective one never, however hard', () => {
  fc.assert(
    fc.property(anyIndex, anyDefect, fc.constantFrom(0.25, 1, 4), (seed, className, difficulty) => {
      const size = { width: 64, height: 64, difficulty };
      expect(simulatePart(seed, size).mask.some((m) => m !== 0)).toBe(false);
      const { mask } = simulatePart(seed, { ...size, className });
      const area = mask.reduce((sum, m) => sum + m, 0);
      expect(area).toBeGreaterThanOrEqual(12);
      expect(mask.every((m) => m === 0 || m === 1)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('images are well exposed: hardly a pixel at either end of the range', () => {
  for (let part = 0; part < 10; part++) {
    const { image } = simulatePart(1, { part, className: part % 2 === 0 ? 'good' : 'rust' });
    const atTheEnds = image.filter((v) => v === 0 || v === 255).length;
    expect(atTheEnds / image.length).toBeLessThan(0.005);
    expect(meanOf(image)).toBeGreaterThan(60);
    expect(meanOf(image)).toBeLessThan(200);
  }
});

test('mean brightness does not tell good from defective', () => {
  const labels: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < 120; i++) {
    const className = i % 2 === 0 ? 'good' : defects[Math.floor(i / 2) % defects.length]!;
    const { image } = simulatePart(2, { part: Math.floor(i / 6), image: i % 6, width: 128, className });
    labels.push(className === 'good' ? 0 : 1);
    scores.push(meanOf(image));
  }
  const area = auroc(scores, labels);
  expect(Math.max(area, 1 - area)).toBeLessThan(0.6);
});

/** Mean, standard deviation, and mean squared steps along and across, in grey values: a crude description of a texture. */
function describe({ image, width }: { image: Uint8Array; width: number }): number[] {
  const mean = meanOf(image);
  let variance = 0;
  let across = 0;
  let along = 0;
  let diagonal = 0;
  for (let p = width + 1; p < image.length; p++) {
    variance += (image[p]! - mean) ** 2;
    across += (image[p]! - image[p - 1]!) ** 2;
    along += (image[p]! - image[p - width]!) ** 2;
    diagonal += (image[p]! - image[p - width - 1]!) ** 2;
  }
  return [mean, variance, across, along, diagonal].map((v, i) => Math.log(i === 0 ? v : v / image.length));
}

test('images of one part look more alike than images of different parts', () => {
  const parts = 12;
  const described = Array.from({ length: parts }, (_, part) =>
    [0, 1].map((image) => describe(simulatePart(4, { part, image, width: 128 }))),
  );
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((v, i) => v - b[i]!));
  let nearest = 0;
  for (const [part, [first]] of described.entries()) {
    const distances = described.map(([, second]) => distance(first!, second!));
    if (distances.indexOf(Math.min(...distances)) === part) nearest++;
  }
  // by chance one part in twelve would find its own
  expect(nearest).toBeGreaterThanOrEqual(8);
});

test('grooves have a direction: steps along them are smaller than steps across', () => {
  for (let part = 0; part < 8; part++) {
    const [, , across, along, diagonal] = describe(simulatePart(9, { part }));
    const { image, width } = simulatePart(9, { part });
    let otherDiagonal = 0;
    for (let p = width; p < image.length - 1; p++) otherDiagonal += (image[p]! - image[p - width + 1]!) ** 2;
    const steps = [across!, along!, diagonal!, Math.log(otherDiagonal / image.length)];
    expect(Math.max(...steps) - Math.min(...steps)).toBeGreaterThan(0.3);
  }
});

test('illegal options are refused by name', () => {
  for (const [option, value] of [
    ['width', 31],
    ['height', 64.5],
    ['difficulty', 0],
    ['difficulty', Number.NaN],
    ['className', 'crack' as SimulatedClass],
  ] as const) {
    expect(() => simulatePart(1, { [option]: value })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', subject: option }),
    );
  }
});
