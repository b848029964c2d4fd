/**
 * The memory that pictures may take while they are decoded, shared out before any is: each takes what its header says that it needs, and waits while
 * that is not there. The line goes first; who looks at pictures gets what it leaves. What nobody needs may be lent, and is called back for a picture.
 */
import { FelfriError } from '../../core/errors.ts';

type Purpose = 'line' | 'view';

interface Loan {
  readonly bytes: number;
  readonly recall: () => void;
}

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

export class ImageMemory {
  #bytes: number;
  #taken = 0;
  /** The most that was taken at a time. */
  #peak = 0;
  readonly #loans = new Set<Loan>();
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
    this.#recall();
    this.#begin();
  }

  get #lent(): number {
    return [...this.#loans].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Lends what pictures do not need, until the function that it gives is called, or a picture needs it: then `recall` is called, and must free it
   * at once. `beside`: what pictures are taken to need; those under way unless told, 'the most so far' for what is to stay. Throws MEMORY_FULL.
   */
  lend(bytes: number, recall: () => void, beside: 'now' | 'the most so far' = 'now'): () => void {
    const left = this.#bytes - this.#lent - (beside === 'now' ? this.#taken : this.#peak);
    if (bytes > left)
      throw new FelfriError(
        'MEMORY_FULL',
        `it takes ${megabytes(bytes)} MB of memory, and the pictures of the line leave ${Math.max(0, Math.floor(left / 1e6))}; start the station with a larger --memory`,
      );
    const loan = { bytes, recall };
    this.#loans.add(loan);
    return () => void this.#loans.delete(loan);
  }

  /** Calls all loans back where pictures need any of them. */
  #recall(): void {
    if (this.#taken + this.#lent <= this.#bytes) return;
    const loans = [...this.#loans];
    this.#loans.clear();
    for (const { recall } of loans) recall();
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
        this.#peak = Math.max(this.#peak, this.#taken);
        this.#recall();
        first.begin();
      }
    }
  }
}
