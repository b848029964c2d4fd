/**
 * How much of a frame a camera, cable or driver seems not to have written: lines of one value, and lines that repeat the one before. Parts may
 * truly look so, so what is too much is told by good images (judge/frame-fault.ts). Needs nothing of Node: the station's page asks it too.
 */
import type { Image } from './raster.ts';

/** Shares of a picture's rows or of its columns, whichever is larger; 0..1. */
export interface FrameFaults {
  /** Of lines in which every channel has one value. */
  readonly flat: number;
  /** Of further lines that are the same as the one before. */
  readonly repeated: number;
}

/** Levels of 256 that the values of a line of one value may span: what a compression leaves. */
const FLAT = 2;

/** Levels that a line may differ by in the mean from the one that it repeats; the noise of a sensor is more. */
const SAME = 0.5;

/** Pixels along a line that are looked at, so that a large picture takes no longer. Every line is looked at. */
const LOOKED_AT = 512;

interface Lines {
  readonly count: number;
  readonly length: number;
  /** Between lines, and between the pixels of one. */
  readonly stride: number;
  readonly step: number;
}

function isFlat({ channels, data }: Image, start: number, { length, step }: Lines, each: number): boolean {
  for (let channel = 0; channel < channels; channel++) {
    let low = 255;
    let high = 0;
    for (let i = 0; i < length; i += each) {
      const value = data[start + i * step + channel]!;
      if (value < low) low = value;
      if (value > high) high = value;
      if (high - low > FLAT) return false;
    }
  }
  return true;
}

function isRepeated({ channels, data }: Image, start: number, { length, stride, step }: Lines, each: number): boolean {
  const most = SAME * channels * Math.ceil(length / each);
  let sum = 0;
  for (let i = 0; i < length; i += each) {
    const at = start + i * step;
    for (let channel = 0; channel < channels; channel++)
      sum += Math.abs(data[at + channel]! - data[at + channel - stride]!);
    if (sum > most) return false;
  }
  return true;
}

function faultsOf(image: Image, lines: Lines): FrameFaults {
  const { count, length, stride } = lines;
  const each = Math.ceil(length / LOOKED_AT);
  let flat = 0;
  let repeated = 0;
  for (let line = 0; line < count; line++) {
    const start = line * stride;
    if (isFlat(image, start, lines, each)) flat++;
    else if (line > 0 && isRepeated(image, start, lines, each)) repeated++;
  }
  return { flat: flat / count, repeated: repeated / count };
}

/** Of an image of 8 bits. */
export function frameFaults(image: Image): FrameFaults {
  const { width, height, channels } = image;
  const rows = faultsOf(image, { count: height, length: width, stride: width * channels, step: channels });
  const columns = faultsOf(image, { count: width, length: height, stride: channels, step: width * channels });
  return { flat: Math.max(rows.flat, columns.flat), repeated: Math.max(rows.repeated, columns.repeated) };
}
