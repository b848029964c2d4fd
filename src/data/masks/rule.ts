/**
 * The one rule of masks: a pixel is defect where it is not background. Command line, library and station all read masks by
 * it, and docs/data-sets.md says it in words.
 *
 * Background is black, or transparent where only a part of the mask is. In a palette it is the first black entry, or the
 * first entry where none is black. Any other value is defect, be it 255, a class number of 1, or pure blue.
 *
 * Soft masks (JPEG, scaled, drawn with a soft brush) have values between that are neither. There, what is fainter than a
 * quarter of the brightest value is noise, and each connected blob of the rest is defect from half its own brightest value.
 * In a lossless format, whole values below 32 are numbers, also where all are multiplied by one number (0, 25, 50), and never soft.
 */

/** A mask as values: 0 is background; what is more is how strongly a pixel is marked. Row-major. */
export interface MaskValues {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array | Uint16Array | Float32Array;
  /** Whether the file format changes values when it is saved, so that noise around edges is expected. */
  readonly lossy: boolean;
}

/** What a mask marks. */
export interface Marked {
  /** 1 where defect, 0 elsewhere; height x width. */
  readonly pixels: Uint8Array;
  /** How many pixels are defect. */
  readonly count: number;
  /** Whether it was read as a soft one. */
  readonly soft: boolean;
}

/** Why a mask that is no plain mistake of size cannot be believed. */
export type MaskDoubt = 'not-finite' | 'every-pixel' | 'inverted' | 'faint';

/** A lossy mask whose brightest value is below this (of 255) may be noise or class numbers; nobody can tell. */
const FAINTEST_LOSSY = 32;

/** Whole values all below this, in a lossless format, are numbers of classes or instances, not a brush's edge. */
const NUMBERS_BELOW = 32;

/** So are multiples of one number by factors below this: class numbers that were stretched to be seen, such as 0, 25, 50. */
const FACTORS_BELOW = 16;

/** Shares of the outermost pixels and of all pixels from which a mask looks inverted: marks that leave a hole, not a defect. */
const INVERTED_BORDER = 0.9;
const INVERTED_AREA = 0.25;

const largestOf = (values: MaskValues['values']): number => {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return largest;
};

/**
 * Whether the pixels whose fate depends on it (marked, but below half the brightest value) are transitions: next to another
 * marked value. In a mask of class or instance numbers nearly all lie among equals.
 */
function isSoft({ values, width, height }: MaskValues, largest: number): boolean {
  let faint = 0;
  let transitions = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const value = values[at]!;
      if (value === 0 || value * 2 >= largest) continue;
      faint++;
      const differs = (other: number): boolean => values[other]! !== 0 && values[other]! !== value;
      if (
        (x > 0 && differs(at - 1)) ||
        (x + 1 < width && differs(at + 1)) ||
        (y > 0 && differs(at - width)) ||
        (y + 1 < height && differs(at + width))
      ) {
        transitions++;
      }
    }
  }
  return transitions * 2 > faint;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The largest whole number that divides all of the values, which are whole; 0 where all are 0. */
function commonStep(values: MaskValues['values']): number {
  let step = 0;
  for (const value of values) if (value !== 0 && (step === 0 || value % step !== 0)) step = divisor(value, step);
  return step;
}

/** Whether values are numbers of classes: touching ones would look like a soft edge, and the smaller be lost. */
function areNumbers({ values }: MaskValues, largest: number): boolean {
  if (values instanceof Float32Array && !values.every(Number.isInteger)) return false;
  return largest < NUMBERS_BELOW || largest < FACTORS_BELOW * commonStep(values);
}

/** The pixels of the blob (8 neighbours, values from `floor`) around `start`; they are noted in `seen`. */
function blobAt({ values, width, height }: MaskValues, floor: number, start: number, seen: Uint8Array): number[] {
  const blob = [start];
  seen[start] = 1;
  for (let next = 0; next < blob.length; next++) {
    const at = blob[next]!;
    const x = at % width;
    const y = (at - x) / width;
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        const other = v * width + u;
        if (seen[other] || values[other]! < floor) continue;
        seen[other] = 1;
        blob.push(other);
      }
    }
  }
  return blob;
}

function markSoft(mask: MaskValues, largest: number): Uint8Array {
  const { values } = mask;
  const pixels = new Uint8Array(values.length);
  const seen = new Uint8Array(values.length);
  const floor = largest / 4;
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || values[start]! < floor) continue;
    const blob = blobAt(mask, floor, start, seen);
    let brightest = 0;
    for (const at of blob) brightest = Math.max(brightest, values[at]!);
    for (const at of blob) if (values[at]! * 2 >= brightest) pixels[at] = 1;
  }
  return pixels;
}

/** What a mask marks. A mask with any value but 0 never comes out empty. */
export function markedPixels(mask: MaskValues): Marked {
  const { values, lossy } = mask;
  const largest = largestOf(values);
  const soft = largest > 0 && (lossy || (!areNumbers(mask, largest) && isSoft(mask, largest)));
  const pixels = soft ? markSoft(mask, largest) : Uint8Array.from(values, (value) => (value > 0 ? 1 : 0));
  let count = 0;
  for (const pixel of pixels) count += pixel;
  return { pixels, count, soft };
}

/** Share of the outermost pixels that are marked. */
function markedBorder(pixels: Uint8Array, width: number, height: number): number {
  let marked = 0;
  for (let x = 0; x < width; x++) marked += pixels[x]! + pixels[(height - 1) * width + x]!;
  for (let y = 0; y < height; y++) marked += pixels[y * width]! + pixels[y * width + width - 1]!;
  return marked / (2 * (width + height));
}

/** What makes a mask unbelievable, or undefined. An empty one is no doubt: it says that nothing is defect. */
export function doubtOf(
  { width, height, values, lossy }: MaskValues,
  { pixels, count }: Marked,
): MaskDoubt | undefined {
  if (values instanceof Float32Array && !values.every(Number.isFinite)) return 'not-finite';
  if (lossy && count > 0 && largestOf(values) < FAINTEST_LOSSY) return 'faint';
  if (count === pixels.length) return 'every-pixel';
  const hole = markedBorder(pixels, width, height) >= INVERTED_BORDER && count >= INVERTED_AREA * pixels.length;
  return hole ? 'inverted' : undefined;
}
