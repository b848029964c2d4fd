/** One sitting of a training run: from where the last one stopped to its end, or to where this one is stopped. */
import { FelfriError } from '../core/errors.ts';
import type { Feeds } from '../engine/runtime/onnxruntime.ts';
import type { TrainerLike } from '../engine/training/trainer.ts';
import type { MetricsLine, Position, RunDirectory } from './run-directory.ts';
import type { LoopOptions, LoopResult, TrainingTask } from './training-task.ts';

/** Seconds of training; what is only measured for the record does not count. */
class Clock {
  readonly #before: number;
  readonly #started = performance.now();
  #aside = 0;

  constructor(before: number) {
    this.#before = before;
  }

  /** Over all sittings. */
  get spent(): number {
    return this.#before + (performance.now() - this.#started - this.#aside) / 1000;
  }

  /** Since this sitting began, with all that does not count. */
  get passed(): number {
    return (performance.now() - this.#started) / 1000;
  }

  async aside<T>(measure: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const measured = await measure();
    this.#aside += performance.now() - from;
    return measured;
  }
}

const ofKind = (lines: readonly MetricsLine[], kind: string): MetricsLine[] =>
  lines.filter((line) => line.kind === kind);

export class Sitting {
  readonly #task: TrainingTask;
  readonly #trainer: TrainerLike;
  readonly #run: RunDirectory;
  readonly #options: LoopOptions;
  readonly #total: number;
  readonly #clock: Clock;
  /** Steps that were done when this sitting began. */
  readonly #doneAtStart: number;
  readonly #epochLosses: number[];
  #position: Position;
  /** Of the steps of this epoch. */
  #losses: number[];
  #judged: Readonly<Record<string, number>> = {};
  #stepsDone: number;
  /** Steps that were done at the last point of the curve. */
  #lastPoint: number;
  #lastSaved = performance.now();
  #learningRate = 0;

  private constructor(
    task: TrainingTask,
    trainer: TrainerLike,
    run: RunDirectory,
    options: LoopOptions,
    begun: { readonly position: Position; readonly earlier: readonly MetricsLine[] },
  ) {
    const { position, earlier } = begun;
    this.#task = task;
    this.#trainer = trainer;
    this.#run = run;
    this.#options = options;
    this.#position = position;
    this.#total = task.epochs * task.stepsPerEpoch;
    this.#doneAtStart = this.#done;
    this.#epochLosses = ofKind(earlier, 'epoch').map((line) => Number(line['loss']));
    const steps = ofKind(earlier, 'step');
    this.#losses = steps.filter(({ epoch }) => epoch === position.epoch).map((line) => Number(line['loss']));
    this.#stepsDone = steps.length;
    this.#lastPoint = Math.max(-1, ...ofKind(earlier, 'curve').map((line) => Number(line['done'])));
    this.#clock = new Clock(position.seconds);
  }

  /** From the run's checkpoint, if it has one; else with the first point of the curve. */
  static async begin(
    task: TrainingTask,
    trainer: TrainerLike,
    run: RunDirectory,
    options: LoopOptions,
  ): Promise<Sitting> {
    await run.begin();
    const resumed = await run.load();
    if (resumed) await trainer.restore(resumed.state);
    const position = resumed?.position ?? { epoch: 0, step: 0, schedule: task.schedule.start, seconds: 0 };
    const sitting = new Sitting(task, trainer, run, options, { position, earlier: await run.metrics() });
    if (sitting.#stepsDone === 0) await sitting.#point(0, -1);
    return sitting;
  }

  /** Whether the epochs or the time are over. */
  get isOver(): boolean {
    return this.#position.epoch >= this.#task.epochs || this.#isOutOfTime;
  }

  get #done(): number {
    return this.#position.epoch * this.#task.stepsPerEpoch + this.#position.step;
  }

  get #maxSeconds(): number {
    return this.#options.maxSeconds ?? Number.POSITIVE_INFINITY;
  }

