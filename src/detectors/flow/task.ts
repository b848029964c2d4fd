/** Training a flow: batches of cached feature maps, and how the run is judged on the way. */
import { auroc } from '../../core/auroc.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, sizeOf, stack, type Tensor } from '../../core/tensor.ts';
import type { Feeds } from '../../engine/runtime/onnxruntime.ts';
import type { TrainerLike } from '../../engine/training/trainer.ts';
import type { Schedule } from '../../train/schedule.ts';
import type { TrainingTask } from '../../train/training-task.ts';
import { combined, type SettledScore, settle, standardOf, type ViewSizes } from './combined.ts';
import { featureInput, noiseInput } from './training.ts';

/** Feature maps (C, h, w) of one image, largest scale first. */
export type ImageFeatures = readonly Tensor[];

/** Images that are judged after each epoch; never the test images, unless the paper's protocol was asked for. */
interface WatchedImages {
  readonly features: readonly ImageFeatures[];
  readonly defective: readonly boolean[];
}

export interface FlowTaskOptions {
  /** Good images only. */
  readonly train: readonly ImageFeatures[];
  readonly watched: WatchedImages;
  /** Images whose AUROC is written down every so many steps (Figure 1 of the paper) and never steers anything. */
  readonly curve?: WatchedImages & { readonly every: number };
  /** Good images that set the scale of a combined score: not trained on where there are any. */
  readonly reference: readonly ImageFeatures[];
  /** How many parts of a combined score each view has. */
  readonly viewSizes: ViewSizes;
  /** Deviation of the noise on what goes into the first block, and its sizes (C, h, w); none when left out. */
  readonly noise?: { readonly deviation: number; readonly shapes: readonly (readonly number[])[] };
  readonly batch: number;
  readonly evaluationBatch: number;
  readonly epochs: number;
  readonly schedule: Schedule;
  readonly seed: number;
}

const bothKinds = ({ defective }: WatchedImages): boolean => defective.includes(true) && defective.includes(false);

function feeds(images: readonly ImageFeatures[]): Feeds {
  const scales = images[0]!.map((_, scale) => scale);
  return Object.fromEntries(scales.map((s) => [featureInput(s), stack(images.map((maps) => maps[s]!))]));
}

/** Of each image, by a trainer's present weights, in order; either its score or the parts of a combined one. */
interface Evaluated {
  readonly score: number[];
  readonly parts: Float32Array[];
  readonly maximum: number[];
}

async function evaluateFeatures(
  trainer: TrainerLike,
  images: readonly ImageFeatures[],
  batch: number,
): Promise<Evaluated> {
  const score: number[] = [];
  const parts: Float32Array[] = [];
  const maximum: number[] = [];
  for (let start = 0; start < images.length; start += batch) {
    const part = images.slice(start, start + batch);
    // the graph's batch is fixed: the last one is filled up with its own last image
    const full = Array.from({ length: batch }, (_, i) => part[Math.min(i, part.length - 1)]!);
    const out = await trainer.evaluate(feeds(full));
    maximum.push(...out['maximum']!.data.subarray(0, part.length));
    if (out['score']) score.push(...out['score'].data.subarray(0, part.length));
    else {
      const { shape, data } = out['parts']!;
      for (let i = 0; i < part.length; i++) parts.push(data.slice(i * shape[1]!, (i + 1) * shape[1]!) as Float32Array);
    }
  }
  return { score, parts, maximum };
}

/** The scale of a combined score by a trainer's present weights, as states. */
async function scoreStandard(
  trainer: TrainerLike,
  reference: readonly ImageFeatures[],
  batch: number,
  sizes: ViewSizes,
): Promise<NamedTensors> {
  const { parts } = await evaluateFeatures(trainer, reference, batch);
  return standardOf(parts, sizes);
}

