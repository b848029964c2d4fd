/** From trained weights to a bundle with a threshold, judged on test images that had no say in it. */

import { type BundleManifest, SCHEMA_VERSION } from '../bundle/schema.ts';
import { type TrainedDetector, writeBundle } from '../bundle/write.ts';
import { FelfriError } from '../core/errors.ts';
import { softwareVersions } from '../core/version.ts';
import type { PartImage } from '../data/dataset.ts';
import { type Intake, takeImage } from '../data/image/intake.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import { type Split, splitHash } from '../data/split.ts';
import type { Canvas, DetectorName } from '../detectors/detector.ts';
import { onnxruntimeVersion } from '../engine/runtime/onnxruntime.ts';
import { calibrateBundle } from './calibrate.ts';
import { evaluateBundle, type JudgedBundle } from './evaluate.ts';
import type { TrainingOutcome, TrainingRequest } from './training-run.ts';

export interface FinishOptions {
  readonly detector: DetectorName;
  readonly canvas: Canvas;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly backbone: BundleManifest['backbone'];
  readonly trained: TrainedDetector;
  readonly trainedOn: readonly PartImage[];
}

/** How many golden images a bundle carries: enough to notice a wrong model, little to replay at every start. */
const GOLDEN_IMAGES = 2;

/** Images of the calibration part, else of training, that can be read. */
export async function goldenImages(
  { calibration }: Split,
  trainedOn: readonly PartImage[],
  intake: Intake | undefined,
): Promise<Image<Pixels>[]> {
  const candidates = [
    calibration.find((i) => i.label === 'defective'),
    calibration.find((i) => i.label === 'good'),
    ...trainedOn.slice(0, 20),
  ];
  const images: Image<Pixels>[] = [];
  for (const candidate of candidates) {
    if (!candidate || images.length === GOLDEN_IMAGES) continue;
    try {
      images.push(await takeImage(candidate.path, intake));
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
    }
  }
  return images;
}

/** Writes the bundle, sets its threshold on calibration images, judges it on test images, and forgets the checkpoint. */
export async function finishTraining(
  request: TrainingRequest,
  outcome: TrainingOutcome,
  options: FinishOptions,
): Promise<JudgedBundle> {
  const { dataSet, split, output } = request;
  const { loop, run, dataHash, leak, leftOut } = outcome;
  request.onPhase?.('Writing the bundle');
  const { intake } = options.trained;
  const parts = new Set(dataSet.images.map((i) => i.partGroup)).size;
  await writeBundle(output, options.trained, await goldenImages(split, options.trainedOn, intake), {
    schema: SCHEMA_VERSION,
    detector: options.detector,
    created: new Date().toISOString(),
    canvas: options.canvas,
    ...(intake && { pixels: intake }),
    settings: { ...options.settings },
    backbone: options.backbone,
    threshold: null,
    mapRange: { low: 0, high: 1 },
    evaluation: null,
    data: {
      name: dataSet.name,
      hash: dataHash,
      split: split.name,
      splitHash: splitHash(split),
      protocol: split.protocol,
      images: { train: options.trainedOn.length, calibration: split.calibration.length, test: split.test.length },
      partGroups: `${parts} part groups over ${dataSet.images.length} images`,
      leak,
    },
    training: {
      seed: request.seed,
      batch: request.batch,
      learningRate: request.learningRate,
      epochs: loop.epochs,
      steps: loop.steps,
      seconds: loop.seconds,
      lastLoss: loop.epochLosses.at(-1) ?? null,
    },
    software: softwareVersions(onnxruntimeVersion),
  });
  await calibrateBundle({ ...request, bundle: output });
  const judged = await evaluateBundle({ ...request, bundle: output, leak });
  await run.record({ state: 'finished', evaluation: judged.evaluation });
  await run.forgetCheckpoint();
  return { ...judged, leftOut: [...dataSet.problems, ...leftOut, ...judged.leftOut] };
}
