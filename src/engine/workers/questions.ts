/**
 * Questions to a thread or process of its own and its answers, typed by a table of tasks. Whoever asks sees a `Thread`; the thread or
 * process itself calls `answerQuestions`. Codes of errors come through; what a task hands over is moved to a thread, and copied to a process.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';
import type { Answer, Carrier, Told } from './carrier.ts';
import { processPort } from './child.ts';

/** A table of tasks: what each is asked, and what it answers. */
export type TasksOf<Tasks> = { readonly [T in keyof Tasks]: { ask: unknown; answer: unknown } };

interface Question {
  readonly id: number;
  readonly task: PropertyKey;
  readonly ask: unknown;
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

interface ThreadOptions {
  /** Whether it keeps the process alive also while it owes no answer; true unless told. */
  readonly idleKeepsAlive?: boolean;
}

function errorOf({ code, message, subject, own }: Told): Error {
  if (own) return new FelfriError(code as ErrorCode, message, subject === undefined ? {} : { subject });
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

export class Thread<Tasks extends TasksOf<Tasks>> {
  readonly #worker: Carrier;
  readonly #failureOf: (why: string) => Error;
  readonly #idleKeepsAlive: boolean;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: Error | undefined;

  /** `failureOf` is what is thrown when the thread ends unasked. */
  constructor(worker: Carrier, failureOf: (why: string) => Error, { idleKeepsAlive = true }: ThreadOptions = {}) {
    this.#worker = worker;
    this.#failureOf = failureOf;
    this.#idleKeepsAlive = idleKeepsAlive;
    worker.on('message', (answer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(error.message));
    worker.on('exit', (_, signal) => this.#fail(signal ? `it ended by ${signal}` : 'it ended'));
    this.#hold();
  }

  /** Keeps the process alive for as long as it must. */
  #hold(): void {
    if (this.#idleKeepsAlive || this.#waiting.size > 0) this.#worker.ref();
    else this.#worker.unref();
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
    this.#hold();
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
      // throws, and owes nothing, when the question cannot be sent
      this.#worker.postMessage(question, handOver);
      const timer =
        limitMillis === undefined
          ? undefined
          : setTimeout(() => this.#giveUp(`no answer in ${limitMillis / 1000} s`), limitMillis);
      this.#waiting.set(question.id, { resolve, reject, timer });
      this.#hold();
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

interface Port {
  on(event: 'message', listener: (question: Question) => void): unknown;
  postMessage(answer: Answer, handOver: ArrayBuffer[]): void;
}

/** What does each task. One that answers nothing (null) is asynchronous, and need give nothing. */
type Answers<Tasks extends TasksOf<Tasks>> = {
  readonly [T in keyof Tasks]: (ask: Tasks[T]['ask']) => Given<Tasks[T]['answer']>;
};

type Given<A> = [A] extends [null] ? Promise<void> : A | Promise<A>;

interface Answering<Tasks extends TasksOf<Tasks>> {
  /** The buffers of an answer that are moved; none unless told. */
  readonly handOver?: (answer: Tasks[keyof Tasks]['answer']) => ArrayBuffer[];
  /** Whether a question waits until those before it are answered. */
  readonly inTurn?: boolean;
}

/** Makes the thread or process that it is called in answer, by what it does for each task. */
export function answerQuestions<Tasks extends TasksOf<Tasks>>(
  tasks: Answers<Tasks>,
  { handOver = () => [], inTurn = false }: Answering<Tasks> = {},
): void {
  const port: Port = parentPort ?? processPort();
  const reply = async ({ id, task, ask }: Question): Promise<void> => {
    try {
      const answer = (await tasks[task as keyof Tasks](ask as never)) ?? null;
      port.postMessage({ id, answer }, handOver(answer as Tasks[keyof Tasks]['answer']));
    } catch (error) {
      const { message, code, subject } = error as { message: string; code?: string; subject?: string };
      port.postMessage({ id, error: { message, code, subject, own: error instanceof FelfriError } }, []);
    }
  };
  let last: Promise<void> = Promise.resolve();
  port.on('message', (question) => {
    if (inTurn) last = last.then(() => reply(question));
    else void reply(question);
  });
}