/** Sets the scale on `reference`, and weighs the views by `watched`, which are `of` the calibration part. */
export async function settleScore(
  trainer: TrainerLike,
  {
    reference,
    watched,
    of,
  }: { readonly reference: readonly ImageFeatures[]; readonly watched: WatchedImages; readonly of: string },
  batch: number,
  sizes: ViewSizes,
): Promise<SettledScore> {
  const { parts: good } = await evaluateFeatures(trainer, reference, batch);
  const { parts } = await evaluateFeatures(trainer, watched.features, batch);
  return settle(good, { parts, defective: watched.defective, of }, sizes);
}

/** Values that noise is cut from: long enough that no two batches meet the same noise on the same images. */
const NOISE_LENGTH = 2 ** 21;

/** Normal noise for a step: a stretch of one long seeded sequence that begins where (seed, epoch, step, scale) says. */
function noiseMaker(
  seed: number,
  deviation: number,
): (epoch: number, step: number, scale: number, shape: number[]) => Tensor {
  const random = Random.of(seed, 'noise');
  const bank = Float32Array.from({ length: NOISE_LENGTH }, () => deviation * random.normal());
  return (epoch, step, scale, shape) => {
    const size = sizeOf(shape);
    const data = new Float32Array(size);
    const start = Random.of(seed, 'noise', epoch, step, scale).integer(NOISE_LENGTH);
    for (let i = 0; i < size; ) {
      const from = (start + i) % NOISE_LENGTH;
      const piece = bank.subarray(from, Math.min(NOISE_LENGTH, from + size - i));
      data.set(piece, i);
      i += piece.length;
    }
    return { shape, data };
  };
}

/** Every image once an epoch, in an order drawn for the epoch; the last batch is filled up from the epoch's beginning. */
export function flowTask(options: FlowTaskOptions): TrainingTask {
  const { train, watched, curve, reference, viewSizes, noise, batch, evaluationBatch, epochs, schedule, seed } =
    options;
  const makeNoise = noise && noiseMaker(seed, noise.deviation);
  const scored = async (trainer: TrainerLike, images: readonly ImageFeatures[]): Promise<Evaluated> => {
    const evaluated = await evaluateFeatures(trainer, images, evaluationBatch);
    if (evaluated.score.length > 0 || images.length === 0) return evaluated;
    const standard = await scoreStandard(trainer, reference, evaluationBatch, viewSizes);
    return { ...evaluated, score: evaluated.parts.map((parts) => combined(parts, viewSizes, standard)) };
  };
  let drawn: { epoch: number; order: number[] } | undefined;
  const orderOf = (epoch: number): number[] => {
    if (drawn?.epoch !== epoch) drawn = { epoch, order: Random.of(seed, 'order', epoch).permutation(train.length) };
    return drawn.order;
  };
  const both = bothKinds(watched);
  return {
    epochs,
    stepsPerEpoch: Math.ceil(train.length / batch),
    schedule,
    batch: async (epoch, step) => {
      const order = orderOf(epoch);
      const images = Array.from({ length: batch }, (_, i) => train[order[(step * batch + i) % order.length]!]!);
      const disturbances = (noise?.shapes ?? []).map((shape, scale) => [
        noiseInput(scale),
        makeNoise!(epoch, step, scale, [batch, ...shape]),
      ]);
      return { ...feeds(images), ...Object.fromEntries(disturbances) };
    },
    judge: async (trainer) => {
      if (watched.features.length === 0) return {};
      const { score, maximum } = await scored(trainer, watched.features);
      const good = score.filter((_, i) => !watched.defective[i]);
      const result: Record<string, number> = {};
      if (good.length > 0) result['goodScore'] = good.reduce((a, b) => a + b, 0) / good.length;
      if (both) {
        result['auroc'] = auroc(score, watched.defective);
        result['aurocOfMaximum'] = auroc(maximum, watched.defective);
      }
      return result;
    },
    ...(curve &&
      bothKinds(curve) && {
        curve: {
          every: curve.every,
          measure: async (trainer) => {
            const { score } = await scored(trainer, curve.features);
            return { auroc: auroc(score, curve.defective) };
          },
        },
      }),
  };
}
