/** Where a JPEG ends, with the pictures that it declares to carry beside its own. */
import { hasText } from '../../signature.ts';
import { afterScan } from './segments.ts';

/** What gain maps, depth and mattes say of themselves, which telephones put behind a photograph: Adobe and Google, Apple, ISO 21496-1. */
const auxiliary = ['hdrgm', 'HDRGainMap', 'AuxiliaryImageType', 'iso:21496:-1', 'iso:ts:21496:-1', 'GDepth', 'GDIFF'];

/** Kinds of picture of CIPA DC-007: panorama, disparity and several angles are photographs of their own; previews and the first are not. */
const photographs = 0x020000;
const UNDEFINED = 0;

/** Bytes of a picture in which it says what it is: two segments of metadata. */
const LOOKED_AT = 131_072;

/** Whether a picture is a photograph of its own. One of a kind that is not defined is, unless it says what else it is. */
function isOtherPhotograph(bytes: Uint8Array, attribute: number, from: number, length: number): boolean {
  if ((attribute & 0xff0000) === photographs) return true;
  if ((attribute & 0xffffff) !== UNDEFINED) return false;
  const said = new TextDecoder('latin1').decode(bytes.subarray(from, from + Math.min(length, LOOKED_AT)));
  return said !== '' && !auxiliary.some((word) => said.includes(word));
}

/** The end of what a multi-picture index (CIPA DC-007) declares, whose directory begins at `base`; 0 where it declares another photograph. */
function declaredEnd(bytes: Uint8Array, base: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[base] === 0x49;
  const directory = base + view.getUint32(base + 4, little);
  const count = view.getUint16(directory, little);
  let last = 0;
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + 12 * i;
    if (view.getUint16(entry, little) !== 0xb002) continue;
    const from = base + view.getUint32(entry + 8, little);
    for (let at = from; at + 16 <= from + view.getUint32(entry + 4, little); at += 16) {
      const [kind, length, offset] = [0, 4, 8].map((place) => view.getUint32(at + place, little)) as [
        number,
        number,
        number,
      ];
      if (offset === 0) continue;
      if (isOtherPhotograph(bytes, kind, base + offset, length)) return 0;
      last = Math.max(last, base + offset + length);
    }
  }
  return last;
}

/** Behind the mark of the end, or where the file has no further structure. Throws RangeError for an index beyond the end. */
export function jpegEnd(bytes: Uint8Array): number {
  let declared = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return Math.max(at, declared);
    const marker = bytes[at + 1]!;
    if (marker === 0xd9) return Math.max(at + 2, declared);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xe2 && hasText(bytes, at + 4, 'MPF\0')) declared = declaredEnd(bytes, at + 8);
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (marker === 0xda) at = afterScan(bytes, at);
  }
  return bytes.length;
}
