/** The canvas: the picture of one size that a detector sees of images of any size, and an image on it. */

import type { Regions } from '../data/regions/schema.ts';

/** How an image of any size is brought to the canvas that the detector sees. */
export interface Canvas {
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  readonly fit: 'stretch' | 'letterbox';
  /** Where it looks, and where not; everywhere unless told. */
  readonly regions?: Regions;
}

export type PixelSize = Pick<Canvas, 'height' | 'width'>;

/** A training image on its canvas. */
export interface GreyCanvas {
  readonly height: number;
  readonly width: number;
  /** Height x width: Float32Array in 0..1, or Uint8Array in 0..255. */
  readonly grey: Float32Array | Uint8Array;
  /** Height x width, 1 where defect; undefined when nothing is. */
  readonly mask: Uint8Array | undefined;
  /** The part from the upper left that shows the image; all of it unless told. Patches of padding alone are not learned from. */
  readonly shown?: PixelSize;
  /** Height x width, 1 where something is judged; everywhere unless told. Patches without any of it are not learned from. */
  readonly judged?: Uint8Array;
}
