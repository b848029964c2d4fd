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

interface GifPieces {
  /** Where the first picture's description begins; undefined where there is none. */
  readonly picture: number | undefined;
  readonly end: number;
}

function gifPieces(bytes: Uint8Array): GifPieces {
  const kinds = { extension: 0x21, picture: 0x2c } as const;
  let picture: number | undefined;
  let at = 13 + gifPalette(bytes[10]!);
  for (;;) {
    if (bytes[at] === kinds.extension) at = afterBlocks(bytes, at + 2);
    else if (bytes[at] === kinds.picture) {
      picture ??= at;
      at = afterBlocks(bytes, at + 11 + gifPalette(bytes[at + 9]!));
    } else return { picture, end: Math.min(at + 1, bytes.length) };
  }
}

export const gifEnd = (bytes: Uint8Array): number => gifPieces(bytes).end;

/** Whether the first picture of a GIF covers its screen: nothing says what is beside it. */
export function gifIsCovered(bytes: Uint8Array): boolean {
  const { picture } = gifPieces(bytes);
  if (picture === undefined) return true;
  const view = viewOf(bytes);
  const [left, top, width, height] = [1, 3, 5, 7].map((place) => view.getUint16(picture + place, true));
  return left === 0 && top === 0 && width! >= view.getUint16(6, true) && height! >= view.getUint16(8, true);
}

export const webpEnd = (bytes: Uint8Array): number => 8 + Math.ceil(viewOf(bytes).getUint32(4, true) / 2) * 2;
