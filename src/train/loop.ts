/**
 * The training loop: steps, epochs, checkpoints, resumption. It knows nothing of flows or U-Nets. Batches are drawn by (seed,
 * epoch, step) alone, so a resumed run sees exactly what an uninterrupted one would have seen.
 */
import { FelfriError } from '../core/errors.ts';
import type { Feeds } from '../engine/runtime/onnxruntime.ts';
import type { TrainerLike } from '../engine/training/trainer.ts';
import type { Position, RunDirectory } from './run-directory.ts';
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
  const { maxSeconds = Number.POSITIVE_INFINITY, checkpointSeconds = 120 } = options;
  await run.begin();
  const resumed = await run.load();
  if (resumed) await trainer.restore(resumed.state);
  let position: Position = resumed?.position ?? { epoch: 0, step: 0, schedule: task.schedule.start, seconds: 0 };
  const earlier = await run.metrics();
  const epochLosses = earlier.filter((l) => l.kind === 'epoch').map((l) => Number(l['loss']));
  let losses = earlier.filter((l) => l.kind === 'step' && l.epoch === position.epoch).map((l) => Number(l['loss']));
  let judged: Readonly<Record<string, number>> = {};
  const total = task.epochs * task.stepsPerEpoch;
  const before = position.seconds;
  const started = performance.now();
  let aside = 0;
  const spent = (): number => before + (performance.now() - started - aside) / 1000;
  const doneAtStart = position.epoch * task.stepsPerEpoch + position.step;
  let stepsDone = earlier.filter((l) => l.kind === 'step').length;
  let lastPoint = Math.max(-1, ...earlier.filter((l) => l.kind === 'curve').map((l) => Number(l['done'])));
  let lastSaved = performance.now();
  let learningRate = 0;

  const save = async (): Promise<void> => {
    position = { ...position, seconds: spent() };
    await run.save(position, await trainer.state());
    lastSaved = performance.now();
  };
  const savePeriodically = async (): Promise<void> => {
    await run.flush();
    if ((performance.now() - lastSaved) / 1000 < checkpointSeconds) return;
    try {
      await save();
    } catch (error) {
      if (!(error instanceof FelfriError) || error.code !== 'DISK_FULL') throw error;
      lastSaved = performance.now();
      options.onWarning?.(error.message);
    }
  };
  /** A line with the epoch and step that lie behind it, so that it goes and stays with theirs when a run is resumed. */
  const point = async (epoch: number, step: number): Promise<void> => {
    if (!task.curve || lastPoint === stepsDone) return;
    const from = performance.now();
    run.log({ kind: 'curve', epoch, step, done: stepsDone, ...(await task.curve.measure(trainer)) });
    lastPoint = stepsDone;
    aside += performance.now() - from;
  };
  const outOfTime = (): boolean => spent() >= maxSeconds;
  const learningRateNow = (): number => {
    const { schedule, epoch, step } = position;
    const done = Math.max((epoch * task.stepsPerEpoch + step) / total, spent() / maxSeconds);
    return task.schedule.rate?.(schedule, done) ?? schedule.learningRate;
  };
  const report = (loss: number): void => {
    const done = position.epoch * task.stepsPerEpoch + position.step;
    const pace = (performance.now() - started) / 1000 / Math.max(1, done - doneAtStart);
    options.onProgress?.({
      epoch: position.epoch,
      epochs: task.epochs,
      done,
      total,
      loss,
      learningRate,
      secondsLeft: Math.min(pace * (total - done), Math.max(0, maxSeconds - spent())),
      judged,
    });
  };

  if (stepsDone === 0) await point(0, -1);
  while (position.epoch < task.epochs && !outOfTime()) {
    const { epoch } = position;
    const ahead = (step: number): Promise<Feeds> | undefined => {
      const made = step < task.stepsPerEpoch ? task.batch(epoch, step) : undefined;
      // awaited when its turn comes; until then a failure must not count as unhandled
      made?.catch(() => undefined);
      return made;
    };
    let next = ahead(position.step);
    while (position.step < task.stepsPerEpoch) {
      const { step } = position;
      const feeds = (await next)!;
      // the next batch is made while this one is computed
      next = ahead(step + 1);
      learningRate = learningRateNow();
      const { loss, metrics, gradientNorm } = await trainer.step(feeds, learningRate);
      losses.push(loss);
      run.log({ kind: 'step', epoch, step, loss, ...metrics, gradientNorm, learningRate });
      position = { ...position, step: step + 1 };
      stepsDone++;
      if (task.curve && stepsDone % task.curve.every === 0) await point(epoch, step);
      report(loss);
      if (options.signal?.aborted) {
        await save();
        throw new FelfriError(
          'INTERRUPTED',
          `stopped in epoch ${epoch + 1} after step ${step + 1}; give --resume to go on`,
          {
            subject: run.path,
          },
        );
      }
      if (outOfTime()) break;
      await savePeriodically();
    }
    judged = (await task.judge?.(trainer, epoch)) ?? {};
    const loss = losses.reduce((a, b) => a + b, 0) / losses.length;
    epochLosses.push(loss);
    run.log({
      kind: 'epoch',
      epoch,
      step: position.step,
      ...judged,
      loss,
      judgedLoss: judged['loss'] ?? loss,
      seconds: spent(),
    });
    losses = [];
    position = {
      ...position,
      epoch: epoch + 1,
      step: 0,
      schedule: task.schedule.next(position.schedule, judged['loss']),
    };
    report(loss);
    await savePeriodically();
  }
  await point(position.epoch - 1, task.stepsPerEpoch - 1);
  await save();
  return { epochs: epochLosses.length, steps: (await trainer.state()).steps, seconds: spent(), epochLosses, judged };
}
