/**
 * Small grey copies of a set's images, all reduced by one factor, so that photographs of one camera keep their common
 * scale and aspect however differently they were cropped.
 */
import type { Sharp } from 'sharp';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { decodeForView } from '../image/decode.ts';
import { readImageBytes } from '../image/files.ts';
import { loadSharp } from '../image/sharp.ts';
import type { PartImage } from '../part-image.ts';

/** Grey values 0..255, rows [height, width]. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** SHA-256 of the image file. */
  readonly hash: string;
}

export interface LeakControl {
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it ends the search with INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/** Pixels along the usual thumbnail (the square root of its area): fine enough to show what is one part's alone. */
const SIDE = 192;
/** Image headers that are read to learn the usual size. */
const SAMPLE = 200;
const AT_ONCE = 4;

/** Throws INTERRUPTED once the signal is aborted. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new FelfriError('INTERRUPTED', 'the search for near copies was stopped; nothing was written');
  }
}

async function usualSide(images: readonly PartImage[]): Promise<number> {
  const sharp = await loadSharp();
  const step = Math.max(1, Math.floor(images.length / SAMPLE));
  const sides: number[] = [];
  for (let i = 0; i < images.length; i += step) {
    const size = await sharp(images[i]!.path, { limitInputPixels: false })
      .metadata()
      .catch(() =>
        readImageBytes(images[i]!.path, images[i]!.raw).then((bytes) => decodeForView(bytes, images[i]!.path)),
      )
      .catch(() => undefined);
    if (size) sides.push(Math.sqrt(size.width * size.height));
  }
  return sides.sort((a, b) => a - b)[sides.length >> 1] ?? SIDE;
}

/** The factor by which an image of its own size is reduced; one of quite another size is brought near the usual one, none is enlarged. */
function scaleFor(width: number, height: number, usual: number): number {
  const own = Math.sqrt(width * height);
  return Math.min(1, SIDE / Math.min(Math.max(usual, own / 2), own * 2));
}

async function shrink(image: Sharp, width: number, height: number, usual: number): Promise<Omit<Thumbnail, 'hash'>> {
  const scale = scaleFor(width, height, usual);
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('b-w')
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

async function readThumbnail({ path, raw }: PartImage, usual: number): Promise<Thumbnail> {
  const bytes = await readImageBytes(path, raw);
  const hash = sha256(bytes);
  const sharp = await loadSharp();
  // sharp shrinks a JPEG while it is read; what it does not read or finds fault with goes the way of every image
  const image = sharp(bytes, { failOn: 'warning', limitInputPixels: false, ignoreIcc: true });
  const quick = await image
    .metadata()
    .then(({ autoOrient: { width, height } }) => shrink(image.autoOrient(), width, height, usual))
    .catch(() => undefined);
  if (quick) return { ...quick, hash };
  const { width, height, channels, data } = await decodeForView(bytes, path);
  return { ...(await shrink(sharp(data, { raw: { width, height, channels } }), width, height, usual)), hash };
}

/**
 * The thumbnails of some images, in their order; undefined where a file cannot be read, which `felfri data check` and
 * training name by code. 37 KB an image.
 */
export async function readThumbnails(
  images: readonly PartImage[],
  { onProgress, signal }: LeakControl = {},
): Promise<(Thumbnail | undefined)[]> {
  const usual = await usualSide(images);
  const thumbnails: (Thumbnail | undefined)[] = new Array(images.length).fill(undefined);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < images.length) {
      stopIfAborted(signal);
      const i = next++;
      thumbnails[i] = await readThumbnail(images[i]!, usual).catch(() => undefined);
      onProgress?.(++done, images.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return thumbnails;
}
