/** The pixels of an image. Imports nothing, so that a browser may use what works on pixels alone. */

/** Values as the file holds them: 8 bits, up to 16 bits, or float (and whole numbers that are negative or above 65535). */
export type Pixels = Uint8Array | Uint16Array | Float32Array;

export interface Image<P extends Pixels = Uint8Array> {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 is RGB. */
  readonly channels: 1 | 3;
  /** Interleaved rows, [height, width, channels]; of 8 bits 0..255. */
  readonly data: P;
}

/** What a reader gives: like an image, with as many bands as the file has. */
export interface Raster<P extends Pixels = Pixels> {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  /** Interleaved rows, [height, width, bands]. */
  readonly data: P;
}

/** Zeros of the same kind as some pixels. */
export function emptyLike<P extends Pixels>(pixels: P, length: number): P {
  // a Buffer is bytes, too, and its own constructor is not for use
  const Kind = pixels instanceof Uint8Array ? Uint8Array : pixels instanceof Uint16Array ? Uint16Array : Float32Array;
  return new Kind(length) as P;
}
