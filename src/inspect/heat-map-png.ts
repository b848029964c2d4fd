/** The heat map of an inspection as the bytes of a PNG file, marked as felfri's so that it is never taken for an image of the user's. */
import { crc32 } from 'node:zlib';
import type { Tensor } from '../core/tensor.ts';
import { encodePng } from '../data/image/encode.ts';
import type { Image } from '../data/image/raster.ts';
import { drawHeatMap, type MapRange } from './heat-map.ts';

/** A text chunk as PNG has it: keyword, zero, text. */
const mark = Buffer.from('Software\0felfri heat map', 'latin1');

/** Bytes of signature and IHDR, which come first in every PNG. */
const HEAD = 33;

function textChunk(): Buffer {
  const content = Buffer.concat([Buffer.from('tEXt', 'latin1'), mark]);
  const chunk = Buffer.alloc(4 + content.length + 4);
  chunk.writeUInt32BE(mark.length, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), 4 + content.length);
  return chunk;
}

/**
 * PNG bytes of an RGB image with the score map (1, 1, h, w) of its inspection over it, of the image's size: clear up to `low`, full from `high`
 * on (a bundle's `mapRange`).
 */
export async function heatMapPng(image: Image, map: Tensor, range: MapRange): Promise<Uint8Array> {
  const png = await encodePng(drawHeatMap(image, map, range));
  return Buffer.concat([png.subarray(0, HEAD), textChunk(), png.subarray(HEAD)]);
}

/** First bytes of a file that tell whether it is a heat map. */
export const HEAT_MAP_HEAD = HEAD + 8 + mark.length;

/** Whether a file that begins with these bytes is a heat map that felfri wrote. */
export const isHeatMapPng = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(HEAD + 8, HEAT_MAP_HEAD)).equals(mark);
