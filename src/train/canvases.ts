/** Images and masks on the U-Net's canvas, made by the same graph that a bundle holds. */
import { FelfriError } from '../core/errors.ts';
import { type Intake, takeImage } from '../data/image/intake.ts';
import type { Problem } from '../data/listing.ts';
import { readTrustedMask } from '../data/masks/read.ts';
import { keepThin } from '../data/masks/thin.ts';
import type { PartImage } from '../data/part-image.ts';
import { toOnnx } from '../engine/onnx/writer.ts';
import { createGraph } from '../engine/operators/table.ts';
import { WorkerSession } from '../engine/workers/remote.ts';
import type { Canvas, GreyCanvas, PixelSize } from './canvas.ts';
import { canvasMask, canvasSeen, type Exposure } from './canvas-grey.ts';
import { judgedPixels } from './judged-area.ts';
import { pixelFeed, pixelInput } from './pixel-input.ts';

export interface Canvases {
  /** In the order of the images, those that could not be read left out. */
  readonly canvases: readonly GreyCanvas[];
  readonly problems: readonly Problem[];
}

function greyModel({ canvas, exposure, intake }: CanvasOptions): Uint8Array<ArrayBuffer> {
  return toOnnx({ grey: canvasSeen(pixelInput(createGraph(), intake?.range), canvas, exposure) });
}

function maskModel({ canvas }: CanvasOptions): Uint8Array<ArrayBuffer> {
  return toOnnx({ mask: canvasMask(pixelInput(createGraph()), canvas) });
}

/** Grey values of 0..1 as they are kept: in 8 bits, unless the images are deeper. */
function kept(grey: Float32Array, { intake }: CanvasOptions): GreyCanvas['grey'] {
  return intake ? Float32Array.from(grey) : Uint8Array.from(grey, (v) => Math.round(v * 255));
}

/** The part of the canvas that an image takes, from the upper left; what FitImage does in the graph. */
function shownPart(image: PixelSize, { height, width, fit }: Canvas): PixelSize {
  if (fit === 'stretch') return { height, width };
  const scale = Math.min(height / image.height, width / image.width);
  const side = (length: number): number => Math.max(1, Math.floor(length * scale + 0.5));
  return { height: side(image.height), width: side(image.width) };
}

/** A mask of 0 and 1 as grey pixels in three channels, which is what the graph takes. */
function maskPixels(mask: Uint8Array): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(mask.length * 3);
  mask.forEach((v, i) => {
    pixels.fill(v * 255, i * 3, i * 3 + 3);
  });
  return pixels;
}

/** A mask without what is not judged, in place. */
function within(mask: Uint8Array, judged: Uint8Array | undefined): Uint8Array {
  judged?.forEach((v, i) => {
    if (v === 0) mask[i] = 0;
  });
  return mask;
}

export interface CanvasOptions {
  readonly canvas: Canvas;
  readonly exposure: Exposure;
  /** How pixels are taken from files; as 8 bits unless told. */
  readonly intake?: Intake | undefined;
}

interface ReadingOptions extends Pick<CanvasOptions, 'intake'> {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads images and masks. An image that cannot be read is named in `problems`. */
export async function readCanvases(
  images: readonly PartImage[],
  canvas: Canvas,
  exposure: Exposure,
  { intake, onProgress, signal }: ReadingOptions = {},
): Promise<Canvases> {
  const options = { canvas, exposure, intake };
  const { height, width } = canvas;
  const judged = judgedPixels(canvas);
  const session = await WorkerSession.create(greyModel(options));
  const masks = images.some(({ mask }) => mask !== undefined)
    ? await WorkerSession.create(maskModel(options))
    : undefined;
  const canvases: GreyCanvas[] = [];
  const problems: Problem[] = [];
  try {
    for (const [i, part] of images.entries()) {
      const { path, name, mask } = part;
      if (signal?.aborted)
        throw new FelfriError('INTERRUPTED', 'stopped while images were read; nothing was trained yet');
      try {
        const image = await takeImage(path, intake);
        const shape = [image.height, image.width, 3];
        const marked = mask === undefined ? undefined : await readTrustedMask({ ...part, mask }, image);
        const shown = shownPart(image, canvas);
        const { grey } = await session.run({ pixels: pixelFeed(image, intake?.range) });
        const fitted = marked && (await masks?.run({ pixels: { shape, data: maskPixels(marked) } }))?.['mask'];
        canvases.push({
          height,
          width,
          grey: kept(grey!.data, options),
          mask: fitted && within(keepThin(marked, image, Uint8Array.from(fitted.data), { width, shown }), judged),
          shown,
          ...(judged && { judged }),
        });
      } catch (error) {
        if (!(error instanceof FelfriError)) throw error;
        problems.push({ name, code: error.code, message: error.message });
      }
      onProgress?.(i + 1, images.length);
    }
  } finally {
    await session.release();
    await masks?.release();
  }
  return { canvases, problems };
}
