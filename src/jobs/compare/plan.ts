/** Which trainings a comparison consists of: protocols, splits, seeds and detectors. */
import { FelfriError } from '../../core/errors.ts';
import type { DataSet } from '../../data/dataset.ts';
import type { PartImage } from '../../data/part-image.ts';
import { foldSplit, publishedSplit, type Split } from '../../data/split.ts';
import type { ComparedDetector } from '../../judge/comparison.ts';

export type ProtocolName = 'honest' | 'paper';

interface Planned {
  readonly protocol: ProtocolName;
  /** Such as 'fold 0 of 5' or 'seed 3'. */
  readonly name: string;
  /** The bundle's folder within the comparison's, such as honest/flow-0. */
  readonly folder: string;
  readonly split: Split;
  readonly seed: number;
}

/** One training of one detector that is to be done. */
interface PlannedTraining extends Planned {
  readonly detector: Exclude<ComparedDetector, 'fusion'>;
}

/** The joining of two that were trained on the same split. */
export interface PlannedFusion extends Planned {
  readonly detector: 'fusion';
  /** Folders of the two bundles, as `folder` has it. */
  readonly parts: { readonly flow: string; readonly unet: string };
}

export type PlannedSequence = PlannedTraining | PlannedFusion;

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
  const of = first.folds;
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

/** What is learned from and judged on, under a name; each detector is trained on it once. */
type Round = Pick<Planned, 'name' | 'split' | 'seed'>;

/** The trainings of some rounds, and how many of them have a U-Net. */
function trainingsOf(dataSet: DataSet, protocol: ProtocolName, rounds: readonly Round[], options: PlanOptions) {
  const unetNotApplicable = unetReason(dataSet, rounds[0]!.split, options);
  const unets = unetNotApplicable ? 0 : Math.min(rounds.length, options.unetSequences ?? rounds.length);
  const trainings = rounds.flatMap((round, i): PlannedTraining[] => [
    { protocol, detector: 'flow', folder: `${protocol}/flow-${i}`, ...round },
    ...(i < unets ? [{ protocol, detector: 'U-Net' as const, folder: `${protocol}/unet-${i}`, ...round }] : []),
  ]);
  const fewer =
    !unetNotApplicable && unets < rounds.length
      ? [`The U-Net was trained on ${unets} of the ${rounds.length} splits; the table compares on the common ones too.`]
      : [];
  return { trainings, unets, unetNotApplicable, fewer };
}

function honestPlan(dataSet: DataSet, options: PlanOptions): PlannedProtocol {
  const protocol = 'honest';
  const { splits, of } = honestSplits(dataSet, options);
  const rounds = splits.map((split): Round => ({ name: split.name, split, seed: options.seed }));
  const { trainings, unets, unetNotApplicable, fewer } = trainingsOf(dataSet, protocol, rounds, options);
  const fusions = rounds.slice(0, options.fusion === false ? 0 : unets).flatMap((round, i): PlannedFusion[] => {
    const parts = { flow: `${protocol}/flow-${i}`, unet: `${protocol}/unet-${i}` };
    return canFuse(round.split)
      ? [{ protocol, detector: 'fusion', folder: `${protocol}/fusion-${i}`, parts, ...round }]
      : [];
  });
  const which = splits.length === of ? '' : `${inWords(splits.length, 'sequence')} of `;
  return {
    protocol,
    split: `${which}${inWords(of, 'fold')} by part group`,
    notes: [
      'Each fold in turn is judged on; the threshold is set on the next fold, and all others are learned from.',
      ...new Set(splits.flatMap(({ notes }) => notes.slice(1))),
      ...fewer,
    ],
    sequences: [...trainings, ...fusions],
    unetNotApplicable,
  };
}

/** One split with several seeds; nothing is joined, for want of calibration images. */
function paperPlan(dataSet: DataSet, options: PlanOptions): PlannedProtocol {
  const protocol = 'paper';
  const split = paperSplit(dataSet, options);
  const seeds = Array.from({ length: options.seeds ?? options.sequences ?? 5 }, (_, i) => options.seed + i);
  const rounds = seeds.map((seed): Round => ({ name: `seed ${seed}`, split, seed }));
  const { trainings, unetNotApplicable, fewer } = trainingsOf(dataSet, protocol, rounds, options);
  return {
    protocol,
    split: `${split.name === 'published' ? 'published split' : split.name}, ${inWords(rounds.length, 'seed')}`,
    notes: [...split.notes, ...fewer],
    sequences: trainings,
    unetNotApplicable,
  };
}

const plans: Readonly<Record<ProtocolName, (dataSet: DataSet, options: PlanOptions) => PlannedProtocol>> = {
  honest: honestPlan,
  paper: paperPlan,
};

/** Throws OPTION_INVALID and SPLIT_IMPOSSIBLE as the splits do. */
export function planComparison(dataSet: DataSet, options: PlanOptions): PlannedProtocol[] {
  return options.protocols.map((protocol) => plans[protocol](dataSet, options));
}
