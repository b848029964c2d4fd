/** `felfri add`: more photographs for a trained flow, without training it again. */
import { join } from 'node:path';
import { readModel } from '../../bundle/content.ts';
import { detect } from '../../bundle/detect.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { writeModel } from '../../bundle/write.ts';
import { FelfriError } from '../../core/errors.ts';
import { type DataSet, dataSetHash } from '../../data/dataset.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import { calibrationImages, type Split } from '../../data/split.ts';
import { type ClosedForms, closedFormsOf } from '../../detectors/flow/add-good.ts';
import { titleOf } from '../../detectors/table.ts';
import { decodeModel, encodeModel, type OnnxModel } from '../../engine/onnx/schema.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { Inspector } from '../../inspect/inspector.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { type JobControl, sessionOptions } from '../../train/control.ts';
import { readFacts } from '../../train/run-directory.ts';
import { requireFree, requireOutside } from '../bundles/free-folder.ts';
import { goldenImages } from '../bundles/golden-images.ts';
import { beginRun, judgeNewBundle, newManifest } from '../bundles/new-bundle.ts';
import { rulesOf } from '../bundles/rules-of.ts';
import { requireTrainedOn } from '../bundles/trained-on.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { passLeakGate } from '../judge/leak-gate.ts';
import { clearlyDefective } from './clearly-defective.ts';
import { keepApart } from './kept-apart.ts';
import { learn } from './learn.ts';
import { type Newcomers, newcomersOf } from './newcomers.ts';

export interface AdditionRequest extends JobControl {
  /** Folder of a flow's bundle, trained on `split` of `dataSet`. */
  readonly bundle: string;
  readonly dataSet: DataSet;
  readonly split: Split;
  /** What is to be added. */
  readonly photos: DataSet;
  readonly output: string;
  /** Learn as good what the bundle calls clearly defective. */
  readonly accept?: boolean;
  /** As `calibrateBundle` takes them; those of the bundle unless told. */
  readonly rule?: ThresholdRule;
  readonly review?: ThresholdRule;
}

type Added = NonNullable<BundleManifest['added']>;

export interface Addition extends JudgedBundle {
  readonly added: Added;
  /** Seconds for the closed forms, scale and weights. */
  readonly seconds: number;
}

const refuse = (directory: string, what: string): FelfriError =>
  new FelfriError('OPTION_INVALID', `${directory} ${what}`, { subject: 'bundle' });

/** What a bundle holds in closed form. Throws OPTION_INVALID where nothing can be added to it. */
function requireForms(directory: string, manifest: BundleManifest, model: OnnxModel): ClosedForms {
  const { detector, settings, added, data, regions } = manifest;
  if (detector !== 'flow')
    throw refuse(
      directory,
      `is a bundle of a ${titleOf(detector)}; legal is a flow's${detector === 'fusion' ? ': add to the flow that it was made of, and fuse again' : ', which alone holds good parts in closed form: train anew'}`,
    );
  if (added)
    throw refuse(
      directory,
      'had photographs added to it already, and what these set cannot be told from it; give the bundle that they were added to, and all photographs',
    );
  if (data.protocol === 'paper')
    throw refuse(
      directory,
      'was made by the protocol of the paper, which keeps no images for its threshold; train anew',
    );
  const forms = closedFormsOf(model, settings);
  if (!forms)
    throw refuse(
      directory,
      'does not hold its closed forms so that they can be found: it is of before felfri add, or was trained without --views or --score combined; train anew',
    );
  if (regions && forms.place)
    throw refuse(directory, 'judges regions alone, and what its positions share cannot be told apart; train anew');
  return forms;
}

async function requireGood(inspector: Inspector, newcomers: Newcomers, request: AdditionRequest): Promise<number> {
  const { bundle, split, photos, accept = false } = request;
  request.onPhase?.('Judging the new images by the bundle');
  const given = { good: newcomers.good, calibration: calibrationImages(split).images };
  const odd = await clearlyDefective(inspector, bundle, given, request);
  if (odd.length === 0 || accept) return odd.length;
  const shown = odd.slice(0, 5).map(({ image, score }) => `${image.name} (score ${score.toFixed(3)})`);
  throw new FelfriError(
    'OPTION_INVALID',
    `the bundle calls ${odd.length} of ${newcomers.good.length} images to be learned as good clearly defective: ${shown.join(', ')}${odd.length > shown.length ? ', ...' : ''}. ` +
      'Look at them; take away or label those that are defective, or go on with --accept where all are good',
    { subject: photos.root },
  );
}

