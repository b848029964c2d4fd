/** BMP that libnsbmp does not read as they are: 2 bits a pixel, and masks that give a colour more than 8 bits. */
import type { Raster } from '../raster.ts';
import type { BmpHeader } from './bmp-header.ts';

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Of a top-down file the first row is the highest. */
const isTopDown = (bytes: Uint8Array): boolean => viewOf(bytes).getInt32(22, true) < 0;

/** Gives each pixel's bits, as a number, rows from the top down. */
function unpack({ width, height, bits, start }: BmpHeader, bytes: Uint8Array, take: (value: number) => void): void {
  const view = viewOf(bytes);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  for (let y = 0; y < height; y++) {
    const row = start + (isTopDown(bytes) ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) {
      if (bits === 32) take(view.getUint32(row + 4 * x, true));
      else if (bits === 16) take(view.getUint16(row + 2 * x, true));
      else take((bytes[row + Math.floor((x * bits) / 8)]! >> (8 - bits - ((x * bits) % 8))) & (2 ** bits - 1));
    }
  }
}

/** Colours of the palette for each of 2 bits. A colour has blue, green, red and a byte for nothing. */
export function twoBitPixels(header: BmpHeader, bytes: Uint8Array): Raster<Uint8Array> {
  const { width, height } = header;
  const palette = 14 + viewOf(bytes).getUint32(14, true);
  if (palette + 4 * (viewOf(bytes).getUint32(46, true) || 4) > header.start) throw new RangeError('no whole palette');
  const data = new Uint8Array(3 * width * height);
  let at = 0;
  unpack(header, bytes, (entry) => {
    for (const band of [2, 1, 0]) data[at++] = bytes[palette + 4 * entry + band]!;
  });
  return { width, height, bands: 3, data };
}

const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask);

/** Each colour's own bits, as a number. */
export function deepPixels(header: BmpHeader, bytes: Uint8Array): Raster<Uint16Array> {
  const { width, height, masks } = header;
  const data = new Uint16Array(3 * width * height);
  const shifts = masks.map(lowestBit);
  let at = 0;
  unpack(header, bytes, (value) => {
    for (const [band, mask] of masks.entries()) data[at++] = ((value & mask) >>> shifts[band]!) & 0xffff;
  });
  return { width, height, bands: 3, data };
}

/** How many bits the masks of red, green and blue have: undefined where they differ or have gaps, or where there are none. */
export function bitsOfMasks(masks: readonly number[]): number | undefined {
  const lengths = masks.map((mask) => Math.log2((mask >>> lowestBit(mask)) + 1));
  const [first = 0] = lengths;
  return Number.isInteger(first) && first > 0 && lengths.every((length) => length === first) ? first : undefined;
}
