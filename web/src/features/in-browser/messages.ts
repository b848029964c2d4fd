/** The messages between the page and the worker that inspects in this browser. */

import type { FrameFaults } from '../../../../src/data/image/frame-faults.ts';
import type { MapFacts } from '../../../../src/inspect/map-scale.ts';
import type { Decision } from '../../../../src/judge/decision.ts';
import type { PictureSizes } from '../../../../src/judge/picture-size.ts';
import type { Limits } from '../../../../src/judge/verdict.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, as a canvas gives them. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** What a picture is judged by: the recipe's thresholds, and what it says of pictures that show nothing are of another size, or lack lines. */
export interface Judging extends Limits {
  readonly judgesBlank: boolean;
  readonly sizes: PictureSizes | null;
  /** The most lines that good pictures miss; null: unknown. */
  readonly learned: FrameFaults | null;
}

/** First the address of the model, then images. */
export type Question =
  | { readonly model: string }
  | { readonly pixels: Pixels; readonly map: MapFacts; readonly judging: Judging };

export type Answer =
  | { readonly ready: true }
  | { readonly problem: string }
  | {
      readonly decision: Decision;
      /** What it rests on, as in a record of the station. */
      readonly reason: string | null;
      readonly score: number;
      /** The image with its heat map, of the image's size. */
      readonly drawn: Pixels;
      /** Of the detector alone. */
      readonly millis: number;
    };
