/**
 * Which images are learned from, which set thresholds, and which are judged on. A part is never on two sides, except in
 * a published split, which is kept as it was published and says what leaks.
 */
import { FelfriError } from '../core/errors.ts';
import { sha256 } from '../core/files.ts';
import type { DataSet } from './dataset.ts';
import { groupImages, makeFolds } from './folds.ts';
import type { PartImage } from './part-image.ts';

export interface Split {
  /** Such as 'fold 0 of 5' or 'published'. */
  readonly name: string;
  /** 'honest': nothing is chosen on the test images. 'paper': the threshold is, for want of a calibration set. */
  readonly protocol: 'honest' | 'paper';
  readonly train: readonly PartImage[];
  readonly calibration: readonly PartImage[];
  readonly test: readonly PartImage[];
  /** What to know before believing a figure made with it, in sentences. */
  readonly notes: readonly string[];
}

/** One of the folds in turn. */
export interface FoldSplit extends Split {
  /** How many folds there are. */
  readonly folds: number;
}

export interface FoldOptions {
  /** Number of folds where the data set states none, 5 unless told, at least 3. */
  readonly folds?: number;
  /** Seed of the folds that are made here, 0 unless told. */
  readonly seed?: number;
}

function describeSide(name: string, images: readonly PartImage[]): string {
  const good = images.filter((image) => image.label === 'good').length;
  return `${name} ${images.length} (${good} good, ${images.length - good} defective)`;
}

interface Folds {
  readonly foldOf: ReadonlyMap<PartImage, number>;
  readonly n: number;
  /** Made here, where the data set states none. */
  readonly made: boolean;
  /** The stated numbers in their order, where these are not 0, 1, ... */
  readonly renumbered?: readonly number[];
}

/** Throws the question what the images without annotation are, where no other one is good: no split helps then. */
function requireGood({ images, problems }: DataSet): void {
  const unsaid = problems.find(({ code, images: all }) => code === 'ANNOTATION_MISSING' && all !== undefined);
  if (unsaid === undefined || images.some(({ label }) => label === 'good')) return;
  throw new FelfriError('ANNOTATION_MISSING', `nothing says which images are good: ${unsaid.message}`, {
    subject: 'unannotated',
  });
}

/** The fold of every image, and how many there are: as stated, or made here. */
function foldsOf(dataSet: DataSet, options: FoldOptions): Folds {
  const stated = dataSet.images.every((image) => image.fold !== undefined);
  if (!stated) {
    const n = options.folds ?? 5;
    if (!Number.isInteger(n) || n < 3) {
      throw new FelfriError(
        'OPTION_INVALID',
        `folds: got ${n}; legal is a whole number from 3: test, calibration and training`,
      );
    }
    const folds = makeFolds(dataSet.images, n, options.seed ?? 0);
    return { foldOf: new Map(dataSet.images.map((image) => [image, folds.get(image.partGroup)!])), n, made: true };
  }
  for (const [group, members] of groupImages(dataSet.images)) {
    const folds = new Set(members.map((image) => image.fold));
    if (folds.size > 1) {
      throw new FelfriError(
        'SPLIT_IMPOSSIBLE',
        `part group ${group} is on folds ${[...folds].join(' and ')}, so a part would be learned from and judged on; put it on one, or leave the fold column out`,
      );
    }
  }
  // they may start at 1 and have gaps; what counts is their order
  const numbers = [...new Set(dataSet.images.map((image) => image.fold!))].sort((a, b) => a - b);
  const n = numbers.length;
  if (n < 3) {
    throw new FelfriError(
      'SPLIT_IMPOSSIBLE',
      `the data set states ${n} folds; legal is at least 3: test, calibration and training`,
    );
  }
  const renumbered = numbers.some((number, k) => number !== k) ? numbers : undefined;
  const foldOf = new Map(dataSet.images.map((image) => [image, numbers.indexOf(image.fold!)]));
  return { foldOf, n, made: false, ...(renumbered && { renumbered }) };
}

/**
 * The honest split of fold k: fold k is the test set, fold (k + 1) mod n the calibration set, the rest is trained on.
 * Folds are those of the data set, or are made here from whole part groups, stratified by class and seeded.
 * Throws OPTION_INVALID when there is no fold k, SPLIT_IMPOSSIBLE when the part groups do not allow it, ANNOTATION_MISSING where
 * nothing says which images are good.
 */
