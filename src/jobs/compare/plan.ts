/** Which trainings a comparison consists of: protocols, splits, seeds and detectors. */
import { FelfriError } from '../../core/errors.ts';
import type { DataSet, PartImage } from '../../data/dataset.ts';
import { foldSplit, publishedSplit, type Split } from '../../data/split.ts';
import type { ComparedDetector } from '../../judge/comparison.ts';

export type ProtocolName = 'honest' | 'paper';

/** One training of one detector that is to be done; of a fusion, the joining of two that were trained on the same split. */
export interface PlannedSequence {
  readonly protocol: ProtocolName;
  readonly detector: ComparedDetector;
  /** Such as 'fold 0 of 5' or 'seed 3'. */
  readonly name: string;
  /** The bundle's folder within the comparison's, such as honest/flow-0. */
  readonly folder: string;
  readonly split: Split;
  readonly seed: number;
}

export interface PlannedProtocol {
  readonly protocol: ProtocolName;
  /** How the images are split, such as 'five folds by part group'. */
  readonly split: string;
  /** What to know before believing it, in sentences. */
  readonly notes: readonly string[];
  /** The flow's and the U-Net's trainings in turn, so that a comparison that is broken off can compare; the fusions after them. */
  readonly sequences: readonly PlannedSequence[];
  /** Why there is no U-Net, where there is none. */
  readonly unetNotApplicable: string | null;
}

export interface PlanOptions {
  readonly protocols: readonly ProtocolName[];
  /** Trainings of each detector; all folds, or five seeds, unless told. */
  readonly sequences?: number;
  /** Seeds of the paper's protocol, where they are to be another number. */
  readonly seeds?: number;
  /** Of the U-Net, where it is to have fewer. */
  readonly unetSequences?: number;
  /** The U-Net learns from good images and defects put onto them, so that no mask is needed. */
  readonly unetWithoutMasks?: boolean;
  /** Whether a flow and a U-Net of one split are joined; they are unless told. */
  readonly fusion?: boolean;
  /** Of the folds where the data set states none. */
  readonly folds: number;
  /** Of the folds that are made, and of every training; the paper's sequences count on from it. */
  readonly seed: number;
}

const numerals = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const inWords = (n: number, one: string): string => `${numerals[n] ?? n} ${one}${n === 1 ? '' : 's'}`;

/** The folds of a data set as honest splits: all of them, or the first so many. Throws OPTION_INVALID when there are fewer. */
function honestSplits(dataSet: DataSet, { sequences, folds, seed }: PlanOptions): { splits: Split[]; of: number } {
  const first = foldSplit(dataSet, 0, { folds, seed });
  const of = Number(/ of (\d+)$/.exec(first.name)![1]);
  const count = sequences ?? of;
  if (count > of) {
    throw new FelfriError(
      'OPTION_INVALID',
      `--sequences: got ${count}, but the data set has ${of} folds; legal is 1 to ${of} under the honest protocol`,
      { subject: 'sequences' },
    );
  }
  return { splits: Array.from({ length: count }, (_, k) => foldSplit(dataSet, k, { folds, seed })), of };
}

/** The published split where the data set states one, else fold 0 to judge on and all the rest to learn from. */
function paperSplit(dataSet: DataSet, { folds, seed }: PlanOptions): Split {
  if (dataSet.images.some(({ publishedSplit: side }) => side !== undefined)) return publishedSplit(dataSet);
  const { name, test, notes } = foldSplit(dataSet, 0, { folds, seed });
  const judged = new Set(test);
  return {
    name: `${name}, calibration part learned from`,
    protocol: 'paper',
    train: dataSet.images.filter((image) => !judged.has(image)),
    calibration: [],
    test,
    notes: [
      ...notes.slice(1),
      'The data set publishes no split, so fold 0 is judged on and all other folds are learned from.',
      'There is no calibration set, so the threshold is chosen on the very images that are judged.',
    ],
  };
}

const hasMaskedDefect = (images: readonly PartImage[]): boolean =>
  images.some((image) => image.label === 'defective' && image.mask !== undefined);

function unetReason(dataSet: DataSet, split: Split, { unetSequences, unetWithoutMasks }: PlanOptions): string | null {
  if (unetSequences === 0) return 'No U-Net was asked for.';
  if (unetWithoutMasks) return null;
  if (hasMaskedDefect(split.train)) return null;
  if (hasMaskedDefect(dataSet.images)) {
    return 'Not applicable: the images to learn from hold no defect with a mask, and a U-Net learns from masks.';
  }
  return 'Not applicable: no defective image has a mask, and a U-Net learns from masks.';
}

/** Whether the calibration part has the good images that joining takes; with fewer there is no fusion, and nothing to complain of. */
const canFuse = ({ calibration }: Split): boolean => calibration.filter(({ label }) => label === 'good').length >= 5;

function planProtocol(dataSet: DataSet, protocol: ProtocolName, options: PlanOptions): PlannedProtocol {
  const { seed } = options;
  const honest = protocol === 'honest' ? honestSplits(dataSet, options) : undefined;
  const paper = honest ? undefined : paperSplit(dataSet, options);
  const splits = honest
    ? honest.splits.map((split) => ({ name: split.name, split, seed }))
    : Array.from({ length: options.seeds ?? options.sequences ?? 5 }, (_, i) => ({
        name: `seed ${seed + i}`,
        split: paper!,
        seed: seed + i,
      }));
  const unetNotApplicable = unetReason(dataSet, splits[0]!.split, options);
  const unets = unetNotApplicable ? 0 : Math.min(splits.length, options.unetSequences ?? splits.length);
  const sequences = splits.flatMap((each, i): PlannedSequence[] => [
    { protocol, detector: 'flow', folder: `${protocol}/flow-${i}`, ...each },
    ...(i < unets ? [{ protocol, detector: 'U-Net' as const, folder: `${protocol}/unet-${i}`, ...each }] : []),
  ]);
  const fusions =
    options.fusion === false || !honest ? [] : splits.slice(0, unets).filter(({ split }) => canFuse(split));
  sequences.push(
    ...fusions.map((each): PlannedSequence => {
      const folder = `${protocol}/fusion-${splits.indexOf(each)}`;
      return { protocol, detector: 'fusion', folder, ...each };
    }),
  );
  const fewer =
    !unetNotApplicable && unets < splits.length
      ? [`The U-Net was trained on ${unets} of the ${splits.length} splits; the table compares on the common ones too.`]
      : [];
  if (honest) {
    const which = splits.length === honest.of ? '' : `${inWords(splits.length, 'sequence')} of `;
    return {
      protocol,
      split: `${which}${inWords(honest.of, 'fold')} by part group`,
      notes: [
        'Each fold in turn is judged on; the threshold is set on the next fold, and all others are learned from.',
        ...new Set(honest.splits.flatMap(({ notes }) => notes.slice(1))),
        ...fewer,
      ],
      sequences,
      unetNotApplicable,
    };
  }
  return {
    protocol,
    split: `${paper!.name === 'published' ? 'published split' : paper!.name}, ${inWords(splits.length, 'seed')}`,
    notes: [...paper!.notes, ...fewer],
    sequences,
    unetNotApplicable,
  };
}

/** Throws OPTION_INVALID and SPLIT_IMPOSSIBLE as the splits do. */
export function planComparison(dataSet: DataSet, options: PlanOptions): PlannedProtocol[] {
  return options.protocols.map((protocol) => planProtocol(dataSet, protocol, options));
}
