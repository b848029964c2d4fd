/** The heat map of an inspection as the bytes of a PNG file, marked as felfri's so that it is never taken for an image of the user's. */
import { sha256 } from '../core/files.ts';
import type { Tensor } from '../core/tensor.ts';
import { encodePng } from '../data/image/encode.ts';
import { HEAT_MAP_HEAD, heatMapMark, isHeatMapPng, PNG_HEAD } from '../data/image/heat-map-mark.ts';
import { pngChunk } from '../data/image/png.ts';
import type { Image } from '../data/image/raster.ts';
import { drawHeatMap, type MapScale } from './heat-map.ts';
import { type Stamp, stamped } from './stamp.ts';

/**
 * PNG bytes of an RGB image with the score map (1, 1, h, w) of its inspection over it: in colours by the threshold and outlined, or by the map's own
 * range (heat-map.ts). With a stamp a strip below says what was decided; without one it is of the image's size.
 */
export async function heatMapPng(image: Image, map: Tensor, scale: MapScale, stamp?: Stamp): Promise<Uint8Array> {
  const drawn = drawHeatMap(image, map, scale);
  const png = await encodePng(stamp ? stamped(drawn, stamp, 'threshold' in scale) : drawn);
  return withChunk(png, heatMapMark);
}

const withChunk = (png: Uint8Array, text: Buffer): Buffer =>
  Buffer.concat([png.subarray(0, PNG_HEAD), pngChunk('tEXt', text), png.subarray(PNG_HEAD)]);

/** A PNG with a text right after its head. */
export const withPngText = (png: Uint8Array, text: string): Uint8Array => withChunk(png, Buffer.from(text, 'latin1'));

/** Where a second text chunk begins. */
const SECOND = HEAT_MAP_HEAD + 4;

/** What a map is of, such as an image's path and a model, so that no path can be read from it. */
const sourceText = (of: string): Buffer => Buffer.from(`Source\0sha256 ${sha256(of)}`, 'latin1');

/** The bytes of a heat map, which say what it is of. */
export function statingSource(heatMap: Uint8Array, of: string): Uint8Array {
  return Buffer.concat([heatMap.subarray(0, SECOND), pngChunk('tEXt', sourceText(of)), heatMap.subarray(SECOND)]);
}

/** Whether a file that begins with these bytes is a heat map of that. */
export function isHeatMapOf(bytes: Uint8Array, of: string): boolean {
  const text = sourceText(of);
  return isHeatMapPng(bytes) && Buffer.from(bytes.subarray(SECOND + 8, SECOND + 8 + text.length)).equals(text);
}
