/** `felfri quantize`: a trained U-Net as a bundle that computes in 8 bits, with a threshold of its own, measured beside the float one. */
import { readModel } from '../../bundle/content.ts';
import { detect } from '../../bundle/detect.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { writeModel } from '../../bundle/write.ts';
import { auroc } from '../../core/auroc.ts';
import { FelfriError } from '../../core/errors.ts';
import { spread } from '../../core/spread.ts';
import { type DataSet, dataSetHash } from '../../data/dataset.ts';
import { takeImage } from '../../data/image/intake.ts';
import { calibrationImages, type Split } from '../../data/split.ts';
import { quantise } from '../../engine/onnx/quantization.ts';
import { convolutionCounts } from '../../engine/onnx/quantization-plan.ts';
import { decodeModel, encodeModel } from '../../engine/onnx/schema.ts';
import { foldConstants, Session } from '../../engine/runtime/onnxruntime.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { median } from '../../judge/intervals.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { sessionOptions } from '../../train/control.ts';
import { requireFree } from '../bundles/free-folder.ts';
import { goldenImages } from '../bundles/golden-images.ts';
import { beginRun, judgeNewBundle, newManifest } from '../bundles/new-bundle.ts';
import { rulesOf } from '../bundles/rules-of.ts';
import { requireTrainedOn } from '../bundles/trained-on.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { type LeakGateOptions, passLeakGate } from '../judge/leak-gate.ts';
import { labelled, type ScoredImage, scoreImages } from '../judge/scoring.ts';
import { measureRanges } from './ranges.ts';

export interface QuantizationRequest extends LeakGateOptions {
  /** Folder of a U-Net's bundle, trained on `split`. */
  readonly bundle: string;
  readonly dataSet: DataSet;
  readonly split: Split;
  readonly output: string;
  /** As `calibrateBundle` takes them; those of the float bundle unless told. */
  readonly rule?: ThresholdRule;
  readonly review?: ThresholdRule;
}

/** The float and the 8-bit bundle on the calibration images. */
interface QuantizationEffect {
  /** Median milliseconds of an image, float and 8 bits, in alternating runs. */
  readonly milliseconds: { readonly float: number; readonly quantised: number };
  /** How many times as fast. */
  readonly speedup: number;
  /** Null where the calibration images are of one kind only. */
  readonly auroc: { readonly float: number; readonly quantised: number } | null;
  /** Largest difference of an image's two scores. */
  readonly largestScoreDifference: number;
  /** Bytes of the two models. */
  readonly bytes: { readonly float: number; readonly quantised: number };
}

export interface QuantizedBundle extends JudgedBundle {
  readonly effect: QuantizationEffect;
}

/** Images that times are taken on, each by both bundles one after the other. */
const TIMED_IMAGES = 30;

function requireUnet(directory: string, { detector, quantisation }: BundleManifest): void {
  const fail = (what: string): never => {
    throw new FelfriError('OPTION_INVALID', `${directory} is ${what}`, { subject: 'bundle' });
  };
  if (detector !== 'unet') {
    const article = `a bundle of a ${detector}`;
    fail(`${article}; legal is a U-Net's. A flow computes slower in 8 bits than in float (docs/experiments/speed.md)`);
  }
  if (quantisation) fail('in 8 bits already; give the float bundle that it was made from');
}

async function medianTimes(float: Inspector, quantised: Inspector, split: Split): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (const { path, name, raw } of spread(calibrationImages(split).images, TIMED_IMAGES)) {
    const image = await takeImage(path, float.manifest.pixels, raw).catch(() => null);
    if (image === null) continue;
    for (const [i, inspector] of [float, quantised].entries()) {
      times[i]!.push((await inspector.inspectImage(image, name)).milliseconds.detect);
    }
  }
  return [median(times[0]), median(times[1])];
}

function areaOf(scored: readonly ScoredImage[]): number | null {
  const { labels, scores } = labelled(scored);
  const defective = labels.map((label) => label === 1);
  return defective.includes(true) && defective.includes(false) ? auroc(scores, defective) : null;
}

