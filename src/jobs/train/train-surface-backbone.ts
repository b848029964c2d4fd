/** `felfri train backbone --tell-surfaces`: images of many surfaces to a backbone that knows them apart. */
import { paperAugmentation } from '../../data/augmentation.ts';
import { unjudgedVerdict } from '../../data/leak/verdict.ts';
import type { PartImage } from '../../data/part-image.ts';
import { trainedOn } from '../../data/split.ts';
import { patchSize } from '../../detectors/unet/patch-grid.ts';
import type { SurfaceNumbers } from '../../detectors/unet/patch-sampler.ts';
import { surfaceTraining } from '../../detectors/unet/surface-training.ts';
import { unetTask } from '../../detectors/unet/task.ts';
import { unetAdam } from '../../detectors/unet/training.ts';
import { readTrainingCanvases } from '../../detectors/unet/training-canvases.ts';
import { usualCanvas } from '../../detectors/unet/usual-canvas.ts';
import { compileTraining } from '../../engine/training/program.ts';
import type { Canvases } from '../../train/canvases.ts';
import { cosine } from '../../train/schedule.ts';
import { type OwnBackbone, type OwnBackboneRequest, writeOwnBackbone } from './own-backbone-file.ts';
import { hashData, openRun, train } from './training-run.ts';

/** Light changes from image to image of a surface; here a little more. */
const augmentation = { ...paperAugmentation, brightness: 0.1, contrast: 0.25 };

/** The part group of each image that was read, as a number. */
function surfaceNumbers(images: readonly PartImage[], { problems }: Canvases): SurfaceNumbers {
  const unread = new Set(problems.map(({ name }) => name));
  const groups = images.filter(({ name }) => !unread.has(name)).map(({ partGroup }) => partGroup);
  const numbers = new Map([...new Set(groups)].map((group, i) => [group, i]));
  return { count: numbers.size, of: groups.map((group) => numbers.get(group)!) };
}

/**
 * Teaches a U-Net's way down to tell the part groups of the good training images apart and to find synthetic defects on them, and writes it
 * as `backbone.onnx`. Calibration images are watched; nothing is judged. Throws DATASET_TOO_SMALL where there is no good image.
 */
export async function trainSurfaceBackbone(request: OwnBackboneRequest): Promise<OwnBackbone> {
  const { split, exposure, base, batch, seed, epochs, learningRate, negativesPerPositive, leastSteps } = request;
  const images = trainedOn(split, 'good');
  const canvas = request.canvas ?? (await usualCanvas(images));
  const patch = patchSize(canvas, request.patch);
  const settings = {
    detector: 'surface-backbone',
    canvas,
    base,
    patch,
    exposure,
    schedule: { kind: 'cosine', epochs },
    leastSteps,
    negativesPerPositive,
  };
  const dataHash = await hashData(request);
  const plan = { request, settings, trainedOn: images, dataHash, leak: unjudgedVerdict(split) };
  const run = await openRun(plan);
  request.onPhase?.('Reading images');
  const read = { learned: images, watched: split.calibration.filter(({ label }) => label === 'good') };
  const { learned, watched, problems } = await readTrainingCanvases(read, { canvas, exposure }, request);
  const surfaces = surfaceNumbers(images, learned);
  const task = unetTask({
    train: learned.canvases,
    calibration: watched.canvases,
    patch,
    batch,
    epochs,
    schedule: cosine({ from: learningRate }),
    seed,
    augmentation,
    negativesPerPositive,
    mostPerImage: 'all',
    synthetic: 1,
    leastSteps,
    surfaces,
  });
  const program = compileTraining(surfaceTraining({ base, patch, batch, surfaces: surfaces.count }));
  const { weights } = await train(plan, run, { task, program, adam: unetAdam }, problems);
  const written = await writeOwnBackbone(request.output, weights, base);
  await run.record({ state: 'finished', backbone: written });
  await run.forgetCheckpoint();
  return written;
}
