/** Where PNG, WebP and GIF end, which are made of pieces that state their lengths. Each may throw RangeError where bytes are missing. Needs nothing of Node. */
import { hasText } from '../signature.ts';

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function pngEnd(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  for (let at = 8; ; at += view.getUint32(at) + 12) if (hasText(bytes, at + 4, 'IEND')) return at + 12;
}

/** Past the blocks that a GIF's picture or extension is made of. */
function afterBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at]! > 0) at += bytes[at]! + 1;
  return at + 1;
}

const gifPalette = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

export function gifEnd(bytes: Uint8Array): number {
  const kinds = { extension: 0x21, picture: 0x2c } as const;
  let at = 13 + gifPalette(bytes[10]!);
  for (;;) {
    if (bytes[at] === kinds.extension) at = afterBlocks(bytes, at + 2);
    else if (bytes[at] === kinds.picture) at = afterBlocks(bytes, at + 11 + gifPalette(bytes[at + 9]!));
    else return Math.min(at + 1, bytes.length);
  }
}

export const webpEnd = (bytes: Uint8Array): number => 8 + Math.ceil(viewOf(bytes).getUint32(4, true) / 2) * 2;
