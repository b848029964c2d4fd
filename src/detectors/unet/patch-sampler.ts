/**
 * Which patches a U-Net sees, in which order and how augmented: a function of seed, epoch and position alone, so that a resumed
 * run goes on with the same batches.
 */
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { type AugmentationOptions, type AugmentedPatch, augment } from '../../data/augmentation.ts';
import { patchOrigins } from '../../data/patches.ts';
import { addSyntheticDefect } from '../../data/synthetic-defects/synthetic-defect.ts';
import type { Feeds } from '../../engine/runtime/onnxruntime.ts';
import type { GreyCanvas } from '../../train/canvas.ts';
import type { PatchSize } from './patch-grid.ts';

export interface TrainingPatch {
  /** Index of the canvas. */
  readonly canvas: number;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  /** Whether the mask has a pixel in it. */
  readonly defective: boolean;
}

export interface PatchSamplerOptions {
  readonly patch: PatchSize;
  readonly batch: number;
  readonly seed: number;
  /** Least shared part of neighbouring patches; 0.5 unless told. */
  readonly overlap?: number;
  /** Patches without defect in an epoch, for each with one; drawn anew for each epoch. 'all' is the paper's way. 1 unless told. */
  readonly negativesPerPositive?: number | 'all';
  /**
   * Most patches with defect of one image in an epoch, drawn anew for each epoch; without it, large defects fill the epoch with
   * their many patches. 'all' is the paper's way, and meant unless told.
   */
  readonly mostPerImage?: number | 'all';
  readonly augmentation: AugmentationOptions;
  /**
   * Share of an epoch's patches with defect that are good ones with a synthetic defect, 0 to 1; 0 unless told. At 1 no mask is used: each
   * image without one gives a synthetic defect an epoch.
   */
  readonly synthetic?: number;
  /**
   * Least patches of an epoch: where few are drawn, they are drawn, and augmented, again and again, so that an epoch of a small data set
   * is no handful of steps. 0 unless told.
   */
  readonly leastPerEpoch?: number;
  /** Which surface each canvas shows, of how many; batches then have `surface`. */
  readonly surfaces?: SurfaceNumbers;
}

/** A number from 0 to `count - 1` for each canvas. */
export interface SurfaceNumbers {
  readonly count: number;
  readonly of: readonly number[];
}

/** A patch in an epoch's order. */
interface DrawnPatch {
  /** Which of `patches`. */
  readonly index: number;
  /** Whether it is shown with a synthetic defect. */
  readonly synthetic: boolean;
}

function listPatches(canvases: readonly GreyCanvas[], patch: PatchSize, overlap: number): TrainingPatch[] {
  return canvases.flatMap((canvas, index) => {
    const { height, width } = canvas.shown ?? canvas;
    return patchOrigins(height, patch.height, overlap).flatMap((y) =>
      patchOrigins(width, patch.width, overlap).flatMap((x) => {
        if (canvas.judged && !marks(canvas.judged, canvas, patch, x, y)) return [];
        const defective = canvas.mask !== undefined && marks(canvas.mask, canvas, patch, x, y);
        return [{ canvas: index, x, y, defective }];
      }),
    );
  });
}

/** Whether a mask of a canvas has a 1 within a patch. */
function marks(mask: Uint8Array, { width, height }: PatchSize, patch: PatchSize, x: number, y: number): boolean {
  for (let row = y; row < Math.min(y + patch.height, height); row++) {
    if (mask.subarray(row * width + x, row * width + Math.min(x + patch.width, width)).includes(1)) return true;
  }
  return false;
}

/** 1 where a canvas shows its image and something is judged. */
function shownMask({ height, width, judged, shown = { height, width } }: GreyCanvas): Uint8Array {
  if (judged) return judged;
  const mask = new Uint8Array(height * width);
  for (let y = 0; y < shown.height; y++) mask.fill(1, y * width, y * width + shown.width);
  return mask;
}

/** Gives batches of augmented patches. Throws DATASET_TOO_SMALL when there is no patch to give. */
export class PatchSampler {
  readonly patches: readonly TrainingPatch[];
  /** The same for every epoch. */
  readonly batchesPerEpoch: number;
  readonly #canvases: readonly GreyCanvas[];
  readonly #options: PatchSamplerOptions;
  /** For each image that has some, its patches with defect. */
  readonly #defective: readonly (readonly number[])[];
  readonly #mostPerImage: number;
  readonly #clean: readonly number[];
  /** The patches of images without any defect: what synthetic ones are put on, and made of. */
  readonly #good: readonly number[];
  readonly #cleanPerDraw: number;
  readonly #syntheticPerDraw: number;
  readonly #draws: number;
  #latest: { readonly epoch: number; readonly order: readonly DrawnPatch[] } | undefined;

