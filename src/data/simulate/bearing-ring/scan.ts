/**
 * Where the rows of a line-scan image lie on the surface. The camera sees one row at a time while the ring turns: the encoder
 * that triggers the rows is not quite even, and the ring runs out sideways a little, so neighbouring rows are shifted.
 */
import type { Random } from '../../../core/random.ts';
import { smoothNoise1 } from '../smooth-noise.ts';

/** The surface positions that a width x height image samples: pixel (x, y) sees (x + across[y], along[y]), in pixels. */
export interface Scan {
  readonly width: number;
  readonly height: number;
  readonly across: Float64Array;
  readonly along: Float64Array;
  /** Where along the surface row 0 would lie if rows were even: places of defects count from here. */
  readonly origin: number;
}

/** A scan that starts `start` rows along the ring. `jitter` is the typical shift of a row in pixels. */
export function scanRing(random: Random, width: number, height: number, start: number, jitter: number): Scan {
  const across = new Float64Array(height);
  const along = new Float64Array(height);
  const seed = random.integer(2 ** 31);
  for (let y = 0; y < height; y++) {
    across[y] = jitter * (2 * smoothNoise1(y / 40, seed) + 0.5 * smoothNoise1(y / 2, seed + 1));
    along[y] = start + y + jitter * (3 * smoothNoise1(y / 25, seed + 2) + 0.5 * random.uniform(-1, 1));
  }
  return { width, height, across, along, origin: along[0]! };
}

/** The rows [from, from + rows) of a scan, as a scan of its own, even with the surface at its middle row. */
export function scanWindow(scan: Scan, from: number, rows: number): Scan {
  const along = scan.along.subarray(from, from + rows);
  const middle = rows >> 1;
  return {
    width: scan.width,
    height: rows,
    across: scan.across.subarray(from, from + rows),
    along,
    origin: along[middle]! - middle,
  };
}
