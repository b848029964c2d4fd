/** Whether a bundle may be fused or quantised on a split: it must have learned from the split's training side, and from nothing else. */
import { join } from 'node:path';
import type { BundleManifest } from '../../bundle/schema.ts';
import { FelfriError } from '../../core/errors.ts';
import { type DataSet, dataSetHash } from '../../data/dataset.ts';
import { type Split, splitHash } from '../../data/split.ts';
import { readFacts } from '../../train/run-directory.ts';

export interface BundleAt {
  readonly directory: string;
  readonly manifest: BundleManifest;
}

const mismatch = (directory: string, what: string): FelfriError =>
  new FelfriError('BUNDLE_MISMATCH', `${directory} ${what}`, { subject: directory });

/** Names of the images that a bundle of before `splitHash` was trained on, from the record of its run. */
async function namesTrainedOn(directory: string): Promise<readonly string[]> {
  const facts = await readFacts(join(directory, 'run'));
  const { data } = (facts?.['configuration'] ?? {}) as { data?: { trainedOn?: unknown } };
  if (Array.isArray(data?.trainedOn)) return data.trainedOn as string[];
  throw mismatch(directory, 'does not say which images it was trained on, neither itself nor in run/; train it again');
}

/**
 * Throws OPTION_INVALID for a bundle of another detector than the one asked for, BUNDLE_MISMATCH unless the bundle was trained on these
 * data and this split. What was trained on other images may know those that calibrate and judge the fusion.
 */
export async function requireTrainedOn(
  { directory, manifest }: BundleAt,
  detector: 'flow' | 'unet',
  { dataHash, split }: { readonly dataHash: string; readonly split: Split },
): Promise<void> {
  if (manifest.detector !== detector) {
    throw new FelfriError(
      'OPTION_INVALID',
      `${directory} is a bundle of a ${manifest.detector}; legal here is one that felfri train ${detector} wrote (first the flow's, then the U-Net's)`,
      { subject: directory },
    );
  }
  const { data } = manifest;
  if (data.hash !== dataHash) {
    throw mismatch(
      directory,
      `was trained on the data set ${data.name} with SHA-256 ${data.hash.slice(0, 12)}, the one given has ${dataHash.slice(0, 12)}; give the data that it was trained on`,
    );
  }
  const asked = `${split.name}, ${split.protocol} protocol`;
  const own = `${data.split}, ${data.protocol} protocol`;
  if (own !== asked) {
    throw mismatch(
      directory,
      `was trained on ${own}; asked for is ${asked}: give the same --split, --fold and --protocol`,
    );
  }
  if (data.splitHash !== undefined) {
    if (data.splitHash === splitHash(split)) return;
    throw mismatch(
      directory,
      `was trained on another ${split.name} of the same data; give the same --folds, --seed and part groups as in training`,
    );
  }
  const train = new Set(split.train.map(({ name }) => name));
  const other = (await namesTrainedOn(directory)).find((name) => !train.has(name));
  if (other === undefined) return;
  throw mismatch(
    directory,
    `was trained on ${other}, which is not on the training side of ${split.name}; give the same --folds, --seed and part groups as in training`,
  );
}

/**
 * What to say where a threshold or figures are made by other images than training kept apart; null where they are those, as far as it is known.
 * What a detector learned from scores too well. The split is told by names; with `dataSet`, whose files are read then, also by what they hold.
 */
export async function otherImages(
  { data }: Pick<BundleManifest, 'data'>,
  split: Split,
  dataSet?: DataSet,
): Promise<string | null> {
  if (data.splitHash !== undefined && data.splitHash !== splitHash(split)) {
    return (
      `the bundle was trained on ${data.split} of ${data.name}, and these are not the images that were kept apart then (other data, fold or seed): ` +
      'images that it learned from may be among them, and score lower than new parts do'
    );
  }
  if (dataSet === undefined) return null;
  const hash = await dataSetHash(dataSet);
  if (hash === data.hash) return null;
  return (
    `the bundle was trained on ${data.name} with SHA-256 ${data.hash.slice(0, 12)}, and ${dataSet.root} has ${hash.slice(0, 12)}: ` +
    'other data of the same names, or images, labels or masks that were changed since'
  );
}