  constructor(canvases: readonly GreyCanvas[], options: PatchSamplerOptions) {
    const { patch, batch, overlap = 0.5, negativesPerPositive = 1, mostPerImage = 'all' } = options;
    const { synthetic = 0, leastPerEpoch = 0 } = options;
    this.#canvases = canvases;
    this.#options = options;
    this.patches = listPatches(canvases, patch, overlap);
    const indices = this.patches.map((_, i) => i);
    this.#defective = canvases
      .map((_, canvas) => indices.filter((i) => this.patches[i]!.defective && this.patches[i]!.canvas === canvas))
      .filter((own) => own.length > 0);
    this.#mostPerImage = mostPerImage === 'all' ? Number.POSITIVE_INFINITY : mostPerImage;
    if (synthetic === 1) this.#defective = [];
    const labelled = this.#defective.reduce((sum, own) => sum + Math.min(own.length, this.#mostPerImage), 0);
    this.#clean = indices.filter((i) => !this.patches[i]!.defective);
    this.#good = this.#clean.filter((i) => !this.#canvasOf(i).mask?.includes(1));
    const images = new Set(this.#good.map((i) => this.patches[i]!.canvas)).size;
    const made = synthetic === 1 ? images : Math.round((labelled * synthetic) / (1 - synthetic));
    this.#syntheticPerDraw = Math.min(made, this.#good.length);
    const positives = labelled + this.#syntheticPerDraw;
    const wanted = negativesPerPositive === 'all' ? this.#clean.length : Math.round(negativesPerPositive * positives);
    this.#cleanPerDraw = Math.min(wanted, this.#clean.length);
    const count = positives + this.#cleanPerDraw;
    if (count === 0) {
      throw new FelfriError(
        'DATASET_TOO_SMALL',
        `${canvases.length} images have ${this.patches.length} patches and none shows a defect; a U-Net needs masks of defects`,
      );
    }
    this.#draws = Math.max(1, Math.ceil(leastPerEpoch / count));
    this.batchesPerEpoch = Math.ceil((this.#draws * count) / batch);
  }

  /** An epoch's patches: those with a defect, as far as `mostPerImage` lets them, and a draw of those without, shuffled. */
  order(epoch: number): readonly DrawnPatch[] {
    if (this.#latest?.epoch !== epoch) {
      const draws = Array.from({ length: this.#draws }, (_, draw) => this.#draw(epoch, draw));
      this.#latest = { epoch, order: draws.flat() };
    }
    return this.#latest.order;
  }

  #draw(epoch: number, draw: number): DrawnPatch[] {
    const random = Random.of(this.#options.seed, 'patches', epoch, ...(draw === 0 ? [] : [draw]));
    const plain = (index: number): DrawnPatch => ({ index, synthetic: false });
    const clean = random.shuffle(this.#clean).slice(0, this.#cleanPerDraw);
    const most = this.#mostPerImage;
    const defective = this.#defective.flatMap((own) => (own.length > most ? random.shuffle(own).slice(0, most) : own));
    const chosen = this.#syntheticPerDraw === 0 ? [] : random.shuffle(this.#good).slice(0, this.#syntheticPerDraw);
    const synthetic = chosen.map((index) => ({ index, synthetic: true }));
    return random.shuffle([...defective.map(plain), ...synthetic, ...clean.map(plain)]);
  }

  /**
   * Batch `index` of an epoch: `image` and `target` (batch, 1, height, width), and `surface` (batch, count), 1 at the canvas's, where surfaces were given. The last batch is filled up from the epoch's beginning,
   * augmented anew. Throws OPTION_INVALID for an index beyond `batchesPerEpoch`.
   */
  batch(epoch: number, index: number): Feeds {
    const { patch, batch, seed, surfaces } = this.#options;
    if (!Number.isInteger(index) || index < 0 || index >= this.batchesPerEpoch) {
      throw new FelfriError('OPTION_INVALID', `batch ${index}; legal are 0 to ${this.batchesPerEpoch - 1}`);
    }
    const order = this.order(epoch);
    const { height, width } = patch;
    const size = height * width;
    const image = new Float32Array(batch * size);
    const mask = new Float32Array(batch * size);
    const surface = new Float32Array(batch * (surfaces?.count ?? 0));
    for (let i = 0; i < batch; i++) {
      const position = index * batch + i;
      const { index: drawn, synthetic } = order[position % order.length]!;
      const into = { image: image.subarray(i * size, (i + 1) * size), mask: mask.subarray(i * size, (i + 1) * size) };
      this.#view(drawn, Random.of(seed, 'augment', epoch, position), into);
      if (synthetic) this.#addDefect(drawn, epoch, position, into);
      if (surfaces) surface[i * surfaces.count + surfaces.of[this.patches[drawn]!.canvas]!] = 1;
    }
    const shape = [batch, 1, height, width];
    return {
      image: { shape, data: image },
      target: { shape, data: mask },
      ...(surfaces && { surface: { shape: [batch, surfaces.count], data: surface } }),
    };
  }

  /** An augmented view of a patch; `mask` instead of the canvas's own where given. */
  #view(index: number, random: Random, into: AugmentedPatch, mask = this.#canvasOf(index).mask): void {
    const { x, y } = this.patches[index]!;
    const canvas = this.#canvasOf(index);
    augment(canvas.grey, mask, canvas, { ...this.#options.patch, x, y }, random, this.#options.augmentation, into);
  }

  #canvasOf(index: number): GreyCanvas {
    return this.#canvases[this.patches[index]!.canvas]!;
  }

  /** Puts a synthetic defect onto the view of a good patch, with the texture of another one. */
  #addDefect(index: number, epoch: number, position: number, view: AugmentedPatch): void {
    const { seed, patch } = this.#options;
    const empty = (): AugmentedPatch => ({
      image: new Float32Array(view.image.length),
      mask: new Float32Array(view.image.length),
    });
    // the same view again, of where the image is: a defect does not lie on padding
    const padding = empty();
    this.#view(index, Random.of(seed, 'augment', epoch, position), padding, shownMask(this.#canvasOf(index)));
    const random = Random.of(seed, 'synthetic', epoch, position);
    const donor = empty();
    this.#view(random.pick(this.#good), random, donor);
    addSyntheticDefect({ ...patch, image: view.image, shown: padding.mask }, donor.image, random, view.mask);
  }
}
