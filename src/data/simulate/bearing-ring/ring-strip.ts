/**
 * The long strip that one line-scan camera sees of a ring face while the ring turns: good surface, defects that are tried and kept, and the picture.
 */
import { Random } from '../../../core/random.ts';
import { keepVisible, smallestMask } from '../defect-change.ts';
import { digitise } from '../optics.ts';
import { smoothNoise1 } from '../smooth-noise.ts';
import { type Appearance, drawRingAppearance } from './appearance.ts';
import { addBlemishes } from './blemishes.ts';
import { faceEdge } from './face-edge.ts';
import { groundSurface } from './ground-surface.ts';
import { type Scan, scanRing, scanWindow } from './scan.ts';
import { type StripDefect, stripDefects } from './strip-defects.ts';
import { drawStripExposure, exposeStrip, type StripExposure } from './strip-exposure.ts';

/** The camera that looks at the outer half of the face, and the one that looks at the inner half. */
export const cameras = ['outer', 'inner'] as const;

export interface StripOptions {
  readonly seed: number;
  readonly part: number;
  /** 0 is the outer half of the face, 1 the inner. */
  readonly camera: number;
  /** Pixels across the strip, and side of its patches. Even. */
  readonly size: number;
  /** Number of patches that the strip is cut into, each half a patch further on. */
  readonly patches: number;
  /** 0.25 (easy) to 4 (hard). */
  readonly difficulty: number;
}

/** A defect that could be added: what it changes, and the patches it shows in. */
export interface TriedDefect {
  /** First row of `change` in the strip's scan. */
  readonly from: number;
  /** Change of grey values, rows x width; not 0 on the mask only. */
  readonly change: Float32Array;
  /** The patches that it makes defective, each with the number of its pixels there. */
  readonly pixels: ReadonlyMap<number, number>;
}

/** Contrast of defects and of harmless marks at difficulty 1, over that of the small images of `simulatePart`. */
const defectAtOne = 1.2;
const harmlessAtOne = 0.9;
/** Rows scanned before and after what is kept, so that a defect may begin outside. */
const overscan = 128;
/** Rows within which one defect is drawn. */
const windowRows = 512;
/** Pixels of the face that both cameras see. */
const shared = 24;

export class RingStrip {
  readonly width: number;
  readonly height: number;
  /** Grey values of the good strip before noise, with overscan; defects are added to it. */
  readonly #clean: Float32Array;
  readonly #mask: Uint8Array;
  readonly #options: StripOptions;
  readonly #looks: Appearance;
  readonly #scan: Scan;
  readonly #surface: Float32Array;
  readonly #edge: Float32Array;
  readonly #exposure: StripExposure;

  constructor(options: StripOptions) {
    const { seed, part, camera, size, patches, difficulty } = options;
    this.#options = options;
    this.width = size;
    this.height = ((patches + 1) * size) / 2;
    const rows = this.height + 2 * overscan;
    const stream = (name: string) => Random.of(seed, `strip ${name}`, part, camera);
    this.#looks = drawRingAppearance(seed, part);
    this.#scan = scanStrip(stream('scan'), size, rows);
    // the second camera sees the other half of the same face
    const seen = camera * (size - shared);
    this.#surface = groundSurface(this.#looks, { ...this.#scan, across: this.#scan.across.map((x) => x + seen) });
    addBlemishes(this.#surface, this.#scan, stream('blemishes'), harmlessAtOne * difficulty);
    this.#edge = faceEdge(stream('edge'), this.#scan, camera === 0 ? 'right' : 'left');
    this.#exposure = drawStripExposure(stream('light'), this.#looks, size, rows);
    this.#clean = exposeStrip(
      this.#surface.map((r, p) => r * this.#edge[p]!),
      this.#exposure,
    );
    this.#mask = new Uint8Array(this.#clean.length);
  }

  /**
   * Draws a defect somewhere on the strip, or undefined where it would not be seen, or be seen in some patch only just, or touch another defect.
   * A defect too faint for any patch gets more contrast.
   */
  tryDefect(className: StripDefect, random: Random): TriedDefect | undefined {
    const rows = Math.min(windowRows, this.#scan.height);
    const from = random.integer(this.#scan.height - rows + 1);
    const scan = scanWindow(this.#scan, from, rows);
    const begin = from * this.width;
    const end = begin + rows * this.width;
    const ground = { part: this.#looks, scan, surface: this.#surface.subarray(begin, end) };
    const drawing = random.integer(2 ** 31);
    let strength = defectAtOne / this.#options.difficulty;
    for (let attempt = 0; attempt < 12; attempt++, strength *= 1.3) {
      const change = new Float32Array(end - begin);
      stripDefects[className](change, ground, Random.of(drawing), strength);
      for (let p = 0; p < change.length; p++) change[p]! *= this.#edge[begin + p]!;
      exposeStrip(change, this.#exposure, from);
      if (keepVisible(change) < smallestMask) continue;
      const pixels = this.#patchesOf(change, from);
      const apart = change.every((c, p) => c === 0 || this.#mask[begin + p] === 0);
      return pixels && pixels.size > 0 && apart ? { from, change, pixels } : undefined;
    }
    return undefined;
  }

  /** The patches that a change makes defective; undefined where one holds a few pixels of it only. */
  #patchesOf(change: Float32Array, from: number): Map<number, number> | undefined {
    const half = this.width / 2;
    const inHalf = new Array<number>(this.#options.patches + 1).fill(0);
    for (let p = 0; p < change.length; p++) {
      if (change[p] === 0) continue;
      const i = Math.floor((from - overscan + Math.floor(p / this.width)) / half);
      if (i >= 0 && i < inHalf.length) inHalf[i]!++;
    }
    const found = new Map<number, number>();
    for (let i = 0; i < this.#options.patches; i++) {
      const pixels = inHalf[i]! + inHalf[i + 1]!;
      if (pixels > 0 && pixels < smallestMask) return undefined;
      if (pixels > 0) found.set(i, pixels);
    }
    return found;
  }

  /** Adds a defect that was tried on this strip since the last one was added. */
  add({ from, change }: TriedDefect): void {
    const begin = from * this.width;
    for (let p = 0; p < change.length; p++) {
      if (change[p] === 0) continue;
      this.#clean[begin + p]! += change[p]!;
      this.#mask[begin + p] = 1;
    }
  }

  /** The strip without overscan: grey values before noise, the 8-bit image, the mask of 0 and 1; each height x width. */
  render(): { clean: Float32Array; image: Uint8Array; mask: Uint8Array } {
    const { seed, part, camera } = this.#options;
    const begin = overscan * this.width;
    const end = begin + this.height * this.width;
    const clean = this.#clean.subarray(begin, end);
    const image = digitise(clean, Random.of(seed, 'strip sensor', part, camera));
    return { clean, image, mask: this.#mask.subarray(begin, end) };
  }
}

/** The rows of a strip: jitter of single rows, and a speed that varies by about a per cent while the encoder says it does not. */
function scanStrip(random: Random, width: number, height: number): Scan {
  const scan = scanRing(random, width, height, 0, random.uniform(0.05, 0.35));
  const seed = random.integer(2 ** 31);
  const slip = random.uniform(1, 4);
  const along = scan.along.map((at, y) => at + slip * smoothNoise1(y / 330, seed));
  return { ...scan, along };
}
