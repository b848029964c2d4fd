/** Trainings one at a time, first come first served, each in a process of its own. */
import { FelfriError } from '../../core/errors.ts';
import type { TrainingProgress } from '../contract/training.ts';
import { type TrainCommand, TrainingProcess } from './process.ts';
import { trainArguments } from './training-arguments.ts';
import { heard, starting } from './training-messages.ts';
import { resultOf } from './training-result.ts';
import type { Stored, TrainingStore } from './training-store.ts';

interface Running {
  readonly id: string;
  readonly process: TrainingProcess;
  progress: TrainingProgress;
}

export class TrainingQueue {
  readonly #store: TrainingStore;
  readonly #command: TrainCommand;
  #running: Running | undefined;
  #sitting: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(store: TrainingStore, command: TrainCommand) {
    this.#store = store;
    this.#command = command;
  }

  /** Null for one that does not run. */
  progressOf(id: string): TrainingProgress | null {
    return this.#running?.id === id ? this.#running.progress : null;
  }

  /** Lets it save what it has and end. False where it does not run. */
  stop(id: string): boolean {
    if (this.#running?.id !== id) return false;
    this.#running.process.stop();
    return true;
  }

  /** Begins the oldest that waits, where none runs. */
  next(): void {
    if (this.#running || this.#closing) return;
    const next = this.#store.all.find(({ state }) => state === 'queued');
    if (!next) return;
    const { id } = next;
    const files = {
      bundle: this.#store.bundle(id),
      report: this.#store.report(id),
      regions: this.#store.regions(id),
    };
    const process = new TrainingProcess(
      this.#command,
      trainArguments(next, files, this.#command.threads),
      (message) => {
        const running = this.#running;
        if (running?.id !== id) return;
        const { progress, notes } = heard(
          { progress: running.progress, notes: this.#store.require(id).notes },
          message,
        );
        running.progress = progress;
        this.#store.remember(id, { notes: [...notes] });
      },
    );
    this.#running = { id, process, progress: starting };
    this.#sitting = this.#sit(id, process);
  }

  async #sit(id: string, process: TrainingProcess): Promise<void> {
    let end: Partial<Stored>;
    // a failure is met below, whenever it comes
    process.ended.catch(() => undefined);
    try {
      await this.#store.change(id, { state: 'running', resume: true, startedAt: new Date().toISOString() });
      await process.ended;
      end = { state: 'finished', result: await resultOf(this.#store.bundle(id)) };
    } catch (error) {
      process.stop();
      end = this.#endBy(id, error);
    }
    this.#running = undefined;
    // where not even this can be written, the next start finds it running, and so interrupted
    await this.#store.change(id, { ...end, endedAt: new Date().toISOString() }).catch(() => undefined);
    this.next();
  }

  #endBy(id: string, error: unknown): Partial<Stored> {
    const known = error instanceof FelfriError ? error : new FelfriError('STATION_FAILED', (error as Error).message);
    if (known.code === 'INTERRUPTED') return { state: this.#closing ? 'interrupted' : 'stopped', error: null };
    const message = this.#store.withoutPaths(id, known.message);
    return { state: 'failed', error: { ...known.toJSON(), message } };
  }

  /** Lets the one that runs save what it has. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#running?.process.close();
    await this.#sitting;
  }
}
