/** One image on its way to a decision: what is known of it so far, and whether a decision still counts. */
import { FelfriError } from '../../core/errors.ts';

export class Attempt {
  /** Fields as far as they were read, not yet checked. */
  readonly fields = new Map<string, unknown>();
  imageHash: string | null = null;
  /** Throws once the attempt is given up; never resolved. */
  readonly givenUp: Promise<never>;
  /** When it began, as performance.now() has it. */
  readonly cameAt = performance.now();
  #end!: (error: FelfriError) => void;
  #error: FelfriError | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRecorded = false;

  constructor() {
    this.givenUp = new Promise((_, reject) => {
      this.#end = reject;
    });
    // those who wait hear it; without them it is nobody's
    this.givenUp.catch(() => undefined);
  }

  get millis(): number {
    return performance.now() - this.cameAt;
  }

  get isGivenUp(): boolean {
    return this.#error !== undefined;
  }

  /** From now on a decision must come within these seconds. */
  limit(seconds: number): void {
    this.#timer = setTimeout(() => {
      this.giveUp(`no decision within ${seconds} seconds; the part was not inspected: send it again, or to a person`);
    }, seconds * 1000);
  }

  /** Nobody waits for the decision any more; without effect once it is being recorded. */
  giveUp(message: string): void {
    if (this.#isRecorded || this.#error) return;
    this.finish();
    this.#error = new FelfriError('TOO_LATE', message);
    this.#end(this.#error);
  }

  /** To be called before a decision is recorded: from then on it counts. Throws TOO_LATE where it came too late for that. */
  requireInTime(): void {
    if (this.#error) throw this.#error;
    this.#isRecorded = true;
    this.finish();
  }

  finish(): void {
    clearTimeout(this.#timer);
  }
}
