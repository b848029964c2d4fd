/**
 * The image formats that felfri knows: those it reads, and those it names when it meets one. Whatever lists endings, media types or
 * formats reads this table. The content decides the format, never the ending of the file's name.
 */
import { FRAME_SIGNATURE } from './raw/stated-frame.ts';
import type { FormatName, ImageReader } from './reader.ts';
import { hasText, startsWith } from './signature.ts';

interface KnownFormat {
  /** As messages and documents call it. */
  readonly title: string;
  /** Of file names, lower case, with the dot. */
  readonly endings: readonly string[];
}

interface ImageFormat extends KnownFormat {
  readonly mediaType: string;
  /** What may be in it, for the documents. */
  readonly depths: string;
  /** Whether bytes begin as this format does. */
  readonly recognise: (bytes: Uint8Array) => boolean;
  /** Loaded when the first such image is read. */
  readonly reader: () => Promise<ImageReader>;
}

/** Asks for a module once: asking each time takes as long as decoding a small image. */
function once(load: () => Promise<ImageReader>): () => Promise<ImageReader> {
  let loading: Promise<ImageReader> | undefined;
  return () => (loading ??= load());
}

const sharpReader = once(async () => (await import('./readers/sharp-reader.ts')).sharpReader);

export const imageFormats: Readonly<Record<FormatName, ImageFormat>> = {
  jpeg: {
    title: 'JPEG',
    endings: ['.jpg', '.jpeg', '.jpe', '.jfif'],
    mediaType: 'image/jpeg',
    depths: '8 bits, grey or RGB',
    // JPEG-LS begins alike
    recognise: (bytes) => hasText(bytes, 0, '\xff\xd8\xff') && bytes[3] !== 0xf7,
    reader: sharpReader,
  },
  png: {
    title: 'PNG',
    endings: ['.png'],
    mediaType: 'image/png',
    depths: '1 to 8 bits, grey, RGB or palette',
    recognise: startsWith('\x89PNG\r\n\x1a\n'),
    reader: sharpReader,
  },
  webp: {
    title: 'WebP',
    endings: ['.webp'],
    mediaType: 'image/webp',
    depths: '8 bits, RGB',
    recognise: startsWith('RIFF????WEBP'),
    reader: sharpReader,
  },
  tiff: {
    title: 'TIFF',
    endings: ['.tif', '.tiff'],
    mediaType: 'image/tiff',
    depths: '1 to 8 bits, grey, RGB or palette',
    recognise: startsWith('II*\0', 'MM\0*', 'II+\0', 'MM\0+'),
    reader: once(async () => (await import('./readers/tiff-reader.ts')).tiffReader),
  },
  gif: {
    title: 'GIF',
    endings: ['.gif'],
    mediaType: 'image/gif',
    depths: '8 bits, palette, a single frame',
    recognise: startsWith('GIF87a', 'GIF89a'),
    reader: sharpReader,
  },
  bmp: {
    title: 'BMP',
    endings: ['.bmp', '.dib'],
    mediaType: 'image/bmp',
    depths: '1 to 32 bits: palette, 555, 565, RGB of 8 or 10 bits, run lengths',
    recognise: startsWith('BM?????????????\0\0\0'),
    reader: once(async () => (await import('./readers/bmp-reader.ts')).bmpReader),
  },
  pnm: {
    title: 'PGM, PPM and PBM',
    endings: ['.pgm', '.ppm', '.pbm', '.pnm'],
    mediaType: 'image/x-portable-anymap',
    depths: '1 to 16 bits, grey or RGB, as text or as bytes',
    recognise: (bytes) => /^P[1-6][\s#]/.test(String.fromCharCode(...bytes.subarray(0, 3))),
    reader: once(async () => (await import('./readers/pnm-reader.ts')).pnmReader),
  },
  npy: {
    title: 'NumPy arrays (.npy)',
    endings: ['.npy'],
    mediaType: 'application/octet-stream',
    depths: 'whole numbers of 8 to 64 bits, float of 32 and 64; (height, width) or (height, width, bands)',
    recognise: startsWith('\x93NUMPY'),
    reader: once(async () => (await import('./readers/npy-reader.ts')).npyReader),
  },
  jp2: {
    title: 'JPEG 2000',
    endings: ['.jp2', '.j2k', '.j2c', '.jpc'],
    mediaType: 'image/jp2',
    depths: '1 to 16 bits, grey or RGB, lossless or lossy',
    recognise: startsWith('\0\0\0\x0cjP  \r\n', '\xff\x4f\xff\x51'),
    reader: once(async () => (await import('./readers/jpeg2000-reader.ts')).jpeg2000Reader),
  },
  dcm: {
    title: 'DICOM',
    endings: ['.dcm', '.dicom'],
    mediaType: 'application/dicom',
    depths: '1 to 16 bits, MONOCHROME1 and 2 or RGB, one frame',
    recognise: (bytes) => hasText(bytes, 128, 'DICM'),
    reader: once(async () => (await import('./readers/dicom-reader.ts')).dicomReader),
  },
  frame: {
    title: 'raw frames of a stated size and pixel format',
    endings: ['.raw', '.frame'],
    mediaType: 'application/octet-stream',
    depths: '8 to 16 bits, grey, RGB or Bayer mosaic, in bytes or packed',
    recognise: startsWith(FRAME_SIGNATURE),
    reader: once(async () => (await import('./readers/frame-reader.ts')).frameReader),
  },
};

interface UnreadFormat extends KnownFormat {
  /** Left out where nothing short tells it. */
  readonly recognise?: (bytes: Uint8Array) => boolean;
}

/** Formats of images that felfri does not read: each such file is a problem of its own, where other files are only counted. */
const unreadFormats: readonly UnreadFormat[] = [
  {
    title: 'HEIC',
    endings: ['.heic', '.heif'],
    recognise: startsWith('????ftyphei', '????ftyphev', '????ftypmif', '????ftypmsf'),
  },
  { title: 'AVIF', endings: ['.avif'], recognise: startsWith('????ftypavi') },
  { title: 'JPEG XL', endings: ['.jxl'], recognise: startsWith('\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n') },
  { title: 'JPEG-LS', endings: ['.jls'], recognise: startsWith('\xff\xd8\xff\xf7') },
  { title: 'JPEG XR', endings: ['.jxr', '.wdp', '.hdp'], recognise: startsWith('II\xbc') },
  { title: 'Photoshop', endings: ['.psd', '.psb'], recognise: startsWith('8BPS') },
  { title: 'FITS', endings: ['.fits', '.fit'], recognise: startsWith('SIMPLE  =') },
  { title: 'PFM or PAM', endings: ['.pfm', '.pam'], recognise: startsWith('Pf\n', 'PF\n', 'P7\n') },
  { title: 'PCX', endings: ['.pcx'] },
  {
    title: 'camera raw',
    endings: ['.cr2', '.cr3', '.nef', '.arw', '.raf', '.orf', '.rw2', '.pef'],
    recognise: startsWith('????ftypcrx', 'FUJIFILMCCD-RAW', 'IIRO', 'IIU\0'),
  },
  { title: 'SVG', endings: ['.svg'], recognise: startsWith('<svg') },
  { title: 'DNG', endings: ['.dng'] },
  { title: 'OpenEXR', endings: ['.exr'], recognise: startsWith('\x76\x2f\x31\x01') },
  { title: 'TGA', endings: ['.tga'] },
];

const readable = new Set(Object.values(imageFormats).flatMap(({ endings }) => endings));
const unread = new Map(unreadFormats.flatMap((format) => format.endings.map((ending) => [ending, format] as const)));

/** Whether files of this ending ('.png'; case does not matter) are images that felfri reads. */
export const isImageEnding = (ending: string): boolean => readable.has(ending.toLowerCase());

/** The name of the image format that files of this ending have, where felfri knows it and does not read it. */
export const unreadTitle = (ending: string): string | undefined => unread.get(ending.toLowerCase())?.title;

/** The name of a format that the bytes begin as and felfri does not read. */
export const unreadTitleOf = (bytes: Uint8Array): string | undefined =>
  unreadFormats.find(({ recognise }) => recognise?.(bytes))?.title;

/** The format that the bytes begin as; undefined when it is none that felfri reads. */
export function formatOf(bytes: Uint8Array): FormatName | undefined {
  return (Object.keys(imageFormats) as FormatName[]).find((name) => imageFormats[name].recognise(bytes));
}

const titles = Object.values(imageFormats).map(({ title }) => title);

/** A sentence for messages. */
export const whatIsRead = `felfri reads ${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
