/** `felfri train unet`: images with masks to a bundle. */

import { FelfriError } from '../core/errors.ts';
import type { NamedTensors } from '../core/tensor.ts';
import { paperAugmentation } from '../data/augmentation.ts';
import type { PartImage } from '../data/dataset.ts';
import { decodeForView } from '../data/image/decode.ts';
import { readImageBytes } from '../data/image/files.ts';
import { trainedOn } from '../data/split.ts';
import type { Backbone } from '../detectors/backbones/backbone.ts';
import type { Canvas } from '../detectors/detector.ts';
import { strideOf } from '../detectors/unet/architecture.ts';
import type { Exposure } from '../detectors/unet/canvas-grey.ts';
import { type UnetScore, unetInspection } from '../detectors/unet/inspection.ts';
import type { DiceOver } from '../detectors/unet/loss.ts';
import { type PatchSize, patchSize } from '../detectors/unet/patch-grid.ts';
import { paperUnet, unetAdam, unetTraining } from '../detectors/unet/training.ts';
import { compileTraining } from '../engine/training/program.ts';
import { cosine, plateau, type Schedule } from '../train/schedule.ts';
import { unetTask } from '../train/unet-task.ts';
import type { JudgedBundle } from './evaluate.ts';
import { finishTraining } from './finish.ts';
import { measureIntake } from './measure-intake.ts';
import { readTrainingCanvases } from './read-canvases.ts';
import { prepare, type TrainingRequest, train } from './training-run.ts';

export interface UnetRequest extends TrainingRequest {
  /** Channels of the first level; the paper's 64. */
  readonly base: number;
  /** A backbone as the fixed way down, so that the way up alone is learned; all is learned unless given. */
  readonly encoder?: Backbone;
  /** Pixels along a patch. */
  readonly patch: number;
  /** Pixels along the patches that an image is inspected in, and their shared part; those of training, half shared, unless told. */
  readonly tile?: { readonly side: number; readonly overlap: number };
  /** Left out: a canvas that holds the usual training image, no side above 768 pixels. */
  readonly canvas?: Canvas;
  /** Patches without defect for each one with defect, or all. */
  readonly negativesPerPositive: number | 'all';
  /** Patches with defect that one image gives an epoch at most, or all. */
  readonly mostPerImage: number | 'all';
  /** Grey values as they are, or brought to each image's own mean and deviation. */
  readonly exposure: Exposure;
  /** What Dice is taken over. */
  readonly dice: DiceOver;
  /** The paper's largest value unless told. */
  readonly score?: UnetScore;
  /**
   * Defects put onto good images: `only`, so that no label is used at all, or `share`, the share that they have in all patches with defect.
   * None unless told.
   */
  readonly synthetic?: 'only' | { readonly share: number };
  /** Steps of an epoch at least, so that few labels are no handful of steps; as many as the patches give unless told. */
  readonly leastSteps?: number;
  /** How the learning rate falls: `plateau`, the paper's way, unless told; `cosine`, so that it ends with the training. */
  readonly schedule?: 'cosine' | 'plateau';
  /** Given the trained weights before the bundle is written. */
  readonly onTrained?: (weights: NamedTensors) => Promise<void>;
}

/** Largest side of a canvas that is chosen here: scratches of a large photo stay visible, and an inspection takes about a second. */
const LARGEST_SIDE = 768;

