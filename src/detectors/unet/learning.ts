/** How a U-Net learns: from patches of images on its canvas, with their masks or synthetic defects. */
import { paperAugmentation } from '../../data/augmentation.ts';
import { compileTraining } from '../../engine/training/program.ts';
import type { Canvas } from '../../train/canvas.ts';
import { cosine, plateau, type Schedule } from '../../train/schedule.ts';
import type { Learner, Learning, LearningData, LearningRequest, LearningTask } from '../learning.ts';
import { lookingAt } from '../looking-at.ts';
import { strideOf } from './architecture.ts';
import { unetInspection } from './inspection.ts';
import type { unetOptions } from './options.ts';
import { paperUnet } from './paper.ts';
import { type PatchSize, patchSize } from './patch-grid.ts';
import { syntheticShare, type UnetSettings, unetSettings } from './settings.ts';
import { unetTask } from './task.ts';
import { unetAdam, unetTraining } from './training.ts';
import { readTrainingCanvases } from './training-canvases.ts';
import { usualCanvas } from './usual-canvas.ts';

type UnetRequest = LearningRequest & UnetSettings;

function scheduleOf({ schedule, learningRate }: UnetSettings): Schedule {
  if (schedule === 'cosine') return cosine({ from: learningRate });
  const { lowestLearningRate: to, patience } = paperUnet;
  return plateau({ from: learningRate, to, factor: 0.1, patience });
}

/** Tiles as asked, but within a canvas whose sides the network cannot halve down to its deepest level: overlapping tiles cover what they cannot fill. */
function tilesOf(settings: UnetSettings, { height, width }: PatchSize): { side: number; overlap: number } {
  const stride = strideOf(settings);
  const { side, overlap } = settings.tile;
  if (height % stride === 0 && width % stride === 0) return { side, overlap };
  return { side: Math.min(side, Math.min(height, width) - (Math.min(height, width) % stride)), overlap };
}

async function read(request: UnetRequest, { images, intake }: LearningData, canvas: Canvas): Promise<LearningTask> {
  const { split, exposure, batch, seed, epochs, negativesPerPositive, mostPerImage, leastSteps } = request;
  request.onPhase?.('Reading images and masks');
  const calibration = split.calibration.filter((i) => i.label === 'good' || i.mask);
  const asked = { learned: images, watched: calibration };
  const { learned, watched, problems } = await readTrainingCanvases(asked, { canvas, exposure, intake }, request);
  const task = unetTask({
    train: learned.canvases,
    calibration: watched.canvases,
    patch: patchSize(canvas, request.patch, strideOf(request)),
    batch,
    epochs,
    schedule: scheduleOf(request),
    seed,
    augmentation: paperAugmentation,
    negativesPerPositive,
    mostPerImage,
    synthetic: syntheticShare(request),
    leastSteps,
  });
  return { task, problems };
}

async function plan(request: UnetRequest, data: LearningData): Promise<Learning> {
  const { exposure, base, encoder, batch, epochs, negativesPerPositive, mostPerImage, dice } = request;
  const { score, schedule, leastSteps } = request;
  const synthetic = syntheticShare(request);
  const canvas = lookingAt(request.canvas ?? (await usualCanvas(data.images)), data.regions);
  const patch = patchSize(canvas, request.patch, strideOf(request));
  const tile = tilesOf(request, canvas);
  // by which the trained network will inspect
  patchSize(canvas, tile.side, strideOf(request));
  const architecture = { base, ...(encoder && { encoder }) };
  return {
    canvas,
    settings: {
      detector: 'unet',
      canvas,
      ...(data.intake && { pixels: data.intake }),
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
    },
    backbone: encoder ?? null,
    adam: unetAdam,
    compile: () => compileTraining(unetTraining({ ...architecture, patch, batch, dice })),
    read: () => read(request, data, canvas),
    inspection: unetInspection({ ...architecture, canvas, patch: tile.side, overlap: tile.overlap, exposure, score }),
    mapUnit: 'score',
  };
}

/** Throws DATASET_TOO_SMALL where no defective image has a mask, or, with synthetic defects only, where there is no good image. */
export const unetLearner: Learner<typeof unetOptions, UnetSettings> = {
  settings: unetSettings,
  learnsFrom: ({ synthetic }) => (synthetic === 'only' ? 'good' : 'masks'),
  plan,
};
