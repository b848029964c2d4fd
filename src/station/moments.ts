/**
 * When images came and were decided on, by a clock that never leaps: what a controller acts upon must not be older than it says because the
 * system's clock was set. Of this process alone, so that nothing of a time before its start has a moment.
 */

/** Both as performance.now() has them. */
export interface Moment {
  /** When the image began to come; of several views the first. */
  readonly cameAt: number;
  readonly decidedAt: number;
}

/** Of an hour at ten parts a second; what is older has no moment, and counts as too old. */
const MOST = 36_000;

export class Moments {
  readonly #all = new Map<string, Moment>();

  /** To be called before the record of that id can be seen. */
  add(id: string, cameAt: number): void {
    this.#all.set(id, { cameAt, decidedAt: performance.now() });
    const [oldest] = this.#all.keys();
    if (this.#all.size > MOST) this.#all.delete(oldest!);
  }

  of(id: string): Moment | undefined {
    return this.#all.get(id);
  }
}
