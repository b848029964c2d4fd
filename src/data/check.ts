/**
 * What is in a data set, what is odd, what leaks, and what plain mean brightness already solves. Every image is read once.
 */
import { auroc } from '../core/auroc.ts';
import { FelfriError } from '../core/errors.ts';
import { sha256 } from '../core/files.ts';
import { type NearCopySummary, summariseNearCopies } from './check-near-copies.ts';
import type { DataSet } from './dataset.ts';
import { decodePixels } from './image/decode.ts';
import { readImageBytes } from './image/files.ts';
import { readImageHeader } from './image/header.ts';
import type { ImageHeader, Sample } from './image/reader.ts';
import type { Layout } from './layouts/asked.ts';
import { byName, type Problem } from './listing.ts';
import { type Mask, readMask } from './masks/read.ts';
import type { PartImage } from './part-image.ts';
import { groupLeaks, publishedSplit } from './split.ts';

/** Smallest, median (lower of two) and largest. */
export interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Images with byte-for-byte equal files. */
interface Duplicate {
  readonly names: readonly string[];
  /** The same file is called good and defective. */
  readonly acrossLabels: boolean;
  /** The same file is in several part groups, so a split may divide it. */
  readonly acrossGroups: boolean;
}

/** How far mean brightness alone separates defective from good images. */
interface BrightnessBaseline {
  /** AUROC, 0.5..1, of the better direction. */
  readonly auroc: number;
  readonly defectiveAre: 'brighter' | 'darker';
}

/** Plain JSON. Names are relative to the data set folder. */
export interface DataCheck {
  readonly root: string;
  readonly layout: Layout;
  readonly notes: readonly string[];
  readonly images: number;
  readonly classes: Readonly<Record<string, number>>;
  readonly partGroups: number;
  /** Over the images that could be read; null when none could. */
  readonly width: Range | null;
  readonly height: Range | null;
  readonly differentSizes: number;
  /** Images by channels and bits as stored, such as '3 x 8 bit'. */
  readonly channels: Readonly<Record<string, number>>;
  /** Images and masks that cannot be used, with code. */
  readonly problems: readonly Problem[];
  readonly emptyMasks: readonly string[];
  /** Masks with values between background and mark, as JPEG and scaling leave them; `data/masks/rule.ts` says how they are read. */
  readonly softMasks: number;
  readonly defectiveWithoutMask: readonly string[];
  /** Good images whose mask shows a defect: label and mask contradict each other. */
  readonly goodWithDefect: readonly string[];
  /** Masks that belong to no image. */
  readonly unusedMasks: readonly string[];
  /** Image files beside a manifest that it does not name: not used. */
  readonly unlisted: readonly string[];
  /** Images of another depth than most: a detector is for one. */
  readonly otherBitDepths: readonly string[];
  readonly duplicates: readonly Duplicate[];
  /** Images that look like one part; null when the search was left out. */
  readonly nearCopies: NearCopySummary | null;
  /** Null when one of the labels is missing. */
  readonly brightness: BrightnessBaseline | null;
  /** The notes of the published split, null when there is none. */
  readonly published: { readonly leakingGroups: number; readonly notes: readonly string[] } | null;
}

