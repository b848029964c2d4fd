/** What is trained, what is told of it on the way, and what came of it. */
import type { Feeds } from '../engine/runtime/onnxruntime.ts';
import type { TrainerLike } from '../engine/training/trainer.ts';
import type { Schedule } from './schedule.ts';

export interface TrainingTask {
  readonly epochs: number;
  /** At least 1. */
  readonly stepsPerEpoch: number;
  readonly schedule: Schedule;
  /** The inputs of a step; a function of its arguments alone. */
  batch(epoch: number, step: number): Promise<Feeds>;
  /** Judges the present weights after an epoch; `loss`, if given, steers the schedule. Never sees test images. */
  judge?(trainer: TrainerLike, epoch: number): Promise<Readonly<Record<string, number>>>;
  readonly curve?: CurveTask;
}

/**
 * Figures that are written down along the way and looked at by nobody until training is over: they are measured on test images, so
 * nothing (epoch, learning rate, stopping) may depend on them. The time that they take does not count as training.
 */
interface CurveTask {
  /** Steps from one point to the next; the first point is before the first step, the last one after the last. */
  readonly every: number;
  measure(trainer: TrainerLike): Promise<Readonly<Record<string, number>>>;
}

/** What a progress display needs; sent after each step and each epoch. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in all, and the total. */
  readonly done: number;
  readonly total: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Seconds left at the present pace, limited by `maxSeconds`. */
  readonly secondsLeft: number;
  /** Figures of the last judged epoch. */
  readonly judged: Readonly<Record<string, number>>;
}

export interface LoopOptions {
  readonly signal?: AbortSignal;
  /** Ends training, as if its epochs were over, at the end of the step that passes this many seconds; Infinity unless told. */
  readonly maxSeconds?: number;
  /** Seconds between checkpoints, 120 unless told. */
  readonly checkpointSeconds?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Told when a periodic checkpoint could not be written; training goes on. */
  readonly onWarning?: (message: string) => void;
}

export interface LoopResult {
  readonly epochs: number;
  readonly steps: number;
  /** Seconds of training over all sittings. */
  readonly seconds: number;
  /** Mean loss of each whole epoch. */
  readonly epochLosses: readonly number[];
  readonly judged: Readonly<Record<string, number>>;
}
