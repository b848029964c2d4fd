/** The messages between the page and the worker that inspects in this browser. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, as a canvas gives them. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Values of the score map that are drawn as nothing and as full. */
interface MapRange {
  readonly low: number;
  readonly high: number;
}

/** First the address of the model, then images. */
export type Question = { readonly model: string } | { readonly pixels: Pixels; readonly mapRange: MapRange };

export type Answer =
  | { readonly ready: true }
  | { readonly problem: string }
  | {
      readonly score: number;
      /** The image with its heat map, of the image's size. */
      readonly drawn: Pixels;
      /** Of the detector alone. */
      readonly millis: number;
    };
