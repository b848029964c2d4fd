/** A kept map as a grey PNG. One whose bytes count by the threshold (inspect/level-map.ts) says so, since those of former stations do not. */
import { encodePng } from '../../data/image/encode.ts';
import { withPngText } from '../../inspect/heat-map-png.ts';
import type { ByteMap } from '../inspecting/messages.ts';

const MARK = 'felfri\0by the threshold';

export async function byteMapPng({ width, height, data, byThreshold }: ByteMap): Promise<Uint8Array<ArrayBuffer>> {
  const png = await encodePng({ width, height, channels: 1, data });
  return new Uint8Array(byThreshold ? withPngText(png, MARK) : png);
}

/** Whether the bytes of such a PNG count by the threshold. */
export const isByThreshold = (png: Uint8Array): boolean => Buffer.from(png.subarray(0, 128)).includes(MARK);