function largestDifference(some: readonly ScoredImage[], others: readonly ScoredImage[]): number {
  const scores = new Map(others.map(({ image, score }) => [image.name, score]));
  return some.reduce(
    (most, { image, score }) => Math.max(most, Math.abs(score - (scores.get(image.name) ?? score))),
    0,
  );
}

/**
 * Quantises a U-Net with ranges from calibration images, gives it a threshold by the float bundle's rule on the same images, and judges it.
 *
 * Throws OPTION_INVALID for another detector's bundle or one in 8 bits already, BUNDLE_INVALID or BUNDLE_GOLDEN for one that does not open,
 * BUNDLE_MISMATCH unless it was trained on this data and split, RUN_EXISTS, LEAK_FOUND, MODEL_INVALID where no convolution can be
 * quantised.
 */
export async function quantizeBundle(request: QuantizationRequest): Promise<QuantizedBundle> {
  const { dataSet, split, output, bundle } = request;
  const session = sessionOptions(request);
  await requireFree(output, dataSet);
  const float = await Inspector.open(bundle, session);
  try {
    requireUnet(bundle, float.manifest);
    const rules = rulesOf(request, float.manifest, request.split);
    request.onPhase?.('Hashing the images');
    const dataHash = await dataSetHash(dataSet);
    await requireTrainedOn({ directory: bundle, manifest: float.manifest }, 'unet', { dataHash, split });
    const leak = await passLeakGate(split, request);

    const intake = float.manifest.pixels;
    const bytes = await readModel(bundle, float.manifest);
    const folded = decodeModel(await foldConstants(bytes));
    request.onPhase?.('Measuring the ranges of values');
    const { ranges, images } = await measureRanges(folded, calibrationImages(split).images, intake, request);
    const model = encodeModel(quantise(folded, ranges));

    request.onPhase?.('Writing the bundle');
    const manifest = manifestOf(float.manifest, { images, ...convolutionCounts(folded) });
    const data = { name: dataSet.name, hash: dataHash, split: split.name, protocol: split.protocol };
    const configuration = { ...manifest.settings, quantisation: manifest.quantisation, data };
    const run = await beginRun(output, configuration, { software: manifest.software, leak });
    // the same integers computed by onnxruntime's operators one by one, in float
    const plain = await Session.create(model, { ...session, optimise: false });
    try {
      const images = await goldenImages(split, split.train, intake);
      await writeModel(output, model, { images, expected: (image) => detect(plain, image, { intake }) }, manifest);
    } finally {
      await plain.release();
    }

    const sizes = { float: bytes.length, quantised: model.length };
    return await judgeNewBundle({ ...request, ...rules }, { output, run, leak }, async (scored) => ({
      effect: await effectOf(float, { request, scored, bytes: sizes }),
    }));
  } finally {
    await float.close();
  }
}

interface Quantised {
  readonly request: QuantizationRequest;
  /** The calibration images by the 8-bit bundle. */
  readonly scored: readonly ScoredImage[];
  readonly bytes: QuantizationEffect['bytes'];
}

async function effectOf(float: Inspector, { request, scored, bytes }: Quantised): Promise<QuantizationEffect> {
  const { split, output } = request;
  request.onPhase?.('Comparing with the float bundle');
  const before = await scoreImages(float, calibrationImages(split).images, request);
  const quantised = await Inspector.open(output, sessionOptions(request));
  try {
    const [slow, fast] = await medianTimes(float, quantised, split);
    const [areaBefore, area] = [areaOf(before.scored), areaOf(scored)];
    return {
      milliseconds: { float: slow, quantised: fast },
      speedup: slow / fast,
      auroc: areaBefore === null || area === null ? null : { float: areaBefore, quantised: area },
      largestScoreDifference: largestDifference(before.scored, scored),
      bytes,
    };
  } finally {
    await quantised.close();
  }
}

function manifestOf(
  { files, ...float }: BundleManifest,
  counts: Pick<NonNullable<BundleManifest['quantisation']>, 'images' | 'convolutions' | 'allConvolutions'>,
): Omit<BundleManifest, 'files'> {
  return newManifest({ ...float, quantisation: { of: files['model.onnx']!, ...counts } });
}
