/**
 * One link: its body, its images, and the defects on it, which show in every image that sees them.
 */
import { Random } from '../../../core/random.ts';
import { smallestMask } from '../defect-change.ts';
import type { DefectBearer } from '../defect-plan.ts';
import { drawSkin } from './forged-surface.ts';
import { drawLinkShape, linkDistance } from './link-shape.ts';
import { type LinkBody, LinkView, type TriedChange } from './link-view.ts';
import { drawMissingMaterial } from './missing-material.ts';
import { drawPose } from './pose.ts';
import { drawHarmlessMark, markDefects } from './surface-marks.ts';
import { drawSurfacePlace } from './surface-place.ts';

/** Every defect class of a link. */
export const linkDefects = ['lap', 'crack', 'dent', 'missing-material'] as const;

export type LinkDefect = (typeof linkDefects)[number];

interface LinkOptions {
  readonly seed: number;
  readonly part: number;
  readonly images: number;
  /** Side of an image in pixels. */
  readonly size: number;
  /** 0.25 (easy) to 4 (hard). */
  readonly difficulty: number;
}

/** One image of the link; image and mask (0 or 1) are size x size. */
interface LinkImage {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
  /** Grey values before noise. */
  readonly clean: Float32Array;
  /** `good`, or the defect that covers most. */
  readonly className: 'good' | LinkDefect;
}

/** Strength of defects at difficulty 1. */
const defectAtOne = 2.6;

export class Link implements DefectBearer<LinkDefect> {
  readonly #body: LinkBody;
  readonly #difficulty: number;
  readonly #views: readonly LinkView[];
  /** Per image the pixels of each defect class. */
  readonly #found: readonly Map<LinkDefect, number>[];

  constructor({ seed, part, images, size, difficulty }: LinkOptions) {
    const distance = linkDistance(drawLinkShape(seed, part));
    const random = Random.of(seed, 'harmless marks', part);
    const harmless = Array.from({ length: 8 + random.integer(16) }, () => ({
      place: drawSurfacePlace(distance, random),
      mark: drawHarmlessMark(random, difficulty),
    }));
    this.#difficulty = difficulty;
    this.#body = { distance, skin: drawSkin(seed, part, difficulty), harmless };
    this.#views = Array.from(
      { length: images },
      (_, image) =>
        new LinkView(this.#body, drawPose(seed, part, image, size), size, (name) =>
          Random.of(seed, `link ${name}`, part, image),
        ),
    );
    this.#found = this.#views.map(() => new Map());
  }

  get defective(): number {
    return this.#found.filter((classes) => classes.size > 0).length;
  }

  tryDefect(className: LinkDefect, random: Random, most: number): number {
    const drawing = random.integer(2 ** 31);
    let strength = defectAtOne / this.#difficulty;
    for (let attempt = 0; attempt < 6; attempt++, strength *= 1.35) {
      const changes = this.#changes(className, Random.of(drawing), strength);
      // too faint everywhere: the same defect again, stronger
      if (changes.every(({ count }) => count < smallestMask)) continue;
      return this.#keep(className, changes, most);
    }
    return 0;
  }

  /** What one drawn defect changes in each image. */
  #changes(className: LinkDefect, random: Random, strength: number): TriedChange[] {
    const { distance } = this.#body;
    if (className === 'missing-material') {
      const cut = drawMissingMaterial(distance, random, strength);
      return this.#views.map((view) => view.tryCut(cut));
    }
    const place = drawSurfacePlace(distance, random);
    const mark = markDefects[className](random, strength);
    return this.#views.map((view) => view.tryMark({ mark, place }));
  }

  /** Adds the changes unless too many images would turn defective, or defects would touch. Images that would show just a few pixels stay without. */
  #keep(className: LinkDefect, tried: readonly TriedChange[], most: number): number {
    const changes = tried.map((change) => (change.count < smallestMask ? { ...change, count: 0 } : change));
    if (changes.some((change, image) => change.count > 0 && this.#views[image]!.overlaps(change))) return 0;
    const turned = changes.filter(({ count }, image) => count > 0 && this.#found[image]!.size === 0).length;
    if (turned === 0 || turned > most) return 0;
    for (const [image, change] of changes.entries()) {
      if (change.count === 0) continue;
      this.#views[image]!.add(change);
      const classes = this.#found[image]!;
      classes.set(className, (classes.get(className) ?? 0) + change.count);
    }
    return turned;
  }

  *images(): Generator<LinkImage> {
    for (const [image, view] of this.#views.entries()) {
      const largest = [...this.#found[image]!].sort(([, a], [, b]) => b - a)[0];
      yield { ...view.render(), className: largest?.[0] ?? 'good' };
    }
  }
}
