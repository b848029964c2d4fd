/** Which trainings are planned from which data sets. */
import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../data/dataset.ts';
import type { PartImage } from '../../data/part-image.ts';
import { groupLeaks } from '../../data/split.ts';
import { planComparison } from './plan.ts';

/** Ten parts of two images, every other part defective. */
function dataSet(change: (image: PartImage, index: number) => Partial<PartImage> = () => ({})): DataSet {
  const images = Array.from({ length: 20 }, (_, i): PartImage => {
    const part = i >> 1;
    const label = part % 2 ? 'defective' : 'good';
    const image: PartImage = {
      path: `/d/${i}.png`,
      name: `${i}.png`,
      label,
      className: label === 'good' ? 'good' : 'dent',
      partGroup: `part${part}`,
      ...(label === 'defective' && { mask: `/d/${i}.mask.png` }),
    };
    return { ...image, ...change(image, i) };
  });
  return { name: 'set', root: '/d', layout: 'manifest', images, notes: [], problems: [] };
}

const options = { protocols: ['honest'] as const, folds: 5, seed: 0 };

describe('an honest comparison', () => {
  it('judges every fold once, by both detectors on the same split', () => {
    const [plan] = planComparison(dataSet(), options);
    expect(plan!.split).toBe('five folds by part group');
    expect(plan!.sequences.map(({ folder }) => folder)).toEqual(
      [0, 1, 2, 3, 4].flatMap((k) => [`honest/flow-${k}`, `honest/unet-${k}`]),
    );
    const flows = plan!.sequences.filter(({ detector }) => detector === 'flow');
    expect(flows.flatMap(({ split }) => split.test.map(({ name }) => name)).sort()).toEqual(
      dataSet()
        .images.map(({ name }) => name)
        .sort(),
    );
    for (const { split } of flows) expect(groupLeaks(split)).toEqual([]);
    for (const flow of flows) {
      expect(plan!.sequences.find((s) => s.detector === 'U-Net' && s.name === flow.name)!.split).toBe(flow.split);
    }
  });

  it('has fewer U-Nets where asked, and says so', () => {
    const [plan] = planComparison(dataSet(), { ...options, sequences: 3, unetSequences: 1 });
    expect(plan!.split).toBe('three sequences of five folds by part group');
    expect(plan!.sequences.map(({ folder }) => folder)).toEqual([
      'honest/flow-0',
      'honest/unet-0',
      'honest/flow-1',
      'honest/flow-2',
    ]);
    expect(plan!.notes.join(' ')).toContain('1 of the 3 splits');
  });

  it('joins flow and U-Net of a split where its calibration part can tell how, unless told otherwise', () => {
    // thirty more good parts, so that each fold has five good images
    const more = dataSet();
    const good = Array.from({ length: 30 }, (_, i): PartImage => {
      return { ...more.images[0]!, path: `/d/g${i}.png`, name: `g${i}.png`, partGroup: `good${i}` };
    });
    const large = { ...more, images: [...more.images, ...good] };
    const foldersOf = (fusion?: boolean) =>
      planComparison(large, { ...options, unetSequences: 2, ...(fusion !== undefined && { fusion }) })[0]!
        .sequences.filter(({ detector }) => detector === 'fusion')
        .map(({ folder }) => folder);
    expect(foldersOf()).toEqual(['honest/fusion-0', 'honest/fusion-1']);
    expect(foldersOf(false)).toEqual([]);
    const [paper] = planComparison(large, { ...options, protocols: ['paper'] });
    expect(paper!.sequences.every(({ detector }) => detector !== 'fusion')).toBe(true);
  });

  it('says why there is no U-Net', () => {
    const bare = dataSet((image) => (image.mask === undefined ? {} : { mask: undefined as never }));
    const [plan] = planComparison(bare, options);
    expect(plan!.unetNotApplicable).toMatch(/no defective image has a mask/);
    expect(plan!.sequences.every(({ detector }) => detector === 'flow')).toBe(true);
    const synthetic = planComparison(bare, { ...options, unetWithoutMasks: true })[0]!;
    expect(synthetic.unetNotApplicable).toBeNull();
    expect(synthetic.sequences).toHaveLength(10);
    expect(planComparison(dataSet(), { ...options, unetSequences: 0 })[0]!.unetNotApplicable).toMatch(/asked/);
  });

  it('refuses more sequences than folds', () => {
    expect(() => planComparison(dataSet(), { ...options, sequences: 6 })).toThrow(/legal is 1 to 5/);
  });
});

describe("the paper's comparison", () => {
  const paper = { ...options, protocols: ['paper'] as const, sequences: 2, seed: 7 };

  it('takes the published split, with a seed for each sequence', () => {
    const published = dataSet((_, i) => ({ publishedSplit: i < 14 ? 'train' : 'test' }));
    const [plan] = planComparison(published, paper);
    expect(plan!.split).toBe('published split, two seeds');
    expect(plan!.sequences.map(({ name, seed }) => [name, seed])).toEqual([
      ['seed 7', 7],
      ['seed 7', 7],
      ['seed 8', 8],
      ['seed 8', 8],
    ]);
    for (const { split } of plan!.sequences) {
      expect([split.protocol, split.train.length, split.test.length]).toEqual(['paper', 14, 6]);
    }
  });

  it('else judges fold 0 and learns from all the rest', () => {
    const [plan] = planComparison(dataSet(), paper);
    const { split } = plan!.sequences[0]!;
    expect(split.calibration).toEqual([]);
    expect(new Set([...split.train, ...split.test]).size).toBe(20);
    expect(split.test).toEqual(planComparison(dataSet(), { ...options, seed: 7 })[0]!.sequences[0]!.split.test);
    expect(plan!.notes.join(' ')).toContain('chosen on the very images that are judged');
  });
});
