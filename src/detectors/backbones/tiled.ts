/** A backbone that sees its image in overlapping tiles: each at the size it was made for, however large the image is. */
import { FelfriError } from '../../core/errors.ts';
import { concat, slice } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Backbone } from './backbone.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface Tiling {
  /** Pixels of a tile, along both axes. */
  readonly side: number;
  /** Least pixels that neighbouring tiles share. */
  readonly overlap: number;
}

/** Where a tile lies along an axis, and which positions of the map are taken from it. */
export interface Span {
  /** First pixel of the tile. */
  readonly start: number;
  /** Positions [from, to) of the whole map. */
  readonly from: number;
  readonly to: number;
}

/** As few tiles as cover `length` pixels, evenly spread; neighbours are cut in the middle of what they share. `length` is a multiple of the stride. */
export function spans(length: number, { side, overlap }: Tiling, stride: number): Span[] {
  const count = length <= side ? 1 : Math.ceil((length - overlap) / (side - overlap));
  const starts = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (length - side)) / (count - 1) / stride) * stride,
  );
  const cuts = starts.slice(1).map((start, i) => Math.round((starts[i]! + side + start) / (2 * stride)));
  return starts.map((start, i) => ({ start, from: cuts[i - 1] ?? 0, to: cuts[i] ?? length / stride }));
}

/**
 * The backbone over tiles instead of the whole image; its map has the same size and channels. Costs as much more as the tiles have more
 * pixels than the image. Throws OPTION_INVALID unless side and overlap are multiples of the stride, with an overlap of two strides at least
 * and of less than half of the side; a graph throws it for images whose sides are no multiples of the stride.
 */
export function tiled(backbone: Backbone, tiling: Tiling): Backbone {
  const { side, overlap } = tiling;
  const { stride, features } = backbone;
  const fits = side % stride === 0 && overlap % stride === 0 && overlap >= 2 * stride && 2 * overlap < side;
  if (!fits) {
    throw new FelfriError(
      'OPTION_INVALID',
      `tiles of ${side} pixels that share ${overlap}: with ${backbone.name} both must be multiples of ${stride}, and what is shared ` +
        `at least ${2 * stride} and less than half of the tile`,
      { subject: 'tile' },
    );
  }
  const { pyramid: _, ...rest } = backbone;
  return {
    ...rest,
    name: `${backbone.name} in tiles of ${side}`,
    fingerprint: fingerprintOf({ tiled: 1, backbone: backbone.fingerprint, side, overlap }),
    features: (image) => stitched(image, tiling, stride, features),
  };
}

function stitched(image: Value, tiling: Tiling, stride: number, features: Backbone['features']): Value {
  const [batch, , height, width] = image.shape as [number, number, number, number];
  if (height % stride !== 0 || width % stride !== 0) {
    throw new FelfriError(
      'OPTION_INVALID',
      `${height} x ${width} pixels in tiles: both must be multiples of ${stride}`,
      {
        subject: 'canvas',
      },
    );
  }
  const [rows, columns] = [spans(height, tiling, stride), spans(width, tiling, stride)];
  if (rows.length === 1 && columns.length === 1) return features(image);
  const [tall, wide] = [Math.min(tiling.side, height), Math.min(tiling.side, width)];
  const tiles = rows.flatMap((row) =>
    columns.map((column) => slice(slice(image, 2, row.start, row.start + tall), 3, column.start, column.start + wide)),
  );
  // all tiles as one batch: the backbone is written into the graph once
  const maps = features(concat(tiles, 0));
  const part = (at: number, row: Span, column: Span): Value => {
    const own = slice(maps, 0, at * batch, (at + 1) * batch);
    const [top, left] = [row.start / stride, column.start / stride];
    return slice(slice(own, 2, row.from - top, row.to - top), 3, column.from - left, column.to - left);
  };
  return concat(
    rows.map((row, r) =>
      concat(
        columns.map((column, c) => part(r * columns.length + c, row, column)),
        3,
      ),
    ),
    2,
  );
}
