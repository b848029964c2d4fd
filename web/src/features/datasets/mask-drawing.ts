/**
 * A mask that is drawn: one byte a pixel, 1 where defect, in tiles of which only those exist that were touched. What a stroke costs depends on
 * the pixels it covers, not on the image's size, and a step back keeps copies of the touched tiles alone.
 */

/** Side of a tile. */
export const TILE = 256;
/** Of all steps back together. */
const HISTORY_BYTES = 128 * 1024 * 1024;

export interface Point {
  readonly x: number;
  readonly y: number;
}

type Tile = Uint8Array<ArrayBuffer>;
/** Tiles as they were; undefined: empty. */
type Step = Map<number, Tile | undefined>;

export class MaskDrawing {
  readonly width: number;
  readonly height: number;
  /** Tiles in a row. */
  readonly columns: number;
  readonly #tiles = new Map<number, Tile>();
  #done: Step[] = [];
  #undone: Step[] = [];
  #open: Step | undefined;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / TILE);
  }

  /** Numbers of the tiles that exist; tile n begins at pixel (n % columns, n / columns) * TILE. */
  get tiles(): Iterable<number> {
    return this.#tiles.keys();
  }

  tile(n: number): Tile | undefined {
    return this.#tiles.get(n);
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Whether no pixel is defect. */
  get empty(): boolean {
    for (const tile of this.#tiles.values()) if (tile.includes(1)) return false;
    return true;
  }

  at(x: number, y: number): number {
    return this.#tiles.get(this.#tileAt(x, y))?.[(y % TILE) * TILE + (x % TILE)] ?? 0;
  }

  #tileAt(x: number, y: number): number {
    return Math.floor(y / TILE) * this.columns + Math.floor(x / TILE);
  }

  /** Copies row `y` to `row`, 255 where defect. */
  readRow(y: number, row: Uint8Array): void {
    row.fill(0);
    const at = (y % TILE) * TILE;
    for (let column = 0; column < this.columns; column++) {
      const tile = this.#tiles.get(Math.floor(y / TILE) * this.columns + column);
      if (!tile) continue;
      const end = Math.min(TILE, this.width - column * TILE);
      for (let x = 0; x < end; x++) row[column * TILE + x] = tile[at + x]! * 255;
    }
  }

  /** Sets a tile as it was saved; no step back. */
  load(n: number, tile: Tile): void {
    if (tile.includes(1)) this.#tiles.set(n, tile);
  }

  /** Begins a step; everything until `commit` is taken back at once. */
  begin(): void {
    this.#open ??= new Map();
  }

  commit(): void {
    if (!this.#open) return;
    if (this.#open.size > 0) {
      this.#done.push(this.#open);
      this.#undone = [];
      while (this.#done.length > 1 && this.#historyBytes() > HISTORY_BYTES) this.#done.shift();
    }
    this.#open = undefined;
  }

  #historyBytes(): number {
    return this.#done.reduce((sum, step) => sum + [...step.values()].filter(Boolean).length * TILE * TILE, 0);
  }

  /** Gives the tiles that changed. */
  undo(): number[] {
    return this.#swap(this.#done, this.#undone);
  }

  redo(): number[] {
    return this.#swap(this.#undone, this.#done);
  }

  #swap(from: Step[], to: Step[]): number[] {
    this.commit();
    const step = from.pop();
    if (!step) return [];
    const present: Step = new Map();
    for (const [n, tile] of step) {
      present.set(n, this.#tiles.get(n));
      if (tile) this.#tiles.set(n, tile);
      else this.#tiles.delete(n);
    }
    to.push(present);
    return [...step.keys()];
  }

  /** The tile to be written, its former state kept for the open step. */
  #writable(n: number): Tile {
    const present = this.#tiles.get(n);
    if (this.#open && !this.#open.has(n)) {
      this.#open.set(n, present);
      const copy = present ? present.slice() : new Uint8Array(TILE * TILE);
      this.#tiles.set(n, copy);
      return copy;
    }
    if (present) return present;
    const made = new Uint8Array(TILE * TILE);
    this.#tiles.set(n, made);
    return made;
  }

  /** Fills the pixels of row `y` whose centres lie in [from, to]. */
  #run(y: number, from: number, to: number, value: 0 | 1, changed: Set<number>): void {
    if (y < 0 || y >= this.height) return;
    const first = Math.max(0, Math.ceil(from - 0.5));
    const last = Math.min(this.width - 1, Math.floor(to - 0.5));
    for (let x = first; x <= last; ) {
      const n = this.#tileAt(x, y);
      const end = Math.min(last, (Math.floor(x / TILE) + 1) * TILE - 1);
      // nothing is erased where nothing is
      if (value === 1 || this.#tiles.has(n)) {
        const at = (y % TILE) * TILE;
        this.#writable(n).fill(value, at + (x % TILE), at + (end % TILE) + 1);
        changed.add(n);
      }
      x = end + 1;
    }
  }

  /** A stroke of a round brush from `a` to `b`, in pixels of the image; gives the tiles that changed. */
  stroke(a: Point, b: Point, diameter: number, value: 0 | 1): Set<number> {
    const changed = new Set<number>();
    // the centre of the pixel under the pointer, so that the finest brush always hits one
    const from = { x: Math.floor(a.x) + 0.5, y: Math.floor(a.y) + 0.5 };
    const to = { x: Math.floor(b.x) + 0.5, y: Math.floor(b.y) + 0.5 };
    const r = Math.max(0.5, diameter / 2);
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const [nx, ny] = length === 0 ? [0, 0] : [((from.y - to.y) / length) * r, ((to.x - from.x) / length) * r];
    const corners = [
      { x: from.x + nx, y: from.y + ny },
      { x: to.x + nx, y: to.y + ny },
      { x: to.x - nx, y: to.y - ny },
      { x: from.x - nx, y: from.y - ny },
    ];
    const last = Math.floor(Math.max(from.y, to.y) + r);
    for (let y = Math.floor(Math.min(from.y, to.y) - r); y <= last; y++) {
      const middle = y + 0.5;
      // discs at both ends and the rectangle between them make a convex shape: one run a row
      const xs = crossings(corners, middle);
      for (const end of [from, to]) {
        const half = Math.sqrt(r * r - (middle - end.y) ** 2);
        if (!Number.isNaN(half)) xs.push(end.x - half, end.x + half);
      }
      if (xs.length > 0) this.#run(y, Math.min(...xs), Math.max(...xs), value, changed);
    }
    return changed;
  }

  /** What lies within a closed polygon, by the even-odd rule; gives the tiles that changed. */
  polygon(points: readonly Point[], value: 0 | 1): Set<number> {
    const changed = new Set<number>();
    const ys = points.map(({ y }) => y);
    const last = Math.min(this.height - 1, Math.floor(Math.max(...ys)));
    for (let y = Math.max(0, Math.floor(Math.min(...ys))); y <= last; y++) {
      const xs = crossings(points, y + 0.5).sort((a, b) => a - b);
      for (let i = 0; i + 1 < xs.length; i += 2) this.#run(y, xs[i]!, xs[i + 1]!, value, changed);
    }
    return changed;
  }

  /** Erases everything; gives the tiles that changed. */
  clear(): Set<number> {
    const all = new Set(this.#tiles.keys());
    for (const n of all) this.#writable(n).fill(0);
    return all;
  }
}

/** Where the edges of a closed polygon cross the line at height y. */
function crossings(points: readonly Point[], y: number): number[] {
  const xs: number[] = [];
  for (const [i, a] of points.entries()) {
    const b = points[(i + 1) % points.length]!;
    if (a.y <= y !== b.y <= y) xs.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
  }
  return xs;
}
