/** A picture in its frame, looked at closer: how much, and which part of it. Knows no browser, so that it can be tried. */

const MOST = 16;
/** A press of a key or button. */
export const ZOOM_STEP = 1.5;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export class Zoom {
  /** 1: the whole picture fits its frame. */
  #scale = $state(1);
  /** Where the picture's top left lies, in widths and heights of the frame; 0 or less. */
  #left = $state(0);
  #top = $state(0);

  get scale(): number {
    return this.#scale;
  }

  get closer(): boolean {
    return this.#scale > 1;
  }

  get transform(): string {
    return this.closer ? `translate(${100 * this.#left}%, ${100 * this.#top}%) scale(${this.#scale})` : 'none';
  }

  /** Larger or smaller; what lies at a point of the frame (0..1 each) stays there. */
  by(factor: number, at: Point = { x: 0.5, y: 0.5 }): void {
    const scale = Math.min(MOST, Math.max(1, this.#scale * factor));
    const ratio = scale / this.#scale;
    this.#scale = scale;
    this.#place(at.x - (at.x - this.#left) * ratio, at.y - (at.y - this.#top) * ratio);
  }

  /** In widths and heights of the frame. */
  move(x: number, y: number): void {
    this.#place(this.#left + x, this.#top + y);
  }

  reset(): void {
    this.#scale = 1;
    this.#place(0, 0);
  }

  /** Never past an edge of the picture. */
  #place(left: number, top: number): void {
    const least = 1 - this.#scale;
    this.#left = Math.min(0, Math.max(least, left));
    this.#top = Math.min(0, Math.max(least, top));
  }
}
