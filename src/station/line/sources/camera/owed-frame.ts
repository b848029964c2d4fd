/**
 * The frame that a camera was asked for. Frames do not say which trigger they are of, so that it is asked for no other while it owes one: where
 * one is lost on its way, the next would be taken for it, and show another part.
 */

/** Of the time that a trigger waits: what has not come by then never will. */
const PATIENCE = 2;

export class OwedFrame {
  readonly #millis: number;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** `triggerMillis`: as the settings of cameras have it. */
  constructor(triggerMillis: number) {
    this.#millis = PATIENCE * triggerMillis;
  }

  get isOwed(): boolean {
    return performance.now() - this.#askedAt < this.#millis;
  }

  asked(): void {
    this.#askedAt = performance.now();
  }

  /** It came, or is lost. Says whether it was owed. */
  settle(): boolean {
    const was = this.isOwed;
    this.#askedAt = Number.NEGATIVE_INFINITY;
    return was;
  }
}
