/** Training a flow: batches of cached feature maps, and how the run is judged on the way. */
import { auroc } from '../core/auroc.ts';
import { Random } from '../core/random.ts';
import { stack, type Tensor } from '../core/tensor.ts';
import { featureInput } from '../detectors/flow/training.ts';
import type { Feeds } from '../engine/runtime/onnxruntime.ts';
import type { TrainerLike } from '../engine/training/trainer.ts';
import type { TrainingTask } from './loop.ts';
import type { Schedule } from './schedule.ts';

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

/** Scores of images by a trainer's present weights, in order. */
async function scoreFeatures(
  trainer: TrainerLike,
  images: readonly ImageFeatures[],
  batch: number,
): Promise<{ score: number[]; maximum: number[] }> {
  const score: number[] = [];
  const maximum: number[] = [];
  for (let start = 0; start < images.length; start += batch) {
    const part = images.slice(start, start + batch);
    // the graph's batch is fixed: the last one is filled up with its own last image
    const full = Array.from({ length: batch }, (_, i) => part[Math.min(i, part.length - 1)]!);
    const out = await trainer.evaluate(feeds(full));
    score.push(...out['score']!.data.subarray(0, part.length));
    maximum.push(...out['maximum']!.data.subarray(0, part.length));
  }
  return { score, maximum };
}

/** Every image once an epoch, in an order drawn for the epoch; the last batch is filled up from the epoch's beginning. */
export function flowTask(options: FlowTaskOptions): TrainingTask {
  const { train, watched, curve, batch, evaluationBatch, epochs, schedule, seed } = options;
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
      return feeds(Array.from({ length: batch }, (_, i) => train[order[(step * batch + i) % order.length]!]!));
    },
    judge: async (trainer) => {
      if (watched.features.length === 0) return {};
      const { score, maximum } = await scoreFeatures(trainer, watched.features, evaluationBatch);
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
            const { score } = await scoreFeatures(trainer, curve.features, evaluationBatch);
            return { auroc: auroc(score, curve.defective) };
          },
        },
      }),
  };
}
