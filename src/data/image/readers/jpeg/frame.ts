/** The frame header of a JPEG: which process it uses, and how many bits and components. Imports nothing; a browser uses it, too. */

/** The process of JPEG-LS, number 55 of all markers of a frame. */
export const JPEG_LS = 55;

interface JpegFrame {
  /** Number of the start-of-frame marker, 0 to 15: 0 to 2 and 9, 10 are the usual lossy processes, 3 and 11 lossless ones, 55 JPEG-LS. */
  readonly process: number;
  readonly bits: number;
  readonly components: number;
}

/** Undefined where there is none before the first scan. */
export function jpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    // fill bytes
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    // JPEG-LS; where it begins with its own file header (SPIFF), the first bytes do not tell
    if (marker === 0xf7) return { process: JPEG_LS, bits: bytes[at + 4]!, components: bytes[at + 9]! };
    if (isFrame) return { process: marker - 0xc0, bits: bytes[at + 4]!, components: bytes[at + 9]! };
    if (marker === 0xda) return undefined;
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return undefined;
}
