/** What carries questions to whoever answers them, and the answers back. */

/** An error as it comes through. */
export interface Told {
  readonly message: string;
  /** Of felfri's own errors, or what a library calls it. */
  readonly code: string | undefined;
  readonly subject: string | undefined;
  readonly own: boolean;
}

export interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: Told;
}

/** What questions go to and answers come from: a worker thread, or a process (`child.ts`). */
export interface Carrier {
  postMessage(question: unknown, handOver: ArrayBuffer[]): void;
  on(event: 'message', listener: (answer: Answer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** With the signal that ended a process, where one did. */
  on(event: 'exit', listener: (code: number | null, signal?: NodeJS.Signals | null) => void): unknown;
  /** Keeps the process alive that asks, or no longer does. */
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}
