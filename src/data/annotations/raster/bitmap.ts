/**
 * A mask under construction: 1 where defect. Whatever lies outside is cut off, and it is remembered whether anything was
 * painted at all.
 */

export class Bitmap {
  readonly width: number;
  readonly height: number;
  /** [height, width], 0 or 1. */
  readonly data: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height);
  }

  /** Sets the pixels x0 to x1, both included, of row y to `value`. */
  row(y: number, x0: number, x1: number, value = 1): void {
    if (y < 0 || y >= this.height) return;
    const from = Math.max(0, x0);
    const to = Math.min(this.width - 1, x1);
    if (from <= to) this.data.fill(value, y * this.width + from, y * this.width + to + 1);
  }

  point(x: number, y: number): void {
    if (x >= 0 && y >= 0 && x < this.width && y < this.height) this.data[y * this.width + x] = 1;
  }

  /** Number of set pixels. */
  count(): number {
    let sum = 0;
    for (const value of this.data) sum += value;
    return sum;
  }
}

/** Points as x, y, x, y, ... */
export type Points = readonly number[];
