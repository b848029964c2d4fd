/** One image on its way to a decision: what is known of it so far, and whether a decision still counts. */
import { FelfriError } from '../../core/errors.ts';

interface AttemptSettings {
  readonly cameAt?: number;
  readonly look?: (imageHash: string) => void;
  readonly source?: string;
}

export class Attempt {
  /** Fields as far as they were read, not yet checked. */
  readonly fields = new Map<string, unknown>();
  imageHash: string | null = null;
  /** Throws once the attempt is given up; never resolved. */
  readonly givenUp: Promise<never>;
  /** When its image began to come, as performance.now() has it. */
  readonly cameAt: number;
  /** The camera that its image came from, as far as it is known. */
  source: string;
  readonly #look: (imageHash: string) => void;
  #end!: (error: FelfriError) => void;
  #error: FelfriError | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRecorded = false;

  /**
   * `cameAt`: where the image was there before it was given. `look` is told its hash before it is decided on, and may throw why it is not to be.
   */
  constructor({ cameAt = performance.now(), look = () => undefined, source = 'HTTP' }: AttemptSettings = {}) {
    this.source = source;
    this.cameAt = cameAt;
    this.#look = look;
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

  /** To be called with the hash of the image before anything is decided on it. Throws what looks at it throws. */
  hashed(imageHash: string): void {
    this.imageHash = imageHash;
    this.#look(imageHash);
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
