/** Whether a picture is of a size that a detector may judge: about as large, and about as long for its width, as those that it learned from. Needs nothing of Node. */

/** Pixels, upright. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

interface Span {
  readonly least: number;
  readonly most: number;
}

/** Of the pictures that a bundle learned from and set its threshold on. */
export interface PictureSizes {
  readonly height: Span;
  readonly width: Span;
  /** Width / height. */
  readonly proportion: Span;
}

/** How many times as short as the shortest side a side may be: below, a defect may have too few pixels to be seen. */
const SHORTER = 1.5;

/** How many times as long as the longest side a side may be: above, the same picture shows rather more than the part. */
const LONGER = 2;

/** How many times as long for its height, or as short, a picture may be: two crops of a few percent, not a strip, not a picture on its side. */
const PROPORTION = 1.1;

const within = (value: number, { least, most }: Span, below: number, above: number): boolean =>
  // a hair more, since 2 / 3 is no exact number
  value * below >= least * (1 - 1e-9) && value <= most * above * (1 + 1e-9);

const spanOf = (values: readonly number[]): Span => ({
  least: values.reduce((a, b) => Math.min(a, b)),
  most: values.reduce((a, b) => Math.max(a, b)),
});

/** The sizes that some pictures have; null of none. */
export function picturesSizes(sizes: readonly PictureSize[]): PictureSizes | null {
  if (sizes.length === 0) return null;
  return {
    height: spanOf(sizes.map(({ height }) => height)),
    width: spanOf(sizes.map(({ width }) => width)),
    proportion: spanOf(sizes.map(({ width, height }) => width / height)),
  };
}

/** The largest share of pictures of quite another size than the median one that is called unusual: above, sizes vary. */
const UNUSUAL = 0.05;

/** The few pictures that are of quite another size than most; none where sizes vary. */
export function unusualSizes<S extends PictureSize>(sizes: readonly S[]): S[] {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  if (sizes.length === 0) return [];
  const width = middle(sizes.map((size) => size.width));
  const height = middle(sizes.map((size) => size.height));
  const usual = picturesSizes([{ width, height }])!;
  const odd = sizes.filter((size) => otherSize(size, usual) !== null);
  return odd.length <= UNUSUAL * sizes.length ? odd : [];
}

const text = ({ least, most }: Span, digits = 0): string => {
  const [low, high] = [least, most].map((value) => value.toFixed(digits));
  return low === high ? low! : `${low} to ${high}`;
};

const beginning = 'another size of picture: ';

/** Why a picture of such a size is not judged; null where it is. Each side, and the proportion, may lie a stated factor outside what was learned. */
export function otherSize({ width, height }: PictureSize, learned: PictureSizes): string | null {
  const { height: heights, width: widths, proportion } = learned;
  const sides = within(height, heights, SHORTER, LONGER) && within(width, widths, SHORTER, LONGER);
  if (sides && within(width / height, proportion, PROPORTION, PROPORTION)) return null;
  const what = sides
    ? `${(width / height).toFixed(2)} times as wide as high, and the detector learned from ${text(proportion, 2)}`
    : `${width} x ${height} pixels, and the detector learned from ${text(widths)} x ${text(heights)}`;
  return `${beginning}${what}`;
}

/** Whether a reason on record is one of `otherSize`. */
export const tellsOtherSize = (reason: string | null): boolean => reason?.startsWith(beginning) ?? false;
