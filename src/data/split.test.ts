import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataSet } from './dataset.ts';
import type { PartImage } from './part-image.ts';
import { foldSplit, groupLeaks, publishedSplit, type Split, splitHash, trainedOn } from './split.ts';

function dataSetOf(images: readonly (Partial<PartImage> & { readonly group: string })[]): DataSet {
  return {
    name: 'set',
    root: '/data',
    layout: 'manifest',
    notes: [],
    problems: [],
    images: images.map(({ group, className = 'good', ...rest }, i) => {
      const name = `${String(i).padStart(4, '0')}.png`;
      return {
        path: `/data/${name}`,
        name,
        label: className === 'good' ? 'good' : 'defective',
        className,
        partGroup: group,
        ...rest,
      };
    }),
  };
}

const sides = (split: Split): PartImage[][] => [[...split.train], [...split.calibration], [...split.test]];
const names = (images: readonly PartImage[]): string[] => images.map((image) => image.name).sort();

const anyDataSet = fc
  .array(
    fc.record({
      group: fc.integer({ min: 0, max: 30 }).map(String),
      className: fc.constantFrom('good', 'good', 'dent', 'scratch'),
    }),
    {
      minLength: 40,
      maxLength: 120,
    },
  )
  .filter((images) => new Set(images.map((image) => image.group)).size >= 10)
  .map(dataSetOf);

describe('foldSplit', () => {
  it('keeps parts on one side, uses every image once, tests each image in one fold, and repeats by seed', () => {
    fc.assert(
      fc.property(anyDataSet, fc.integer({ min: 3, max: 5 }), fc.integer(), (dataSet, folds, seed) => {
        const splits = Array.from({ length: folds }, (_, k) => foldSplit(dataSet, k, { folds, seed }));
        for (const split of splits) {
          expect(groupLeaks(split)).toEqual([]);
          expect(names(sides(split).flat())).toEqual(names(dataSet.images));
          expect(split.protocol).toBe('honest');
        }
        expect(names(splits.flatMap((split) => split.test))).toEqual(names(dataSet.images));
        splits.forEach((split, k) => {
          expect(names(split.calibration)).toEqual(names(splits[(k + 1) % folds]!.test));
        });
        const backwards = { ...dataSet, images: dataSet.images.toReversed() };
        expect(names(foldSplit(backwards, 1, { folds, seed }).test)).toEqual(names(splits[1]!.test));
      }),
      { numRuns: 50 },
    );
  });

  it('spreads every class evenly when each image is a part of its own', () => {
    const classes = ['good', 'dent', 'scratch'];
    const dataSet = dataSetOf(Array.from({ length: 93 }, (_, i) => ({ group: `g${i}`, className: classes[i % 3]! })));
    for (let k = 0; k < 5; k++) {
      const { test } = foldSplit(dataSet, k);
      for (const name of classes) {
        const n = test.filter((image) => image.className === name).length;
        expect(n).toBeGreaterThanOrEqual(6);
        expect(n).toBeLessThanOrEqual(7);
      }
    }
  });

  it('differs by seed, and says that the folds were made here', () => {
    const dataSet = dataSetOf(Array.from({ length: 60 }, (_, i) => ({ group: `g${i}` })));
    const split = foldSplit(dataSet, 0, { seed: 1 });
    expect(names(split.test)).not.toEqual(names(foldSplit(dataSet, 0, { seed: 2 }).test));
    const again = foldSplit({ ...dataSet, images: [...dataSet.images].reverse() }, 0, { seed: 1 });
    expect(splitHash(again)).toBe(splitHash(split));
    expect(splitHash(foldSplit(dataSet, 0, { seed: 2 }))).not.toBe(splitHash(split));
    expect(splitHash({ ...split, test: split.calibration, calibration: split.test })).not.toBe(splitHash(split));
    expect(split.notes.join(' ')).toContain('made with seed 1');
    expect(split.notes.join(' ')).toContain('no defective image in test');
  });

  it('takes the folds that the data set states', () => {
    const dataSet = dataSetOf(Array.from({ length: 12 }, (_, i) => ({ group: `g${i % 4}`, fold: i % 4 })));
    const split = foldSplit(dataSet, 3);
    expect(split.name).toBe('fold 3 of 4');
    expect(new Set(split.test.map((image) => image.fold))).toEqual(new Set([3]));
    expect(new Set(split.calibration.map((image) => image.fold))).toEqual(new Set([0]));
    expect(new Set(split.train.map((image) => image.fold))).toEqual(new Set([1, 2]));
  });

  const parts = (n: number, fold?: (i: number) => number): DataSet =>
    dataSetOf(Array.from({ length: n }, (_, i) => ({ group: `g${i}`, ...(fold && { fold: fold(i) }) })));

  it('takes folds that start at 1 or have gaps, and says how they are counted', () => {
    for (const numbers of [
      [1, 2, 3],
      [0, 2, 7],
    ]) {
      const split = foldSplit(
        parts(9, (i) => numbers[i % 3]!),
        1,
      );
      expect(new Set(split.test.map((image) => image.fold))).toEqual(new Set([numbers[1]]));
      expect(new Set(split.calibration.map((image) => image.fold))).toEqual(new Set([numbers[2]]));
      expect(split.notes.join(' ')).toContain(`fold 1 is the one stated as ${numbers[1]}`);
    }
  });

  it.each([
    ['a fold that is not there', 'OPTION_INVALID', parts(9), 5, {}],
    ['a fraction', 'OPTION_INVALID', parts(9), 0.5, {}],
    ['two folds', 'OPTION_INVALID', parts(9), 0, { folds: 2 }],
    ['fewer parts than folds', 'SPLIT_IMPOSSIBLE', parts(4), 0, {}],
    ['two stated folds', 'SPLIT_IMPOSSIBLE', parts(9, (i) => i % 2), 0, {}],
    [
      'a part on two stated folds',
      'SPLIT_IMPOSSIBLE',
      dataSetOf([0, 1, 2].map((fold) => ({ group: 'one', fold }))),
      0,
      {},
    ],
  ] as const)('refuses %s', (_what, code, dataSet, k, options) => {
    expect(() => foldSplit(dataSet, k, options)).toThrowError(expect.objectContaining({ code }));
  });
});

