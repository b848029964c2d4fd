/** Where the image ends in the bytes of its file, by its format: what follows there is not what was judged. */
import { npyEnd, readNpyHeader } from './npy.ts';
import type { FormatName } from './reader.ts';
import { readBmpHeader } from './readers/bmp-header.ts';
import { gifEnd, pngEnd, webpEnd } from './readers/chunked-ends.ts';
import { dicomEnd } from './readers/dicom/data-set.ts';
import { jpegEnd } from './readers/jpeg/end.ts';
import { jpeg2000End } from './readers/jpeg2000/codestream.ts';
import { pnmEnd } from './readers/pnm-reader.ts';
import { tiffEnd } from './readers/tiff/end.ts';

function bmpEnd(bytes: Uint8Array): number {
  const { width, height, bits, runs, start } = readBmpHeader(bytes, 'it');
  const stated = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(2, true);
  if (runs) return stated > start ? stated : bytes.length;
  const pixels = start + Math.ceil((width * bits) / 32) * 4 * height;
  // a colour profile may follow the pixels
  return stated > pixels && stated <= bytes.length ? stated : pixels;
}

/** Each may throw, or give a place beyond the end, for bytes that are cut off. */
export const imageEnds: Readonly<Record<FormatName, (bytes: Uint8Array) => number | Promise<number>>> = {
  jpeg: jpegEnd,
  png: pngEnd,
  webp: webpEnd,
  tiff: tiffEnd,
  gif: gifEnd,
  bmp: bmpEnd,
  pnm: pnmEnd,
  npy: (bytes) => npyEnd(readNpyHeader(bytes)),
  jp2: jpeg2000End,
  dcm: dicomEnd,
  // its reader counts frames by its length
  frame: (bytes) => bytes.length,
};
