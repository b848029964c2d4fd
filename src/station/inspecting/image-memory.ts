/**
 * The memory that pictures may take while they are decoded, shared out before any is: each takes what its header says that it needs, and waits while
 * that is not there. The line goes first; who looks at pictures gets what it leaves.
 */
import { FelfriError } from '../../core/errors.ts';

type Purpose = 'line' | 'view';

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

export class ImageMemory {
  #bytes: number;
  #taken = 0;
  readonly #waiting: Readonly<Record<Purpose, Waiting[]>> = { line: [], view: [] };

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** All of it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is in use now. */
  get taken(): number {
    return this.#taken;
  }

  /** Makes it larger or smaller; what is taken stays so. */
  resize(bytes: number): void {
    this.#bytes = bytes;
    this.#begin();
  }

  /** Throws IMAGE_TOO_LARGE for an image that would never get its memory. */
  requireFit(bytes: number): void {
    if (bytes <= this.#bytes) return;
    throw new FelfriError(
      'IMAGE_TOO_LARGE',
      `the image would take ${megabytes(bytes)} MB of memory; ${megabytes(this.#bytes)} are for images: send it smaller, or start the station with a larger --memory`,
      { subject: 'image' },
    );
  }

  /** Gives what ends the use, once there is room. Throws IMAGE_TOO_LARGE. */
  async take(bytes: number, purpose: Purpose): Promise<() => void> {
    this.requireFit(bytes);
    await new Promise<void>((begin) => {
      this.#waiting[purpose].push({ bytes, begin });
      this.#begin();
    });
    return () => {
      this.#taken -= bytes;
      this.#begin();
    };
  }

  #begin(): void {
    for (const purpose of ['line', 'view'] as const) {
      const waiting = this.#waiting[purpose];
      for (let first = waiting[0]; first; first = waiting[0]) {
        // one that is larger than what is left by now goes alone
        if (this.#taken > 0 && this.#taken + first.bytes > this.#bytes) return;
        waiting.shift();
        this.#taken += first.bytes;
        first.begin();
      }
    }
  }
}
