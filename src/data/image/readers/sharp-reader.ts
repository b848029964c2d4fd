/** JPEG, PNG, WebP, TIFF and GIF, by libvips. */
import type { ImageReader, StoredImage } from '../reader.ts';
import { corruptImage } from '../refusals.ts';
import { loadSharp } from '../sharp.ts';
import { hasText, startsWith } from '../signature.ts';

/** Names of libvips for what this reader takes. */
const colours: Readonly<Record<string, string>> = { srgb: 'rgb', rgb: 'rgb', 'b-w': 'grey' };

const isPng = startsWith('\x89PNG');

/** Number of frames of an animated PNG, from its acTL chunk, which the decoder does not look at; 1 for a still. */
function pngFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    if (hasText(bytes, at + 4, 'acTL')) return view.getUint32(at + 8);
    if (hasText(bytes, at + 4, 'IDAT')) break;
  }
  return 1;
}

async function header(bytes: Uint8Array, subject: string): Promise<StoredImage> {
  const sharp = await loadSharp();
  const found = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const { width, height, channels, depth, space } = found;
  const frames = isPng(bytes) ? pngFrames(bytes) : (found.pages ?? 1);
  return { width, height, channels, depth, colour: colours[space] ?? space, frames };
}

export const sharpReader: ImageReader = {
  header,
  async pixels(bytes, subject) {
    const sharp = await loadSharp();
    const { data, info } = await sharp(bytes, { failOn: 'warning', limitInputPixels: false, ignoreIcc: true })
      .autoOrient()
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch((error: unknown) => {
        throw corruptImage(subject, error);
      });
    return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
  },
};
