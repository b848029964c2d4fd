/** From trained weights to a bundle with a threshold, judged on test images that had no say in it. */
import type { BundleManifest } from '../../bundle/schema.ts';
import { type TrainedDetector, writeBundle } from '../../bundle/write.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Regions } from '../../data/regions/schema.ts';
import { splitHash } from '../../data/split.ts';
import type { DetectorName } from '../../detectors/table.ts';
import type { Canvas } from '../../train/canvas.ts';
import { goldenImages } from '../bundles/golden-images.ts';
import { judgeNewBundle, newManifest } from '../bundles/new-bundle.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import type { TrainingOutcome, TrainingRequest } from './training-run.ts';

export interface FinishOptions {
  readonly detector: DetectorName;
  readonly canvas: Canvas;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly backbone: BundleManifest['backbone'];
  readonly trained: TrainedDetector;
  readonly trainedOn: readonly PartImage[];
  readonly mapUnit?: 'score';
  readonly regions?: Regions;
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
  const { height, width, fit } = options.canvas;
  const parts = new Set(dataSet.images.map((i) => i.partGroup)).size;
  const manifest = newManifest({
    detector: options.detector,
    canvas: { height, width, fit },
    ...(options.regions && { regions: { ...options.regions, within: 'model' as const } }),
    ...(intake && { pixels: intake }),
    settings: { ...options.settings },
    backbone: options.backbone,
    ...(options.mapUnit && { mapUnit: options.mapUnit }),
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
  });
  await writeBundle(output, options.trained, await goldenImages(split, options.trainedOn, intake), manifest);
  const judged = await judgeNewBundle(request, { output, run, leak }, () => ({}));
  await run.forgetCheckpoint();
  return { ...judged, leftOut: [...dataSet.problems, ...leftOut, ...judged.leftOut] };
}
