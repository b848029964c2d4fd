/** TIFF: by libtiff what it reads right, by geotiff the rest: packed bits, float, signed, and bands beyond grey and colour. */
import { FelfriError } from '../../../core/errors.ts';
import type { Raster } from '../raster.ts';
import type { ImageReader } from '../reader.ts';
import { sharpPixels } from './sharp-reader.ts';
import { bareTiff } from './tiff/bare.ts';
import { readPage, type TiffPage } from './tiff/page.ts';
import { samplePixels } from './tiff/samples.ts';

/** Compressions that libtiff of sharp has. */
const ofLibtiff = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50001]);

/** Whether libtiff reads such a page right and libvips does not take a band for what it is not. */
function suitsLibtiff({ stored, sampleKind, bits, compression, premultiplied, oddPlanes }: TiffPage): boolean {
  const { bands, transparency, colour } = stored;
  const usual = (colour === 'grey' && bands === 1) || (colour === 'rgb' && bands === 3);
  return (
    usual &&
    transparency <= 1 &&
    !premultiplied &&
    !oddPlanes &&
    sampleKind === 'uint' &&
    [1, 2, 4, 8, 16].includes(bits) &&
    ofLibtiff.has(compression)
  );
}

async function byLibtiff(bytes: Uint8Array, subject: string, { stored }: TiffPage): Promise<Raster> {
  const deep = stored.sample === 'uint8' ? undefined : stored.bands === 1 ? 'grey16' : 'rgb16';
  const options = { deep, mayLack: stored.transparency > 0 } as const;
  try {
    return await sharpPixels(bytes, subject, options);
  } catch (error) {
    if (error instanceof FelfriError && error.code === 'IMAGE_TRANSPARENT') throw error;
    // libtiff warns of padded texts, long dates and unsorted tags just as of damaged pixels: these are tried without those
    return await sharpPixels(bareTiff(bytes), subject, options).catch(() => {
      throw error;
    });
  }
}

export const tiffReader: ImageReader = {
  header: async (bytes, subject) => readPage(bytes, subject).stored,
  async pixels(bytes, subject) {
    const page = readPage(bytes, subject);
    return suitsLibtiff(page) ? byLibtiff(bytes, subject, page) : samplePixels(bytes, subject, page);
  },
};
