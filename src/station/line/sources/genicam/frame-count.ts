/** Numbers of frames that never begin anew, and how many were lost in between. GigE Vision counts from 1 to 65535 and again from 1, or in 64 bits. */

const LARGEST = 65_535;
/** A number that is lower by more than half of all came round; one that is lower by less began anew. */
const HALF = 32_768;

export class FrameCount {
  #last: number | null = null;
  #count = 0;

  /** The number since the start, from 1, and how many are missing before it. */
  next(id: number): { readonly id: number; readonly lost: number } {
    const last = this.#last;
    this.#last = id;
    const step =
      last === null ? 1 : id > last ? id - last : last - id > HALF && last <= LARGEST ? id + LARGEST - last : 1;
    this.#count += step;
    return { id: this.#count, lost: step - 1 };
  }
}
