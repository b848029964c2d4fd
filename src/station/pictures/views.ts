/**
 * Smaller copies and heat maps, made on demand: few at a time, so that looking at pictures takes neither the memory nor the threads that
 * the line needs; the newest are kept, and nobody's are not made.
 */
import { FelfriError } from '../../core/errors.ts';
import { memoryFor } from '../inspecting/memory-plan.ts';

/** Each takes as much memory as an image decoded, and decoding for the line needs the other threads of the pool. */
const AT_ONCE = 2;
/** While the line inspects. */
const BESIDE_THE_LINE = 1;
/** Two pages of thumbnails, and some. */
const MOST_WAITING = 64;

export class Views {
  /** By key, longest unused first. */
  readonly #kept = new Map<string, Buffer>();
  /** What begins each of those that wait. */
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;
  #running = 0;
  readonly #isLineAtWork: () => boolean;

  constructor(isLineAtWork: () => boolean = () => false) {
    this.#isLineAtWork = isLineAtWork;
  }

  get #most(): number {
    return this.#isLineAtWork() ? BESIDE_THE_LINE : AT_ONCE;
  }

  /** How many are being made, and how many wait for that. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /**
   * The picture of a key, which never changes: a kept one, or made in its turn. Throws TOO_BUSY when too many wait, REQUEST_INVALID when the signal
   * comes before its turn, and what `make` throws.
   */
  async get(key: string, signal: AbortSignal, make: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Buffer> {
    const kept = this.#use(key);
    if (kept) return kept;
    await this.#turn(signal);
    try {
      // whoever was before may have made the same
      return this.#use(key) ?? this.#keep(key, await make());
    } finally {
      this.#running--;
      while (this.#running < this.#most && this.#waiting.length > 0) this.#waiting.shift()!();
    }
  }

  #turn(signal: AbortSignal): Promise<void> | void {
    if (this.#running < this.#most) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING)
      throw new FelfriError('TOO_BUSY', `${MOST_WAITING} pictures wait to be made; ask again in a second`);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(new FelfriError('REQUEST_INVALID', 'who asked for the picture went away'));
      };
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        this.#running++;
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(begin);
    });
  }

  #use(key: string): Buffer | undefined {
    const bytes = this.#kept.get(key);
    if (!bytes) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, bytes);
    return bytes;
  }

  #keep(key: string, made: Uint8Array<ArrayBuffer>): Buffer {
    const bytes = Buffer.from(made.buffer, made.byteOffset, made.byteLength);
    this.#bytes += bytes.length - (this.#kept.get(key)?.length ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, bytes);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= memoryFor.views) break;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
    return bytes;
  }
}
