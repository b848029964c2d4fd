/**
 * The training loop: steps, epochs, checkpoints, resumption. It knows nothing of flows or U-Nets. Batches are drawn by (seed,
 * epoch, step) alone, so a resumed run sees exactly what an uninterrupted one would have seen.
 */
import type { TrainerLike } from '../engine/training/trainer.ts';
import type { RunDirectory } from './run-directory.ts';
import { Sitting } from './sitting.ts';
import type { LoopOptions, LoopResult, TrainingTask } from './training-task.ts';

/**
 * Trains until the epochs or the time are over, from the run's checkpoint if it has one. Throws INTERRUPTED, after a checkpoint,
 * when the signal is aborted; TRAINING_DIVERGED when the loss is not finite.
 */
export async function runLoop(
  task: TrainingTask,
  trainer: TrainerLike,
  run: RunDirectory,
  options: LoopOptions = {},
): Promise<LoopResult> {
  const sitting = await Sitting.begin(task, trainer, run, options);
  while (!sitting.isOver) await sitting.epoch();
  return sitting.end();
}
