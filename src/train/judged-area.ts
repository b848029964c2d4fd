/**
 * What regions leave of a canvas. Pixels that are not judged are replaced by what lies around them before any network sees them, so that
 * whatever they show changes no feature, no map and no score.
 */
import { canvasTolerances, cellTolerances, type Grid, judgedPlaces } from '../data/regions/raster.ts';
import { add, div, mul, reduceMean, reduceSum, reshape } from '../engine/builders.ts';
import { resizeBilinear } from '../engine/functions.ts';
import type { Value } from '../engine/graph.ts';
import type { Canvas } from './canvas.ts';

/** How many times the threshold each cell of a map over the canvas bears, 0 where nothing is judged; undefined without regions. */
export function cellsOf(canvas: Canvas, cells: Grid = canvas): Float32Array | undefined {
  const { regions } = canvas;
  return regions && cellTolerances(canvasTolerances(regions, canvas), canvas, cells);
}

/** 1 at pixels of the canvas that are judged, row-major; undefined without regions. */
export function judgedPixels(canvas: Canvas): Uint8Array | undefined {
  return canvas.regions && judgedPlaces(canvasTolerances(canvas.regions, canvas));
}

/** Values (1, 1, h, w) of the graph. */
export const plane = ({ graph }: Value, { height, width }: Grid, values: ArrayLike<number>): Value =>
  graph.constant([1, 1, height, width], Array.from(values));

/** Pixels along the squares whose mean stands in for what is not judged among them, at most. */
const BLOCK = 16;

const blockOf = (side: number): number => {
  for (let block = BLOCK; block > 1; block--) if (side % block === 0) return block;
  return 1;
};

/**
 * A picture (1, C, H, W) on its canvas as the network is to see it: what is not judged gets the mean of the judged pixels near it, of all of
 * them where none is near, so that no edge is drawn that the part does not have. The picture itself without regions.
 */
export function seen(picture: Value, canvas: Canvas): Value {
  const judged = judgedPixels(canvas);
  if (!judged) return picture;
  const [n, c, height, width] = picture.shape as [number, number, number, number];
  const [tall, wide] = [blockOf(height), blockOf(width)];
  const blocks = { height: height / tall, width: width / wide };
  const shares = new Float32Array(blocks.height * blocks.width);
  judged.forEach((v, i) => {
    const block = Math.floor(Math.floor(i / width) / tall) * blocks.width + Math.floor((i % width) / wide);
    shares[block]! += v / (tall * wide);
  });
  const kept = mul(picture, plane(picture, { height, width }, judged));
  const means = reduceMean(reshape(kept, [n, c, blocks.height, tall, blocks.width, wide]), [3, 5]);
  const whole = div(
    reduceSum(kept, [2, 3], true),
    Math.max(
      1,
      judged.reduce((sum, v) => sum + v, 0),
    ),
  );
  const near = mul(
    means,
    plane(
      picture,
      blocks,
      shares.map((share) => (share > 0 ? 1 / share : 0)),
    ),
  );
  const far = mul(
    whole,
    plane(
      picture,
      blocks,
      shares.map((share) => (share > 0 ? 0 : 1)),
    ),
  );
  const around = resizeBilinear(add(near, far), height, width);
  return add(
    kept,
    mul(
      around,
      plane(
        picture,
        { height, width },
        judged.map((v) => 1 - v),
      ),
    ),
  );
}
