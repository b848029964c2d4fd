/** What a DICOM or DICONDE file says of its pixels. */
import type { DataSet } from 'dicom-parser';
import { FelfriError } from '../../../../core/errors.ts';
import { corruptImage } from '../../refusals.ts';

/** How pixels are held, by the transfer syntaxes that are read. */
const syntaxes = {
  '1.2.840.10008.1.2': 'little',
  '1.2.840.10008.1.2.1': 'little',
  '1.2.840.10008.1.2.2': 'big',
  '1.2.840.10008.1.2.5': 'run lengths',
  '1.2.840.10008.1.2.4.50': 'JPEG',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
} as const;

/** Names of those that are not. */
const others: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.1.99': 'deflated',
  '1.2.840.10008.1.2.4.51': 'JPEG of 12 bits',
  '1.2.840.10008.1.2.4.57': 'JPEG lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG lossless',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS',
};

export interface DicomPixels {
  readonly set: DataSet;
  readonly syntax: (typeof syntaxes)[keyof typeof syntaxes];
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly allocated: 8 | 16;
  /** Bits of a value. */
  readonly stored: number;
  readonly signed: boolean;
  /** Whether the smallest value is white. */
  readonly inverted: boolean;
  readonly planar: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly frames: number;
  /** The colour space as the file names it. */
  readonly photometric: string;
  /** Centre and width of the first window, after slope and intercept; null where the file has none, or one that is no straight line. */
  readonly window: { readonly centre: number; readonly width: number; readonly exact: boolean } | null;
}

const tag = {
  syntax: 'x00020010',
  samples: 'x00280002',
  photometric: 'x00280004',
  planar: 'x00280006',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  allocated: 'x00280100',
  stored: 'x00280101',
  highBit: 'x00280102',
  signed: 'x00280103',
  intercept: 'x00281052',
  slope: 'x00281053',
  centre: 'x00281050',
  width: 'x00281051',
  windowFunction: 'x00281056',
  pixels: 'x7fe00010',
} as const;

function refuse(subject: string, what: string): never {
  throw new FelfriError(
    'IMAGE_FORMAT',
    `${subject}: a DICOM image ${what}; legal are 8 or 16 bits allocated, uncompressed, by run lengths, baseline JPEG or JPEG 2000: convert it with dcmdjpeg or dcmconv`,
    { subject },
  );
}

function syntaxOf(set: DataSet, subject: string): DicomPixels['syntax'] {
  const uid = (set.string(tag.syntax) ?? '1.2.840.10008.1.2').trim();
  if (Object.hasOwn(syntaxes, uid)) return syntaxes[uid as keyof typeof syntaxes];
  return refuse(subject, `of the transfer syntax ${uid}${others[uid] ? ` (${others[uid]})` : ''}`);
}

function windowOf(set: DataSet): DicomPixels['window'] {
  const [centre, width] = [tag.centre, tag.width].map((name) => Number.parseFloat(set.string(name) ?? ''));
  const shape = (set.string(tag.windowFunction) ?? 'LINEAR').trim();
  if (!Number.isFinite(centre) || !(width! > 1) || !shape.startsWith('LINEAR')) return null;
  return { centre: centre!, width: width!, exact: shape === 'LINEAR_EXACT' };
}

/** Where the pixels end, which come last but for padding and signatures. Throws what the parser does, texts and records among it. */
export async function dicomEnd(bytes: Uint8Array): Promise<number> {
  // of two files the parser takes the tags of both for those of one
  const second = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('DICM\x02\0\0\0UL', 132, 'latin1');
  if (second >= 0) return second - 128;
  const { default: parser } = await import('dicom-parser');
  const pixels = parser.parseDicom(bytes).elements[tag.pixels];
  return pixels ? pixels.dataOffset + pixels.length : bytes.length;
}

/** Parses a file and says how its pixels are held. Throws IMAGE_FORMAT for what is not read, IMAGE_CORRUPT for damage. */
export async function readDicom(bytes: Uint8Array, subject: string): Promise<DicomPixels> {
  const { default: parser } = await import('dicom-parser');
  let set: DataSet;
  try {
    set = parser.parseDicom(bytes);
  } catch (error) {
    // the parser throws texts and records of its own
    const cause = error instanceof Error ? error : new Error(typeof error === 'string' ? error : 'it cannot be parsed');
    if (/deflate/i.test(cause.message))
      return refuse(subject, 'of the transfer syntax 1.2.840.10008.1.2.1.99 (deflated)');
    throw corruptImage(subject, cause);
  }
  const syntax = syntaxOf(set, subject);
  if (!set.elements[tag.pixels]) throw corruptImage(subject, new Error('it holds no pixels'));
  const [width = 0, height = 0] = [set.uint16(tag.columns), set.uint16(tag.rows)];
  const allocated = set.uint16(tag.allocated) ?? 0;
  const stored = set.uint16(tag.stored) ?? allocated;
  const samples = set.uint16(tag.samples) ?? 1;
  if (allocated !== 8 && allocated !== 16) refuse(subject, `of ${allocated} bits allocated`);
  if ((set.uint16(tag.highBit) ?? stored - 1) !== stored - 1 || stored < 1 || stored > allocated)
    refuse(subject, `of ${stored} bits that do not lie at the low end`);
  if (width < 1 || height < 1 || (samples !== 1 && samples !== 3))
    throw corruptImage(subject, new Error(`${width} x ${height} pixels of ${samples} samples`));
  const number = (name: string, usual: number): number => {
    const value = Number.parseFloat(set.string(name) ?? '');
    return Number.isFinite(value) ? value : usual;
  };
  const photometric = (set.string(tag.photometric) ?? 'MONOCHROME2').trim();
  return {
    set,
    syntax,
    width,
    height,
    samples,
    allocated: allocated as 8 | 16,
    stored,
    signed: set.uint16(tag.signed) === 1,
    inverted: photometric === 'MONOCHROME1',
    planar: set.uint16(tag.planar) === 1,
    slope: number(tag.slope, 1) || 1,
    intercept: number(tag.intercept, 0),
    frames: Math.max(1, Math.floor(number(tag.frames, 1))),
    photometric,
    window: windowOf(set),
  };
}

/** The bytes of the one frame: as they stand, or of its fragments. Throws RangeError where some are missing. */
export function frameBytes({ set }: DicomPixels): Uint8Array {
  const element = set.elements[tag.pixels]!;
  const { byteArray } = set;
  const part = (from: number, length: number): Uint8Array => {
    if (from + length > byteArray.length) throw new RangeError('pixels beyond the end of the file');
    return byteArray.subarray(from, from + length) as Uint8Array;
  };
  if (!element.fragments) return part(element.dataOffset, element.length);
  const parts = element.fragments.map(({ position, length }) => part(position, length));
  return parts.length === 1 ? parts[0]! : new Uint8Array(Buffer.concat(parts));
}
