/**
 * Which patches a U-Net sees, in which order and how augmented: a function of seed, epoch and position alone, so that a resumed
 * run goes on with the same batches.
 */
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { type AugmentationOptions, augment } from '../../data/augmentation.ts';
import { patchOrigins } from '../../data/patches.ts';
import type { Feeds } from '../../engine/runtime/onnxruntime.ts';
import type { PatchSize } from './patch-grid.ts';

/** A training image on its canvas. */
export interface GreyCanvas {
  readonly height: number;
  readonly width: number;
  /** Height x width: Float32Array in 0..1, or Uint8Array in 0..255. */
  readonly grey: Float32Array | Uint8Array;
  /** Height x width, 1 where defect; undefined when nothing is. */
  readonly mask: Uint8Array | undefined;
  /** The part from the upper left that shows the image; all of it unless told. Patches of padding alone are not learned from. */
  readonly shown?: PatchSize;
}

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
}

function listPatches(canvases: readonly GreyCanvas[], patch: PatchSize, overlap: number): TrainingPatch[] {
  return canvases.flatMap((canvas, index) => {
    const { height, width } = canvas.shown ?? canvas;
    return patchOrigins(height, patch.height, overlap).flatMap((y) =>
      patchOrigins(width, patch.width, overlap).map((x) => ({
        canvas: index,
        x,
        y,
        defective: holdsDefect(canvas, patch, x, y),
      })),
    );
  });
}

function holdsDefect({ mask, width, height }: GreyCanvas, patch: PatchSize, x: number, y: number): boolean {
  if (!mask) return false;
  for (let row = y; row < Math.min(y + patch.height, height); row++) {
    if (mask.subarray(row * width + x, row * width + Math.min(x + patch.width, width)).includes(1)) return true;
  }
  return false;
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
  readonly #cleanPerEpoch: number;
  #latest: { readonly epoch: number; readonly order: readonly number[] } | undefined;

  constructor(canvases: readonly GreyCanvas[], options: PatchSamplerOptions) {
    const { patch, batch, overlap = 0.5, negativesPerPositive = 1, mostPerImage = 'all' } = options;
    this.#canvases = canvases;
    this.#options = options;
    this.patches = listPatches(canvases, patch, overlap);
    const indices = this.patches.map((_, i) => i);
    this.#defective = canvases
      .map((_, canvas) => indices.filter((i) => this.patches[i]!.defective && this.patches[i]!.canvas === canvas))
      .filter((own) => own.length > 0);
    this.#mostPerImage = mostPerImage === 'all' ? Number.POSITIVE_INFINITY : mostPerImage;
    const positives = this.#defective.reduce((sum, own) => sum + Math.min(own.length, this.#mostPerImage), 0);
    this.#clean = indices.filter((i) => !this.patches[i]!.defective);
    const wanted = negativesPerPositive === 'all' ? this.#clean.length : Math.round(negativesPerPositive * positives);
    this.#cleanPerEpoch = Math.min(wanted, this.#clean.length);
    const count = positives + this.#cleanPerEpoch;
    if (count === 0) {
      throw new FelfriError(
        'DATASET_TOO_SMALL',
        `${canvases.length} images have ${this.patches.length} patches and none shows a defect; a U-Net needs masks of defects`,
      );
    }
    this.batchesPerEpoch = Math.ceil(count / batch);
  }

  /** Indices of an epoch's patches: those with a defect, as far as `mostPerImage` lets them, and a draw of those without, shuffled. */
  order(epoch: number): readonly number[] {
    if (this.#latest?.epoch !== epoch) this.#latest = { epoch, order: this.#draw(epoch) };
    return this.#latest.order;
  }

  #draw(epoch: number): number[] {
    const random = Random.of(this.#options.seed, 'patches', epoch);
    const clean = random.shuffle(this.#clean).slice(0, this.#cleanPerEpoch);
    const most = this.#mostPerImage;
    const defective = this.#defective.flatMap((own) => (own.length > most ? random.shuffle(own).slice(0, most) : own));
    return random.shuffle([...defective, ...clean]);
  }

  /**
   * Batch `index` of an epoch: `image` and `target` (batch, 1, height, width). The last batch is filled up from the epoch's beginning,
   * augmented anew. Throws OPTION_INVALID for an index beyond `batchesPerEpoch`.
   */
  batch(epoch: number, index: number): Feeds {
    const { patch, batch, seed, augmentation } = this.#options;
    if (!Number.isInteger(index) || index < 0 || index >= this.batchesPerEpoch) {
      throw new FelfriError('OPTION_INVALID', `batch ${index}; legal are 0 to ${this.batchesPerEpoch - 1}`);
    }
    const order = this.order(epoch);
    const { height, width } = patch;
    const size = height * width;
    const image = new Float32Array(batch * size);
    const mask = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) {
      const position = index * batch + i;
      const { canvas, x, y } = this.patches[order[position % order.length]!]!;
      const source = this.#canvases[canvas]!;
      const random = Random.of(seed, 'augment', epoch, position);
      augment(source.grey, source.mask, source, { height, width, x, y }, random, augmentation, {
        image: image.subarray(i * size, (i + 1) * size),
        mask: mask.subarray(i * size, (i + 1) * size),
      });
    }
    const shape = [batch, 1, height, width];
    return { image: { shape, data: image }, target: { shape, data: mask } };
  }
}