export interface CheckOptions {
  /** Whether near copies are looked for, which takes longer than all else; true unless told. */
  readonly nearCopies?: boolean;
  /** Aborting it ends the search for near copies with INTERRUPTED. */
  readonly signal?: AbortSignal;
  readonly onPhase?: (name: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Finding {
  readonly image: PartImage;
  readonly hash?: string;
  readonly width?: number;
  readonly height?: number;
  /** Such as '3 x 8 bit'. */
  readonly channels?: string;
  readonly sample?: Sample;
  readonly brightness?: number;
  readonly mask?: Pick<Mask, 'count' | 'soft'>;
  readonly problems: readonly Problem[];
}

function asProblem(image: PartImage, error: unknown): Problem {
  if (!(error instanceof FelfriError)) throw error;
  return { name: image.name, code: error.code, message: error.message };
}

function channelsOf({ bands, transparency, sample, largest }: ImageHeader): string {
  const bits = sample === 'uint8' ? 8 : largest === null ? 16 : Math.ceil(Math.log2(largest + 1));
  return `${bands + transparency} x ${sample === 'float32' ? 'float' : `${bits} bit`}`;
}

/** Those whose values are held otherwise than those of most. */
function ofOtherDepth(read: readonly Finding[]): Finding[] {
  const counts = new Map<Sample | undefined, number>();
  for (const { sample } of read) counts.set(sample, (counts.get(sample) ?? 0) + 1);
  const [usual] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return read.filter(({ sample }) => sample !== usual);
}

async function examine(image: PartImage): Promise<Finding> {
  let finding: Finding = { image, problems: [] };
  try {
    const bytes = await readImageBytes(image.path, image.raw);
    finding = { ...finding, hash: sha256(bytes) };
    const header = await readImageHeader(bytes, image.path, Number.POSITIVE_INFINITY);
    const { width, height, data } = await decodePixels(bytes, image.path, { channels: 1 });
    let sum = 0;
    for (const value of data) sum += value;
    const { sample } = header;
    finding = { ...finding, width, height, channels: channelsOf(header), sample, brightness: sum / data.length };
    if (image.mask === undefined) return finding;
    const { count, soft } = await readMask({ ...image, mask: image.mask }, { width, height });
    return { ...finding, mask: { count, soft } };
  } catch (error) {
    return { ...finding, problems: [asProblem(image, error)] };
  }
}

function rangeOf(values: readonly number[]): Range | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[(sorted.length - 1) >> 1]!, max: sorted.at(-1)! };
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of [...keys].sort(byName)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function findDuplicates(findings: readonly Finding[]): Duplicate[] {
  const byHash = new Map<string, PartImage[]>();
  for (const { image, hash } of findings) {
    if (hash !== undefined) byHash.set(hash, [...(byHash.get(hash) ?? []), image]);
  }
  return [...byHash.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({
      names: same.map((image) => image.name),
      acrossLabels: new Set(same.map((image) => image.label)).size > 1,
      acrossGroups: new Set(same.map((image) => image.partGroup)).size > 1,
    }));
}

function brightnessBaseline(findings: readonly Finding[]): BrightnessBaseline | null {
  const read = findings.filter((finding) => finding.brightness !== undefined);
  const defective = read.map((finding) => finding.image.label === 'defective');
  if (!defective.includes(true) || !defective.includes(false)) return null;
  const value = auroc(
    read.map((finding) => finding.brightness!),
    defective,
  );
  return { auroc: Math.max(value, 1 - value), defectiveAre: value >= 0.5 ? 'brighter' : 'darker' };
}

function publishedLeaks(dataSet: DataSet): DataCheck['published'] {
  const sides = new Set(dataSet.images.map((image) => image.publishedSplit));
  if (!sides.has('train') || !sides.has('test')) return null;
  const split = publishedSplit(dataSet);
  return { leakingGroups: groupLeaks(split).length, notes: split.notes };
}

/** Whether a training would leave something out that the data set means to show: what cannot be read, and masks that say the other of their label. */
export const leavesOut = ({ problems, emptyMasks, goodWithDefect }: DataCheck): boolean =>
  problems.length + emptyMasks.length + goodWithDefect.length > 0;

/** Reads every image and mask of a data set and says what is there. A bad file becomes a problem; the others go on. */
export async function checkDataSet(dataSet: DataSet, options: CheckOptions = {}): Promise<DataCheck> {
  const { images } = dataSet;
  const findings: Finding[] = new Array(images.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < images.length) {
      const i = next++;
      findings[i] = await examine(images[i]!);
      options.onProgress?.(++done, images.length);
    }
  };
  // a few at once keep the decoder busy without holding many images in memory
  await Promise.all([work(), work(), work(), work()]);

  const read = findings.filter((finding) => finding.brightness !== undefined);
  const odd = new Set(ofOtherDepth(read));
  const masked = findings.filter((finding) => finding.mask !== undefined);
  const empty = masked.filter(({ image, mask }) => mask!.count === 0 && image.label === 'defective');
  const problems = [...dataSet.problems, ...findings.flatMap((finding) => finding.problems)];
  const names = (list: readonly Finding[]): string[] => list.map((finding) => finding.image.name);
  const anyMask = images.some((image) => image.mask !== undefined);
  return {
    root: dataSet.root,
    layout: dataSet.layout,
    notes: dataSet.notes,
    images: images.length,
    classes: tally(images.map((image) => image.className)),
    partGroups: new Set(images.map((image) => image.partGroup)).size,
    width: rangeOf(read.map((finding) => finding.width!)),
    height: rangeOf(read.map((finding) => finding.height!)),
    differentSizes: new Set(read.map((finding) => `${finding.width}x${finding.height}`)).size,
    channels: tally(read.map((finding) => finding.channels!)),
    problems: problems.sort((a, b) => byName(a.name, b.name)),
    emptyMasks: names(empty),
    softMasks: masked.filter((finding) => finding.mask!.soft).length,
    defectiveWithoutMask: anyMask
      ? images.filter((image) => image.label === 'defective' && image.mask === undefined).map((image) => image.name)
      : [],
    goodWithDefect: names(masked.filter(({ image, mask }) => image.label === 'good' && mask!.count > 0)),
    unusedMasks: dataSet.unusedMasks ?? [],
    unlisted: dataSet.unlisted ?? [],
    otherBitDepths: names([...odd]),
    duplicates: findDuplicates(findings),
    nearCopies: options.nearCopies === false ? null : await summariseNearCopies(images, options),
    brightness: brightnessBaseline(findings.filter((finding) => !odd.has(finding))),
    published: publishedLeaks(dataSet),
  };
}
