/**
 * Questions to a thread of its own and its answers, typed by a table of tasks. Whoever asks sees a `Thread`; the thread itself calls
 * `answerQuestions`. Codes of errors come through; what a task hands over is moved, not copied.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, type Worker } from 'node:worker_threads';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';

/** A table of tasks: what each is asked, and what it answers. */
type TasksOf<Tasks> = { readonly [T in keyof Tasks]: { ask: unknown; answer: unknown } };

interface Question {
  readonly id: number;
  readonly task: PropertyKey;
  readonly ask: unknown;
}

interface Told {
  readonly message: string;
  /** Of felfri's own errors, or what a library calls it. */
  readonly code: string | undefined;
  readonly subject: string | undefined;
  readonly own: boolean;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: Told;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

interface Asking {
  /** Buffers that are the thread's from then on. */
  readonly handOver?: ArrayBuffer[];
  /** How long an answer may take before the thread is given up and ended; for ever unless told. */
  readonly limitMillis?: number;
}

function errorOf({ code, message, subject, own }: Told): Error {
  if (own) return new FelfriError(code as ErrorCode, message, subject === undefined ? {} : { subject });
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

export class Thread<Tasks extends TasksOf<Tasks>> {
  readonly #worker: Worker;
  readonly #failureOf: (why: string) => Error;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: Error | undefined;

  /** `failureOf` is what is thrown when the thread ends unasked. */
  constructor(worker: Worker, failureOf: (why: string) => Error) {
    this.#worker = worker;
    this.#failureOf = failureOf;
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail((error as Error).message));
    worker.on('exit', () => this.#fail('it ended'));
  }

  /** Whether it ended unasked; what it owed was refused. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Questions that are not answered yet. */
  get load(): number {
    return this.#waiting.size;
  }

  #settle({ id, answer, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(errorOf(error));
    else waiting.resolve(answer as never);
  }

  #fail(why: string): void {
    this.#failure ??= this.#failureOf(why);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#failure);
    }
    this.#waiting.clear();
  }

  /** Throws what the task throws, and what `failureOf` gives when the thread ends or is given up. */
  ask<T extends keyof Tasks>(task: T, ask: Tasks[T]['ask'], asking: Asking = {}): Promise<Tasks[T]['answer']> {
    if (this.#failure) return Promise.reject(this.#failure);
    const { handOver = [], limitMillis } = asking;
    const question: Question = { id: this.#next++, task, ask };
    return new Promise((resolve, reject) => {
      this.#worker.postMessage(question, handOver);
      const timer =
        limitMillis === undefined
          ? undefined
          : setTimeout(() => this.#giveUp(`no answer in ${limitMillis / 1000} s`), limitMillis);
      this.#waiting.set(question.id, { resolve, reject, timer });
    });
  }

  #giveUp(why: string): void {
    this.#fail(why);
    void this.#worker.terminate();
  }

  /** Ends it; what it still owes is refused. A thread that is deep in native code is left behind after a second. */
  async terminate(): Promise<void> {
    const late = new AbortController();
    const patience = sleep(1000, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.#worker.terminate(), patience]);
    late.abort();
  }
}

/** What a thread does for each task; `handOver` names the buffers of an answer that are moved. */
export function answerQuestions<Tasks extends TasksOf<Tasks>>(
  tasks: { [T in keyof Tasks]: (ask: Tasks[T]['ask']) => Tasks[T]['answer'] | Promise<Tasks[T]['answer']> },
  handOver: (answer: unknown) => ArrayBuffer[] = () => [],
): void {
  const port = parentPort!;
  port.on('message', async ({ id, task, ask }: Question) => {
    try {
      const answer = await tasks[task as keyof Tasks](ask as never);
      port.postMessage({ id, answer } satisfies Answer, handOver(answer));
    } catch (error) {
      const { message, code, subject } = error as { message: string; code?: string; subject?: string };
      port.postMessage({ id, error: { message, code, subject, own: error instanceof FelfriError } } satisfies Answer);
    }
  });
}
