/** PNG as bytes (W3C, Portable Network Graphics, third edition), where a library would choose what is written. */
import { crc32, deflateSync } from 'node:zlib';

/** Length, type, data and checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

export interface Palette {
  /** Red, green and blue of each entry, one after another. */
  readonly colours: Uint8Array;
  /** Opacity of the first entries; all are opaque unless told. */
  readonly alphas?: Uint8Array | undefined;
}

/** A PNG of entries of a palette, a byte a pixel, in rows. Libraries order a palette as they like. */
export function palettePng(
  { width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  { colours, alphas }: Palette,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  // each row begins with its filter: none
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('PLTE', colours),
    ...(alphas ? [pngChunk('tRNS', alphas)] : []),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', new Uint8Array()),
  ]);
}
