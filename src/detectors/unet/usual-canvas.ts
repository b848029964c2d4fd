/** The canvas of a U-Net where none is asked for. */
import { upperMedian } from '../../core/median.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Canvas } from '../../train/canvas.ts';
import { imageSizes } from '../image-sizes.ts';

/** Largest side of a canvas that is chosen here: scratches of a large photo stay visible, and an inspection takes about a second. */
const LARGEST_SIDE = 768;

/** A letterbox canvas of the images' median sides, made smaller as a whole where it is too large, rounded up to multiples of 64 pixels. */
export async function usualCanvas(images: readonly PartImage[]): Promise<Canvas> {
  const sizes = await imageSizes(images);
  const [height, width] = [
    upperMedian(sizes.map((s) => s.height)) ?? LARGEST_SIDE,
    upperMedian(sizes.map((s) => s.width)) ?? LARGEST_SIDE,
  ];
  const scale = Math.min(1, LARGEST_SIDE / Math.max(height, width));
  const side = (length: number): number => Math.max(64, Math.ceil((length * scale) / 64) * 64);
  return { height: side(height), width: side(width), fit: 'letterbox' };
}
