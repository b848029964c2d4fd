/** A mask under construction: 1 where defect. Whatever lies outside of the image is cut off. */

export class Bitmap {
  readonly width: number;
  readonly height: number;
  /** [height, width], 0 or 1. */
  readonly data: Uint8Array;
  #value: 0 | 1 = 1;
  #touched = false;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height);
  }

  /** What follows sets pixels, or takes them away. */
  begin(value: 0 | 1): void {
    this.#value = value;
    this.#touched = false;
  }

  /** Whether any pixel was reached since `begin`. */
  get touched(): boolean {
    return this.#touched;
  }

  /** The pixels x0 to x1, both included, of row y. */
  row(y: number, x0: number, x1: number): void {
    if (y < 0 || y >= this.height) return;
    const from = Math.max(0, x0);
    const to = Math.min(this.width - 1, x1);
    if (from > to) return;
    this.data.fill(this.#value, y * this.width + from, y * this.width + to + 1);
    this.#touched = true;
  }

  point(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.data[y * this.width + x] = this.#value;
    this.#touched = true;
  }
}

/** Points as x, y, x, y, ... */
export type Points = readonly number[];
