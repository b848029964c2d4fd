/** One training of a comparison: done, gone on with, or read back. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleManifest, checkManifest } from '../../bundle/schema.ts';
import { FelfriError } from '../../core/errors.ts';
import { sha256, writeJson } from '../../core/files.ts';
import type { DataSet } from '../../data/dataset.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import type { Split } from '../../data/split.ts';
import type { Sequence } from '../../judge/comparison.ts';
import type { JobControl } from '../../train/control.ts';
import { readFacts, readMetrics } from '../../train/run-directory.ts';
import { evaluateBundle, type JudgedBundle, paperEvaluation } from '../judge/evaluate.ts';
import type { ScoredImage } from '../judge/scoring.ts';
import type { PlannedSequence } from './plan.ts';

export interface JudgedSequence {
  readonly sequence: Sequence;
  readonly judged: JudgedBundle;
}

/** How a planned sequence is carried out. */
export interface SequenceWork {
  readonly dataSet: DataSet;
  /** The comparison's folder. */
  readonly output: string;
  /** The comparison's settings, as JSON; results of others are not read. */
  readonly settings: unknown;
  /** Trains into the folder, or goes on there. */
  readonly train: (planned: PlannedSequence, output: string, control: JobControl) => Promise<JudgedBundle>;
  /** The verdict on each split, reached before the first training. */
  readonly leaks: ReadonlyMap<Split, LeakVerdict>;
}

/** What run/sequence.json holds. */
interface Stored {
  /** SHA-256 of the settings and of what this sequence is. */
  readonly identity: string;
  readonly sequence: Sequence;
  readonly pixels: JudgedBundle['pixels'];
  readonly images: readonly (Omit<ScoredImage, 'image'> & { readonly name: string })[];
}

function identityOf({ settings }: SequenceWork, planned: PlannedSequence): string {
  const { protocol, detector, name, seed, split } = planned;
  return sha256(JSON.stringify({ settings, protocol, detector, name, seed, split: split.name }));
}

async function readManifest(bundle: string): Promise<BundleManifest> {
  return checkManifest(JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')), bundle);
}

/** A finished sequence, or undefined where there is none of these settings. Throws BUNDLE_INVALID when its model was exchanged. */
async function readBack(work: SequenceWork, planned: PlannedSequence): Promise<JudgedSequence | undefined> {
  const bundle = join(work.output, planned.folder);
  const text = await readFile(join(bundle, 'run', 'sequence.json'), 'utf8').catch(() => undefined);
  const facts = await readFacts(join(bundle, 'run'));
  if (text === undefined || facts?.['state'] !== 'finished') return undefined;
  const { identity, sequence, pixels, images } = JSON.parse(text) as Stored;
  if (identity !== identityOf(work, planned)) return undefined;
  const manifest = await readManifest(bundle);
  if (manifest.files['model.onnx'] !== sequence.model) {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${bundle} is not the bundle that was judged; remove the folder to train it again`,
      { subject: bundle },
    );
  }
  const byName = new Map(work.dataSet.images.map((image) => [image.name, image]));
  const scored = images.map(({ name, ...facts }): ScoredImage => ({ ...facts, image: byName.get(name)! }));
  const { evaluation, inspectionMilliseconds } = sequence;
  return {
    sequence,
    judged: {
      bundle,
      manifest,
      evaluation,
      pixels,
      leak: null,
      scored,
      missing: null,
      leftOut: [],
      inspectionMilliseconds,
    },
  };
}

function oneKindOnly({ name }: PlannedSequence): FelfriError {
  return new FelfriError(
    'DATASET_TOO_SMALL',
    `the images that ${name} is judged on are of one kind only; a comparison needs good and defective ones in each: ask for other folds or fewer sequences`,
  );
}

async function sequenceOf(planned: PlannedSequence, judged: JudgedBundle): Promise<Sequence> {
  const { bundle, manifest, evaluation, pixels, inspectionMilliseconds } = judged;
  if (!evaluation) throw oneKindOnly(planned);
  const curve = (await readMetrics(join(bundle, 'run')))
    .filter(({ kind }) => kind === 'curve')
    .map((line) => ({ step: Number(line['done']), auroc: Number(line['auroc']) }));
  const seconds = manifest.training['seconds'];
  return {
    name: planned.name,
    bundle: planned.folder,
    evaluation,
    paperEvaluation: planned.protocol === 'paper' ? evaluation : paperEvaluation(judged)!,
    pixels,
    curve,
    trainingSeconds: typeof seconds === 'number' ? seconds : null,
    inspectionMilliseconds,
    model: manifest.files['model.onnx']!,
  };
}

/** A bundle whose training is over but whose figures were not stored here yet is judged again, not trained again. */
async function trainOrJudge(work: SequenceWork, planned: PlannedSequence, control: JobControl): Promise<JudgedBundle> {
  const bundle = join(work.output, planned.folder);
  const facts = await readFacts(join(bundle, 'run'));
  if (facts?.['state'] !== 'finished') return work.train(planned, bundle, control);
  const { split } = planned;
  return evaluateBundle({ ...control, bundle, split, allowLeaks: true, leak: work.leaks.get(split)! });
}

/** Reads the sequence back where it is finished, else trains and judges it, from its last checkpoint where there is one. */
export async function runSequence(
  work: SequenceWork,
  planned: PlannedSequence,
  control: JobControl,
): Promise<JudgedSequence & { readonly known: boolean }> {
  const finished = await readBack(work, planned);
  if (finished) return { ...finished, known: true };
  // known before hours are spent; found again after judging, should no image of a kind be readable
  if (new Set(planned.split.test.map(({ label }) => label)).size < 2) throw oneKindOnly(planned);
  const judged = await trainOrJudge(work, planned, control);
  const sequence = await sequenceOf(planned, judged);
  const stored: Stored = {
    identity: identityOf(work, planned),
    sequence,
    pixels: judged.pixels,
    images: judged.scored.map(({ image, ...facts }) => ({ ...facts, name: image.name })),
  };
  await writeJson(join(judged.bundle, 'run', 'sequence.json'), stored);
  return { sequence, judged, known: false };
}
