/** An image between black and white in 16 bits, in which images of every depth are disturbed alike, and back. */
import { emptyLike, type Image, type Pixels } from '../image/raster.ts';
import type { ValueRange } from '../image/value-range.ts';

/** 0 is black, 65535 white. */
export type DeepImage = Image<Uint16Array>;

const WHITE = 65_535;

/** What is black and white in an image: as its detector has it, or the whole of 8 bits. */
const rangeOf = (range: ValueRange | undefined): ValueRange => range ?? { low: 0, high: 255 };

/** Values beyond the range are cut off. */
export function toDeep({ data, ...sides }: Image<Pixels>, range: ValueRange | undefined): DeepImage {
  const { low, high } = rangeOf(range);
  const scale = WHITE / (high - low);
  return { ...sides, data: Uint16Array.from(data, (v) => clamped((v - low) * scale)) };
}

/** The same in the kind and range of values that `like` has. */
export function fromDeep({ data, ...sides }: DeepImage, like: Pixels, range: ValueRange | undefined): Image<Pixels> {
  const { low, high } = rangeOf(range);
  const out = emptyLike(like, data.length);
  const step = out instanceof Float32Array ? (v: number) => v : Math.round;
  for (let i = 0; i < out.length; i++) out[i] = step(low + (data[i]! / WHITE) * (high - low));
  return { ...sides, data: out };
}

const clamped = (value: number): number => Math.min(WHITE, Math.max(0, Math.round(value)));

/** Each value by a function of it, cut off at black and white. */
export const mapped = ({ data, ...sides }: DeepImage, to: (value: number, i: number) => number): DeepImage => ({
  ...sides,
  data: Uint16Array.from(data, (v, i) => clamped(to(v, i))),
});

/** So much of the scale from black to white. */
export const ofScale = (share: number): number => share * WHITE;
