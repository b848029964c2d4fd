/** Training a U-Net: augmented patches of masked images, judged by the loss on calibration patches. */

import { type AugmentationOptions, noAugmentation } from '../../data/augmentation.ts';
import type { GreyCanvas } from '../../train/canvas.ts';
import type { Schedule } from '../../train/schedule.ts';
import type { TrainingTask } from '../../train/training-task.ts';
import type { PatchSize } from './patch-grid.ts';
import { PatchSampler, type SurfaceNumbers } from './patch-sampler.ts';

export interface UnetTaskOptions {
  readonly train: readonly GreyCanvas[];
  readonly calibration: readonly GreyCanvas[];
  readonly patch: PatchSize;
  readonly batch: number;
  readonly epochs: number;
  readonly schedule: Schedule;
  readonly seed: number;
  readonly augmentation: AugmentationOptions;
  readonly negativesPerPositive: number | 'all';
  readonly mostPerImage: number | 'all';
  /** As of the patch sampler. With 1, calibration patches are judged with synthetic defects too. */
  readonly synthetic?: number;
  /** Steps of an epoch at least; as many as the patches give unless told. */
  readonly leastSteps?: number;
  /** Which surface each training canvas shows, where they are to be told apart. */
  readonly surfaces?: SurfaceNumbers;
}

/** Most calibration batches that are judged after an epoch: enough for the learning-rate schedule, little beside the training. */
const MOST_JUDGED = 12;

export function unetTask(options: UnetTaskOptions): TrainingTask {
  const { train, calibration, patch, batch, epochs, schedule, seed, augmentation, negativesPerPositive, mostPerImage } =
    options;
  const { synthetic = 0, leastSteps = 0, surfaces } = options;
  const common = { patch, batch, seed, negativesPerPositive, mostPerImage, synthetic };
  const sampler = new PatchSampler(train, {
    ...common,
    augmentation,
    leastPerEpoch: leastSteps * batch,
    ...(surfaces && { surfaces }),
  });
  const unlabelled = synthetic === 1;
  const canJudge = calibration.some(({ mask }) => unlabelled !== (mask?.includes(1) ?? false));
  const judged = canJudge
    ? new PatchSampler(calibration, {
        ...common,
        augmentation: noAugmentation,
        negativesPerPositive: 1,
        synthetic: unlabelled ? 1 : 0,
      })
    : undefined;
  return {
    epochs,
    stepsPerEpoch: sampler.batchesPerEpoch,
    schedule,
    batch: async (epoch, step) => sampler.batch(epoch, step),
    judge: async (trainer) => {
      if (!judged) return {};
      const count = Math.min(judged.batchesPerEpoch, MOST_JUDGED);
      const sum = { loss: 0, bce: 0, dice: 0 };
      for (let i = 0; i < count; i++) {
        // always the patches of epoch 0, so that epochs are compared on the same ones
        const out = await trainer.evaluate(judged.batch(0, i));
        for (const key of ['loss', 'bce', 'dice'] as const) sum[key] += out[key]!.data[0]! / count;
      }
      return sum;
    },
  };
}