/** A letterbox canvas of the images' median sides, made smaller as a whole where it is too large, rounded up to multiples of 64 pixels. */
export async function usualCanvas(images: readonly PartImage[]): Promise<Canvas> {
  const sizes: { width: number; height: number }[] = [];
  // from all over the list, which may be sorted by class
  const stride = Math.max(1, Math.floor(images.length / 200));
  for (const { path, raw } of images.filter((_, i) => i % stride === 0)) {
    try {
      sizes.push(await decodeForView(await readImageBytes(path, raw), path));
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
    }
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? LARGEST_SIDE;
  const [height, width] = [median(sizes.map((s) => s.height)), median(sizes.map((s) => s.width))];
  const scale = Math.min(1, LARGEST_SIDE / Math.max(height, width));
  const side = (length: number): number => Math.max(64, Math.ceil((length * scale) / 64) * 64);
  return { height: side(height), width: side(width), fit: 'letterbox' };
}

/** The share of synthetic defects among all. Throws OPTION_INVALID for one that leaves no room for labels. */
function syntheticShare({ synthetic }: UnetRequest): number {
  if (synthetic === undefined) return 0;
  if (synthetic === 'only') return 1;
  if (synthetic.share >= 0 && synthetic.share < 1) return synthetic.share;
  throw new FelfriError(
    'OPTION_INVALID',
    `share of synthetic defects: got ${synthetic.share}; legal is 0 to below 1, or synthetic defects only`,
    { subject: 'synthetic' },
  );
}

function scheduleOf({ schedule, learningRate }: UnetRequest): Schedule {
  if (schedule === 'cosine') return cosine({ from: learningRate });
  const { lowestLearningRate: to, patience } = paperUnet;
  return plateau({ from: learningRate, to, factor: 0.1, patience });
}

/** Tiles as asked, but within a canvas whose sides the network cannot halve down to its deepest level: overlapping tiles cover what they cannot fill. */
function tilesOf(request: UnetRequest, { height, width }: PatchSize): { side: number; overlap: number } {
  const { tile, patch } = request;
  const stride = strideOf(request);
  const { side, overlap } = tile ?? { side: patch, overlap: paperUnet.overlap };
  if (height % stride === 0 && width % stride === 0) return { side, overlap };
  return { side: Math.min(side, Math.min(height, width) - (Math.min(height, width) % stride)), overlap };
}

/**
 * Trains, calibrates and judges a U-Net. Throws DATASET_TOO_SMALL where no defective image has a mask, or, with synthetic defects only,
 * where there is no good image.
 */
export async function trainUnet(request: UnetRequest): Promise<JudgedBundle> {
  const { split, exposure, base, encoder, batch, seed, epochs, negativesPerPositive, mostPerImage, dice } = request;
  const { score = 'max', schedule = 'plateau', leastSteps = 0 } = request;
  const synthetic = syntheticShare(request);
  const images = trainedOn(split, request.synthetic === 'only' ? 'flow' : 'unet');
  const intake = await measureIntake(images, request, request);
  const canvas = request.canvas ?? (await usualCanvas(images));
  const patch = patchSize(canvas, request.patch, strideOf(request));
  const tile = tilesOf(request, canvas);
  const architecture = { base, ...(encoder && { encoder }) };
  const settings = {
    detector: 'unet',
    canvas,
    ...(intake && { pixels: intake }),
    base,
    ...(encoder && { encoder: { name: encoder.name, fingerprint: encoder.fingerprint } }),
    patch: request.patch,
    tile,
    exposure,
    dice,
    score,
    // a cosine's rate depends on where it ends
    schedule: schedule === 'cosine' ? { kind: 'cosine', epochs } : schedule,
    synthetic,
    leastSteps,
    negativesPerPositive,
    mostPerImage,
  };
  const { plan, run, program } = await prepare(request, settings, images, () =>
    compileTraining(unetTraining({ ...architecture, patch, batch, dice })),
  );
  request.onPhase?.('Reading images and masks');
  const calibration = split.calibration.filter((i) => i.label === 'good' || i.mask);
  const read = { learned: images, watched: calibration };
  const { learned, watched, problems } = await readTrainingCanvases(read, { canvas, exposure, intake }, request);
  const task = unetTask({
    train: learned.canvases,
    calibration: watched.canvases,
    patch,
    batch,
    epochs,
    schedule: scheduleOf(request),
    seed,
    augmentation: paperAugmentation,
    negativesPerPositive,
    mostPerImage,
    synthetic,
    leastSteps,
  });
  const outcome = await train(plan, run, task, program, unetAdam, problems);
  await request.onTrained?.(outcome.weights);
  return finishTraining(request, outcome, {
    detector: 'unet',
    canvas,
    settings,
    backbone: encoder ? { name: encoder.name, licence: encoder.licence, fingerprint: encoder.fingerprint } : null,
    trained: {
      inspection: unetInspection({ ...architecture, canvas, patch: tile.side, overlap: tile.overlap, exposure, score }),
      weights: outcome.weights,
      ...(intake && { intake }),
    },
    trainedOn: images,
  });
}
