/**
 * One ring: its strips from both cameras, the defects on them, and the patches that they are cut into.
 */
import type { Random } from '../../../core/random.ts';
import type { DefectBearer } from '../defect-plan.ts';
import { cameras, RingStrip, type StripOptions } from './ring-strip.ts';
import type { StripDefect } from './strip-defects.ts';

export interface RingOptions extends Omit<StripOptions, 'camera'> {
  /** Patches of both cameras together; an odd number gives the outer one more. */
  readonly patches: number;
}

/** A square patch of a strip; image and mask (0 or 1) are size x size. */
export interface Patch {
  /** Camera and number, such as `outer-03`. */
  readonly name: string;
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
  /** `good`, or the defect that covers most of it. */
  readonly className: 'good' | StripDefect;
}

export class Ring implements DefectBearer<StripDefect> {
  readonly strips: readonly RingStrip[];
  readonly #size: number;
  /** Per camera and patch the pixels of each defect class. */
  readonly #found: Map<StripDefect, number>[][];

  constructor(options: RingOptions) {
    const counts = cameras.map((_, camera) => Math.ceil((options.patches - camera) / 2));
    this.#size = options.size;
    this.strips = counts.flatMap((patches, camera) =>
      patches > 0 ? [new RingStrip({ ...options, patches, camera })] : [],
    );
    this.#found = counts.map((patches) => Array.from({ length: patches }, () => new Map()));
  }

  get defective(): number {
    return this.#found.flat().filter((classes) => classes.size > 0).length;
  }

  tryDefect(className: StripDefect, random: Random, most: number): number {
    const camera = random.integer(this.strips.length);
    const strip = this.strips[camera]!;
    const tried = strip.tryDefect(className, random);
    if (!tried) return 0;
    const good = [...tried.pixels.keys()].filter((patch) => this.#found[camera]![patch]!.size === 0).length;
    if (good === 0 || good > most) return 0;
    strip.add(tried);
    for (const [patch, pixels] of tried.pixels) {
      const classes = this.#found[camera]![patch]!;
      classes.set(className, (classes.get(className) ?? 0) + pixels);
    }
    return good;
  }

  /** The patches, each half its side further along the strip than the one before. */
  *patches(): Generator<Patch> {
    const size = this.#size;
    for (const [camera, strip] of this.strips.entries()) {
      const { image, mask } = strip.render();
      for (const [i, classes] of this.#found[camera]!.entries()) {
        const begin = (i * size * size) / 2;
        const largest = [...classes].sort(([, a], [, b]) => b - a)[0];
        yield {
          name: `${cameras[camera]}-${String(i).padStart(2, '0')}`,
          image: image.slice(begin, begin + size * size),
          mask: mask.slice(begin, begin + size * size),
          className: largest?.[0] ?? 'good',
        };
      }
    }
  }
}
