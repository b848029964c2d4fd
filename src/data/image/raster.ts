/** The pixels of an image. Imports nothing, so that a browser may use what works on pixels alone. */

export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 is RGB. */
  readonly channels: 1 | 3;
  /** Interleaved rows, [height, width, channels], values 0..255. */
  readonly data: Uint8Array;
}
