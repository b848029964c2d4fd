/** A thread of its own, seen from the station: questions go in, answers come back. */
import type { Worker } from 'node:worker_threads';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';
import { startWorkerAt } from '../../engine/workers/start.ts';
import type { Answer, Question, TaskName, Tasks, ThreadSettings } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class RemoteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: Error | undefined;

  constructor(settings: ThreadSettings) {
    this.#worker = startWorkerAt(entry, settings);
    this.#worker.on('message', ({ id, answer, error }: Answer) => {
      const waiting = this.#waiting.get(id)!;
      this.#waiting.delete(id);
      if (!error) waiting.resolve(answer as never);
      else {
        const { code, message, subject } = error;
        waiting.reject(
          new FelfriError((code as ErrorCode | undefined) ?? 'STATION_FAILED', message, subject ? { subject } : {}),
        );
      }
    });
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.on('exit', () => this.#fail(new Error('it ended')));
  }

  /** Whether it ended unasked; what it owed was refused. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Questions that are not answered yet. */
  get load(): number {
    return this.#waiting.size;
  }

  #fail(error: Error): void {
    this.#failure ??= new FelfriError(
      'STATION_FAILED',
      `the inspecting thread failed: ${error.message}; send it again`,
      {
        cause: error,
      },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  /** Asks; the buffers in `handOver` are the thread's from then on. Throws what the task throws, STATION_FAILED when the thread ends. */
  ask<T extends TaskName>(task: T, ask: Tasks[T]['ask'], handOver: ArrayBuffer[] = []): Promise<Tasks[T]['answer']> {
    if (this.#failure) return Promise.reject(this.#failure);
    const question: Question<T> = { id: this.#next++, task, ask };
    return new Promise((resolve, reject) => {
      this.#worker.postMessage(question, handOver);
      this.#waiting.set(question.id, { resolve, reject });
    });
  }

  /** Closes its bundles and ends it. */
  async end(): Promise<void> {
    if (!this.#failure) await this.ask('end', {});
    await this.#worker.terminate();
  }
}
