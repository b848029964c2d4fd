/**
 * Whether a split may be believed: how many test images show what was also trained on, by the part groups that are known
 * and by the pixels where they are not.
 */
import type { PartImage } from '../dataset.ts';
import { groupLeaks, type Split } from '../split.ts';
import { findNearCopies, type NearCopy, type NearCopyOptions } from './near-copies.ts';

/** A judged image and a near copy of it among the training images. Names are relative to the data set folder. */
interface LeakPair {
  readonly side: 'test' | 'calibration';
  readonly image: string;
  readonly trainedOn: string;
  /** 0.7..1: what three quarters of the picture's blocks correlate at least. */
  readonly similarity: number;
}

/** What leaks from training into one side of a split. */
interface SideLeaks {
  readonly images: number;
  /** Images with a near copy among the training images. */
  readonly nearCopies: number;
  /** Images of a part group that is also trained on. */
  readonly partGroups: number;
  /** Images with either. */
  readonly leaking: number;
}

/** Plain JSON; what is printed, stored in bundle and run, and shown in reports. */
export interface LeakVerdict {
  readonly split: string;
  readonly test: SideLeaks;
  /** Counted, but only test images decide: a leak here makes the threshold worse, not the figures rosier. */
  readonly calibration: SideLeaks;
  /** Share of the test images that leak, 0..1. */
  readonly rate: number;
  /** The highest share that counts as clean. */
  readonly limit: number;
  readonly flagged: boolean;
  /** Whether the user went on in spite of it. */
  readonly overridden: boolean;
  /** At most twenty, test before calibration, most similar first. */
  readonly worst: readonly LeakPair[];
  /** The verdict in one sentence. */
  readonly statement: string;
}

export interface LeakOptions extends NearCopyOptions {
  /** Highest clean share of leaking test images, 0..1; `leakLimit` unless told. */
  readonly limit?: number;
}

/**
 * One in twenty: a split that divides parts is far above it, folds by part group with some mislaid images are below. Chosen after
 * the measurement of docs/experiments.md.
 */
export const leakLimit = 0.05;

/** Pairs that a verdict names. */
const SHOWN = 20;

function sideLeaks(
  images: readonly PartImage[],
  copied: ReadonlySet<PartImage>,
  groups: ReadonlySet<string>,
): SideLeaks {
  const count = (keep: (image: PartImage) => boolean): number => images.filter(keep).length;
  return {
    images: images.length,
    nearCopies: count((image) => copied.has(image)),
    partGroups: count((image) => groups.has(image.partGroup)),
    leaking: count((image) => copied.has(image) || groups.has(image.partGroup)),
  };
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

function stateVerdict(split: Split, test: SideLeaks, limit: number, flagged: boolean): string {
  const rate = test.images === 0 ? 0 : test.leaking / test.images;
  const known = test.partGroups > 0 ? `, ${test.partGroups} a part group that is trained on` : '';
  const judged = flagged ? 'it leaks, and figures made with it are not honest' : 'clean';
  return `Leak check of ${split.name}: ${test.leaking} of ${test.images} test images (${percent(rate)}) show what was trained on (${test.nearCopies} a near copy by their pixels${known}); limit ${percent(limit)}: ${judged}.`;
}

/** The best pair of each leaking image, most similar first. */
function worstPairs(copies: readonly NearCopy[], test: ReadonlySet<PartImage>): LeakPair[] {
  const best = new Map<PartImage, NearCopy>();
  for (const copy of copies) if (!best.has(copy.one)) best.set(copy.one, copy);
  const pairs = [...best.values()].map(({ one, other, similarity }): LeakPair => {
    return { side: test.has(one) ? 'test' : 'calibration', image: one.name, trainedOn: other.name, similarity };
  });
  return [...pairs.filter(({ side }) => side === 'test'), ...pairs.filter(({ side }) => side === 'calibration')];
}

/** The verdict on a split that nothing is judged on, in which therefore nothing was looked for. */
export function unjudgedVerdict(split: Split): LeakVerdict {
  const none = new Set<string>();
  const side = (images: readonly PartImage[]): SideLeaks => sideLeaks(images, new Set(), none);
  return {
    split: split.name,
    test: side(split.test),
    calibration: side(split.calibration),
    rate: 0,
    limit: leakLimit,
    flagged: false,
    overridden: false,
    worst: [],
    statement: `Leak check of ${split.name}: not made, as no test image is defective and so nothing is judged.`,
  };
}

/**
 * Looks for test and calibration images whose part is also trained on: by part group and by near copies. A side's images
 * among themselves are not compared. Throws INTERRUPTED when the signal is aborted.
 */
export async function checkLeaks(split: Split, options: LeakOptions = {}): Promise<LeakVerdict> {
  const limit = options.limit ?? leakLimit;
  const copies = await findNearCopies([...split.test, ...split.calibration], split.train, options);
  const copied = new Set(copies.map(({ one }) => one));
  const groups = new Set(groupLeaks({ ...split, test: [...split.test, ...split.calibration], calibration: [] }));
  const test = sideLeaks(split.test, copied, groups);
  const calibration = sideLeaks(split.calibration, copied, groups);
  const rate = test.images === 0 ? 0 : test.leaking / test.images;
  const flagged = rate > limit;
  return {
    split: split.name,
    test,
    calibration,
    rate,
    limit,
    flagged,
    overridden: false,
    worst: worstPairs(copies, new Set(split.test)).slice(0, SHOWN),
    statement: stateVerdict(split, test, limit, flagged),
  };
}
