/**
 * Memory for images that sources hold from their reading to the decision on their part, of all sources together: else a folder of large files, or
 * views that wait for the others of their part, would take what is for decoding.
 */
export const ROOM_BYTES = 128 * 2 ** 20;
/** Of whatever size, so that the next image comes while one is inspected. */
const LEAST = 2;

export class Room {
  #bytes = 0;
  #images = 0;

  /** Gives what gives it back; null where there is none now. */
  take(bytes: number): (() => void) | null {
    if (this.#images >= LEAST && this.#bytes + bytes > ROOM_BYTES) return null;
    this.#images++;
    this.#bytes += bytes;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#images--;
      this.#bytes -= bytes;
    };
  }
}