/** The split with what was added, and the counts of it. */
function extended(split: Split, { good, defective }: Newcomers) {
  const known = split.calibration.filter(({ label }) => label === 'good').length;
  const { learned, keptApart } = good.length > 0 ? keepApart(good, known) : { learned: [], keptApart: [] };
  return {
    learned,
    counts: { learned: learned.length, keptApart: keptApart.length, defective: defective.length },
    split: {
      ...split,
      name: `${split.name} and what was added`,
      train: [...split.train, ...learned],
      calibration: [...split.calibration, ...keptApart, ...defective],
    },
  };
}

function manifestOf(
  { files, ...former }: BundleManifest,
  added: Added,
  choices: readonly string[],
): Omit<BundleManifest, 'files'> {
  const { images } = former.data;
  const { train, calibration } = images;
  return newManifest({
    ...former,
    settings: { ...former.settings, choices },
    added,
    data: {
      ...former.data,
      images: {
        ...images,
        train: train + added.learned,
        calibration: calibration + added.keptApart + added.defective,
      },
    },
  });
}

/** The leak check's verdict on what the bundle was trained on: as its run has it, where that is there. What is added leaks nothing. */
async function verdictOn({ bundle, split, ...control }: AdditionRequest): Promise<LeakVerdict> {
  const known = (await readFacts(join(bundle, 'run')).catch(() => undefined))?.['leak'] as LeakVerdict | undefined;
  return known?.split === split.name ? known : passLeakGate(split, control);
}

async function addOpened(inspector: Inspector, request: AdditionRequest): Promise<Addition> {
  const { bundle, dataSet, photos, output } = request;
  const { manifest: former } = inspector;
  const before = decodeModel(await readModel(bundle, former));
  const forms = requireForms(bundle, former, before);
  request.onPhase?.('Hashing the images');
  const dataHash = await dataSetHash(dataSet);
  await requireTrainedOn({ directory: bundle, manifest: former }, 'flow', { dataHash, split: request.split });
  const newcomers = await newcomersOf(photos, dataSet, request.split, request);
  const { learned, split, counts } = extended(request.split, newcomers);
  const rules = rulesOf(request, former, split);
  const accepted = await requireGood(inspector, newcomers, request);

  const began = performance.now();
  const intake = former.pixels;
  const { images: calibration, chosenOn } = calibrationImages(split);
  const anew =
    learned.length > 0 ? await learn(before, forms, { learned, calibration, chosenOn, intake }, request) : undefined;
  const seconds = (performance.now() - began) / 1000;
  const model = encodeModel(anew?.model ?? before);

  request.onPhase?.('Writing the bundle');
  const added: Added = {
    to: former.files['model.onnx']!,
    name: photos.name,
    hash: await dataSetHash(photos),
    ...counts,
    leftOut: newcomers.leftOut.length,
    accepted,
  };
  const choices = [...((former.settings['choices'] as string[] | undefined) ?? []), ...(anew ? [anew.statement] : [])];
  const manifest = manifestOf(former, added, choices);
  const leak = await verdictOn(request);
  const run = await beginRun(output, { ...manifest.settings, added }, { software: manifest.software, leak });
  // the same values computed by onnxruntime's operators one by one
  const plain = await Session.create(model, { ...sessionOptions(request), optimise: false });
  try {
    const images = await goldenImages(split, split.train, intake);
    await writeModel(output, model, { images, expected: (image) => detect(plain, image, { intake }) }, manifest);
  } finally {
    await plain.release();
  }
  const judged = await judgeNewBundle(
    { ...request, ...rules, split, apart: true, allowLeaks: leak.overridden },
    { output, run, leak },
    () => ({}),
  );
  return { ...judged, added, seconds };
}

/**
 * Adds photographs to a trained flow: good ones change what it holds of good parts in closed form, and with defective ones the scale of its score,
 * the weights of its views and its threshold; what its couplings learned stays. The result is a bundle of its own, judged on the same test images.
 *
 * Throws OPTION_INVALID for a bundle that nothing can be added to, or photographs that it calls clearly defective, BUNDLE_MISMATCH unless it was
 * trained on this data and split, DATASET_TOO_SMALL where nothing is left to add, RUN_EXISTS, BUNDLE_INVALID or BUNDLE_GOLDEN.
 */
export async function addPhotographs(request: AdditionRequest): Promise<Addition> {
  await requireFree(request.output, request.dataSet);
  await requireOutside(request.output, request.photos);
  const inspector = await Inspector.open(request.bundle, sessionOptions(request));
  try {
    return await addOpened(inspector, request);
  } finally {
    await inspector.close();
  }
}
