/** The messages between the page and the worker that inspects in this browser. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, as a canvas gives them. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** First the address of the model, then images. */
export type Question = { readonly model: string } | { readonly pixels: Pixels };

export type Answer =
  | { readonly ready: true }
  | { readonly problem: string }
  | {
      readonly score: number;
      /** Of the detector alone. */
      readonly millis: number;
    };