export function foldSplit(dataSet: DataSet, k: number, options: FoldOptions = {}): FoldSplit {
  requireGood(dataSet);
  const { foldOf, n, made, renumbered } = foldsOf(dataSet, options);
  if (!Number.isInteger(k) || k < 0 || k >= n) {
    throw new FelfriError(
      'OPTION_INVALID',
      `fold: got ${k}; legal is a whole number from 0 to ${n - 1}${renumbered ? `, which are the stated folds ${renumbered.join(', ')} in their order` : ''}`,
    );
  }
  const on = (keep: (fold: number) => boolean): PartImage[] =>
    dataSet.images.filter((image) => keep(foldOf.get(image)!));
  const test = on((fold) => fold === k);
  const calibration = on((fold) => fold === (k + 1) % n);
  const train = on((fold) => fold !== k && fold !== (k + 1) % n);
  for (const [side, images] of Object.entries({ test, calibration, train })) {
    if (images.length === 0) {
      throw new FelfriError('SPLIT_IMPOSSIBLE', `fold ${k} of ${n} leaves no image for ${side}; ask for another fold`);
    }
  }
  const sides = [describeSide('train', train), describeSide('calibration', calibration), describeSide('test', test)];
  const notes = [`${sides.join(', ')}; whole part groups.`];
  if (made) notes.push(`The data set states no folds; these were made with seed ${options.seed ?? 0}.`);
  if (renumbered)
    notes.push(
      `The stated folds ${renumbered.join(', ')} count from 0 here; fold ${k} is the one stated as ${renumbered[k]}.`,
    );
  const partly = dataSet.images.filter((image) => image.fold !== undefined).length;
  if (made && partly > 0) notes.push(`${partly} images state a fold and the others none, so that none counts.`);
  for (const [side, images] of Object.entries({ calibration, test })) {
    for (const label of ['good', 'defective'] as const) {
      if (!images.some((image) => image.label === label)) notes.push(`There is no ${label} image in ${side}.`);
    }
  }
  return { folds: n, name: `fold ${k} of ${n}`, protocol: 'honest', train, calibration, test, notes };
}

/**
 * The split as its publisher made it. It has no calibration set, so a threshold can only be chosen on the test images
 * themselves, and its notes say so, and what leaks. Throws SPLIT_IMPOSSIBLE when a side is not stated,
 * ANNOTATION_MISSING where nothing says which images are good.
 */
export function publishedSplit(dataSet: DataSet): Split {
  requireGood(dataSet);
  const train = dataSet.images.filter((image) => image.publishedSplit === 'train');
  const test = dataSet.images.filter((image) => image.publishedSplit === 'test');
  if (train.length === 0 || test.length === 0) {
    throw new FelfriError(
      'SPLIT_IMPOSSIBLE',
      `the data set publishes ${train.length} images for training and ${test.length} for testing; both sides are needed: use folds instead`,
    );
  }
  const unused = dataSet.images.length - train.length - test.length;
  const notes = [
    `${describeSide('train', train)}, ${describeSide('test', test)}, as published.`,
    'There is no calibration set, so the threshold is chosen on the very images that are judged.',
  ];
  if (unused > 0) notes.push(`${unused} images are on neither side and are not used.`);
  const split: Split = { name: 'published', protocol: 'paper', train, calibration: [], test, notes };
  const leaks = new Set(groupLeaks(split));
  if (leaks.size > 0) {
    const share = (['good', 'defective'] as const).map((label) => {
      const all = test.filter((image) => image.label === label);
      return `${all.filter((image) => leaks.has(image.partGroup)).length} of ${all.length} ${label}`;
    });
    notes.push(`It leaks: ${share.join(' and ')} test images show a part that is also trained on.`);
  }
  return split;
}

/** SHA-256 over the names of the images on each side: equal splits, however they came about, are equal in it. */
export function splitHash({ train, calibration, test }: Split): string {
  const sides = [train, calibration, test].map((images) => images.map(({ name }) => name).sort());
  return sha256(JSON.stringify(sides));
}

/** The part groups that stand on more than one side of a split, by name; none in an honest split. */
export function groupLeaks(split: Split): string[] {
  const sides = [split.train, split.calibration, split.test].map((images) => groupImages(images));
  const groups = new Set(sides.flatMap((side) => [...side.keys()]));
  return [...groups].filter((group) => sides.filter((side) => side.has(group)).length > 1).sort();
}

/** The images that may set a threshold: the calibration part, or under the paper's protocol the evaluation set itself. */
export function calibrationImages(split: Split): { images: readonly PartImage[]; chosenOn: string } {
  if (split.protocol === 'paper') {
    return { images: split.test, chosenOn: `evaluation set itself, ${split.name} split (paper protocol)` };
  }
  return { images: split.calibration, chosenOn: `calibration part of ${split.name}` };
}

/**
 * The training images that a detector learns from: good ones, or with `masks` those that have one too.
 * Throws DATASET_TOO_SMALL when there are none (with `masks`: no defective image with a mask).
 */
export function trainedOn(split: Split, kind: 'good' | 'masks'): PartImage[] {
  const good = split.train.filter((image) => image.label === 'good');
  const masked = split.train.filter((image) => image.label === 'defective' && image.mask !== undefined);
  if (kind === 'good' && good.length === 0) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `${split.name} has no good image to train on; a flow, like a U-Net of synthetic defects, learns from good images alone`,
    );
  }
  if (kind === 'masks' && masked.length === 0) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `${split.name} has no defective image with a mask to train on; a U-Net needs some: add masks, use another split, or train a flow`,
    );
  }
  const kept = new Set(kind === 'good' ? good : [...good, ...masked]);
  return split.train.filter((image) => kept.has(image));
}
