/** Differences between neighbours, which compressed TIFFs hold in place of values: what geotiff 3.0.5 gets wrong of them. */
import { FelfriError } from '../../../../core/errors.ts';
import type { TiffPage } from './page.ts';

const FROM_LEFT = 2;
const OF_FLOATS = 3;

/** LZW, deflate and ZSTD: libtiff heeds a predictor in these alone, geotiff everywhere. */
const predicted = new Set([5, 8, 32946, 50000]);

export interface PredictorPlan {
  /** Where the file says which predictor it has, to be written over by 1 (none); undefined where it stays. */
  readonly erased?: number | undefined;
  /** Whether the sums are made here, on values that were read in the file's order of bytes. */
  readonly sums: boolean;
  /** Whether geotiff leaves values in the other order of bytes than the file's. */
  readonly swapped: boolean;
}

/** geotiff sums in the machine's order of bytes, which a file with the high bytes first has not. Throws IMAGE_FORMAT for what is not read so. */
export function planPredictor(page: TiffPage, subject: string, little: boolean): PredictorPlan {
  const { predictor, compression, bits, sampleKind } = page;
  if (predictor.kind === 1) return { sums: false, swapped: false };
  if (!predicted.has(compression)) return { erased: predictor.lowByte, sums: false, swapped: false };
  const other = !little && bits > 8;
  const legal =
    predictor.kind === FROM_LEFT
      ? !(other && sampleKind === 'float')
      : predictor.kind === OF_FLOATS && sampleKind === 'float';
  if (!legal) {
    throw new FelfriError(
      'IMAGE_FORMAT',
      `${subject}: a TIFF of ${bits} bits (${sampleKind}) by predictor ${predictor.kind}; legal are 2 for whole numbers and 3 for float: export it without one`,
      { subject },
    );
  }
  if (!other) return { sums: false, swapped: false };
  return predictor.kind === FROM_LEFT
    ? { erased: predictor.lowByte, sums: true, swapped: false }
    : { sums: false, swapped: true };
}

/** Sums along each row, band for band, anew in each tile; `tileWidth` is the image's own for strips. The values wrap around as their type does. */
export function sumRows(
  data: Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array,
  { width, bands, tileWidth }: { readonly width: number; readonly bands: number; readonly tileWidth: number },
): void {
  for (let row = 0; row < data.length; row += width * bands) {
    for (let tile = 0; tile < width; tile += tileWidth) {
      const end = row + Math.min(width, tile + tileWidth) * bands;
      for (let i = row + (tile + 1) * bands; i < end; i++) data[i]! += data[i - bands]!;
    }
  }
}