describe('publishedSplit', () => {
  const dataSet = dataSetOf([
    { group: 'a', publishedSplit: 'train' },
    { group: 'b', publishedSplit: 'train' },
    { group: 'a', publishedSplit: 'test' },
    { group: 'c', publishedSplit: 'test' },
    { group: 'd', className: 'dent', publishedSplit: 'test' },
    { group: 'e' },
  ]);

  it('keeps the sides, and says what leaks and where the threshold is chosen', () => {
    const split = publishedSplit(dataSet);
    expect(sides(split).map((side) => side.length)).toEqual([2, 0, 3]);
    expect(split.protocol).toBe('paper');
    expect(groupLeaks(split)).toEqual(['a']);
    expect(split.notes.join(' ')).toContain(
      '1 of 2 good and 0 of 1 defective test images show a part that is also trained on',
    );
    expect(split.notes.join(' ')).toContain('threshold is chosen on the very images that are judged');
    expect(split.notes.join(' ')).toContain('1 images are on neither side');
  });

  it('is refused where none is stated', () => {
    const none = dataSetOf([{ group: 'a' }, { group: 'b', publishedSplit: 'train' }]);
    expect(() => publishedSplit(none)).toThrowError(expect.objectContaining({ code: 'SPLIT_IMPOSSIBLE' }));
  });
});

describe('trainedOn', () => {
  const train = dataSetOf([
    { group: 'a' },
    { group: 'b', className: 'dent', mask: '/data/m.png' },
    { group: 'c', className: 'dent' },
  ]).images;
  const split: Split = { name: 'made', protocol: 'honest', train, calibration: [], test: [], notes: [] };

  it('keeps good images for a flow, and what has a mask as well for a U-Net', () => {
    expect(trainedOn(split, 'good')).toEqual([train[0]]);
    expect(trainedOn(split, 'masks')).toEqual([train[0], train[1]]);
  });

  it('refuses a split with nothing to learn from', () => {
    const small = expect.objectContaining({ code: 'DATASET_TOO_SMALL' });
    expect(() => trainedOn({ ...split, train: train.slice(1) }, 'good')).toThrowError(small);
    expect(() => trainedOn({ ...split, train: [train[0]!, train[2]!] }, 'masks')).toThrowError(small);
  });
});
