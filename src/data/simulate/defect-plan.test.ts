import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { DefectDealer, dealDefectiveImages, foldOfPart, simulatedFolds } from './defect-plan.ts';

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

test('the share of defective images is met to the image, and no part gets more than it has', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, parts, imagesPerPart, defectiveShare) => {
        const dealt = dealDefectiveImages(numbers(parts), { seed, imagesPerPart, defectiveShare });
        const total = [...dealt.values()].reduce((sum, n) => sum + n, 0);
        expect(total).toBe(Math.round(parts * imagesPerPart * defectiveShare));
        expect([...dealt.values()].every((n) => n >= 0 && n <= imagesPerPart)).toBe(true);
      },
    ),
  );
});

test('every fold gets defective parts and parts without a defect', () => {
  const dealt = dealDefectiveImages(numbers(60), { seed: 4, imagesPerPart: 8, defectiveShare: 0.25 });
  for (const fold of numbers(simulatedFolds)) {
    const counts = [...dealt].filter(([part]) => foldOfPart(part) === fold).map(([, n]) => n);
    expect(counts.filter((n) => n > 0).length).toBeGreaterThanOrEqual(3);
    expect(counts.filter((n) => n === 0).length).toBeGreaterThanOrEqual(3);
  }
});

test('what one part could not take the next one gets, and the rarest class goes first', () => {
  const asked: string[] = [];
  const part = (room: number) => ({
    defective: 0,
    tryDefect(name: string) {
      asked.push(name);
      if (this.defective === room) return 0;
      this.defective++;
      return 1;
    },
  });
  const dealer = new DefectDealer(['a', 'b']);
  const stream = (attempt: number) => Random.of(1, attempt);
  const full = part(1);
  dealer.deal(full, 3, 8, stream);
  expect(full.defective).toBe(1);
  const open = part(8);
  asked.length = 0;
  dealer.deal(open, 2, 8, stream);
  expect(open.defective).toBe(4);
  // the first part has an a already
  expect(asked).toEqual(['b', 'a', 'b', 'a']);
});