  get #isOutOfTime(): boolean {
    return this.#clock.spent >= this.#maxSeconds;
  }

  async #save(): Promise<void> {
    this.#position = { ...this.#position, seconds: this.#clock.spent };
    await this.#run.save(this.#position, await this.#trainer.state());
    this.#lastSaved = performance.now();
  }

  async #savePeriodically(): Promise<void> {
    const { checkpointSeconds = 120, onWarning } = this.#options;
    await this.#run.flush();
    if ((performance.now() - this.#lastSaved) / 1000 < checkpointSeconds) return;
    try {
      await this.#save();
    } catch (error) {
      if (!(error instanceof FelfriError) || error.code !== 'DISK_FULL') throw error;
      this.#lastSaved = performance.now();
      onWarning?.(error.message);
    }
  }

  /** A point of the curve, with the epoch and step that lie behind it, so that it goes and stays with theirs when a run is resumed. */
  async #point(epoch: number, step: number): Promise<void> {
    const { curve } = this.#task;
    if (!curve || this.#lastPoint === this.#stepsDone) return;
    const measured = await this.#clock.aside(() => curve.measure(this.#trainer));
    this.#run.log({ kind: 'curve', epoch, step, done: this.#stepsDone, ...measured });
    this.#lastPoint = this.#stepsDone;
  }

  #learningRateNow(): number {
    const { schedule } = this.#position;
    const done = Math.max(this.#done / this.#total, this.#clock.spent / this.#maxSeconds);
    return this.#task.schedule.rate?.(schedule, done) ?? schedule.learningRate;
  }

  #report(loss: number): void {
    const done = this.#done;
    const pace = this.#clock.passed / Math.max(1, done - this.#doneAtStart);
    this.#options.onProgress?.({
      epoch: this.#position.epoch,
      epochs: this.#task.epochs,
      done,
      total: this.#total,
      loss,
      learningRate: this.#learningRate,
      secondsLeft: Math.min(pace * (this.#total - done), Math.max(0, this.#maxSeconds - this.#clock.spent)),
      judged: this.#judged,
    });
  }

  /** The batch of a step, begun to be made; undefined past the epoch's last one. */
  #begunBatch(step: number): Promise<Feeds> | undefined {
    const { epoch } = this.#position;
    const made = step < this.#task.stepsPerEpoch ? this.#task.batch(epoch, step) : undefined;
    // awaited when its turn comes; until then a failure must not count as unhandled
    made?.catch(() => undefined);
    return made;
  }

  async #step(feeds: Feeds): Promise<void> {
    const { epoch, step } = this.#position;
    this.#learningRate = this.#learningRateNow();
    const { loss, metrics, gradientNorm } = await this.#trainer.step(feeds, this.#learningRate);
    this.#losses.push(loss);
    this.#run.log({ kind: 'step', epoch, step, loss, ...metrics, gradientNorm, learningRate: this.#learningRate });
    this.#position = { ...this.#position, step: step + 1 };
    this.#stepsDone++;
    const { curve } = this.#task;
    if (curve && this.#stepsDone % curve.every === 0) await this.#point(epoch, step);
    this.#report(loss);
  }

  /** Throws INTERRUPTED, after a checkpoint, where this was asked for. */
  async #stopIfAsked(): Promise<void> {
    if (!this.#options.signal?.aborted) return;
    await this.#save();
    const { epoch, step } = this.#position;
    throw new FelfriError('INTERRUPTED', `stopped in epoch ${epoch + 1} after step ${step}; give --resume to go on`, {
      subject: this.#run.path,
    });
  }

  /** The rest of the present epoch, and what is judged after it. */
  async epoch(): Promise<void> {
    let next = this.#begunBatch(this.#position.step);
    while (this.#position.step < this.#task.stepsPerEpoch) {
      const feeds = (await next)!;
      // the next batch is made while this one is computed
      next = this.#begunBatch(this.#position.step + 1);
      await this.#step(feeds);
      await this.#stopIfAsked();
      if (this.#isOutOfTime) break;
      await this.#savePeriodically();
    }
    await this.#endEpoch();
    await this.#savePeriodically();
  }

  async #endEpoch(): Promise<void> {
    const { epoch, step, schedule } = this.#position;
    this.#judged = (await this.#task.judge?.(this.#trainer, epoch)) ?? {};
    const loss = this.#losses.reduce((a, b) => a + b, 0) / this.#losses.length;
    const judgedLoss = this.#judged['loss'] ?? loss;
    this.#epochLosses.push(loss);
    this.#run.log({ kind: 'epoch', epoch, step, ...this.#judged, loss, judgedLoss, seconds: this.#clock.spent });
    this.#losses = [];
    const next = this.#task.schedule.next(schedule, this.#judged['loss']);
    this.#position = { ...this.#position, epoch: epoch + 1, step: 0, schedule: next };
    this.#report(loss);
  }

  /** The last point of the curve and the last checkpoint. */
  async end(): Promise<LoopResult> {
    await this.#point(this.#position.epoch - 1, this.#task.stepsPerEpoch - 1);
    await this.#save();
    return {
      epochs: this.#epochLosses.length,
      steps: (await this.#trainer.state()).steps,
      seconds: this.#clock.spent,
      epochLosses: this.#epochLosses,
      judged: this.#judged,
    };
  }
}
