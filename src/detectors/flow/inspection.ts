/** The flow from pixels to score map and score: what a bundle's model holds. */
import { add, cast, concat, expand, fitMap, greater, mul, reduceMax, reshape, slice } from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Canvas } from '../../train/canvas.ts';
import { cellsOf, plane } from '../../train/judged-area.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { featureMapsOfPixels } from '../backbones/features.ts';
import { type Inspection, type InspectionBuilder, type ViewOutput, viewOutput } from '../detector.ts';
import { judgedArea, within } from './area.ts';
import type { Combined, ViewSizes } from './combined.ts';
import type { FlowConfig, FlowPermutations } from './config.ts';
import { flowForward, mapsTaken } from './network.ts';
import { type FlowScore, judged, viewSizes, viewsOf } from './score.ts';

export interface FlowInspectionOptions {
  readonly canvas: Canvas;
  readonly backbone: Backbone;
  readonly config: FlowConfig;
  readonly permutations: FlowPermutations;
  readonly score: FlowScore;
}

const range = (n: number, step: number): number[] => Array.from({ length: n }, (_, i) => i * step);

/**
 * 1 at each position of a map (1, 1, h, w) whose first pixel shows the image, 0 where there is only padding. The image is in the
 * upper left of the canvas, so the last row and column that fitMap leaves say where it ends.
 */
function positionsShown(pixels: Value, { height, width, fit }: Canvas, stride: number, map: Value): Value {
  const { graph } = pixels;
  const [, , h, w] = map.shape as [number, number, number, number];
  const inside = (count: number, shape: (n: number) => number[], length: number): Value => {
    const numbers = expand(graph.constant(shape(length), range(length, 1)), [1, 1, height, width]);
    const last = reduceMax(fitMap(numbers, pixels, fit));
    return greater(add(last, 1), graph.constant(shape(count), range(count, stride)));
  };
  const rows = cast(
    inside(h, (n) => [1, 1, n, 1], height),
    'float32',
  );
  const columns = cast(
    inside(w, (n) => [1, 1, 1, n], width),
    'float32',
  );
  return mul(rows, columns);
}

/** Of each view two numbers: how rarely a good image is so odd to it, as minus a decimal logarithm, and how much it counts. */
const viewOutputs = ({ rarities, weights }: Combined, sizes: ViewSizes): Pick<Inspection, ViewOutput> =>
  Object.fromEntries(
    sizes.map(([view], i) => {
      const column = (row: Value): Value => reshape(slice(row, 1, i, i + 1), [1]);
      return [viewOutput(view), concat([column(rarities), column(weights)], 0)];
    }),
  );

/** A map (1, 1, h, w) at the canvas's size; what its cells do not judge stays 0. */
function enlarged(map: Value, canvas: Canvas): Value {
  const [, , height, width] = map.shape as [number, number, number, number];
  const large = resizeBilinear(map, canvas.height, canvas.width);
  const cells = cellsOf(canvas, { height, width });
  if (!cells) return large;
  const judged = Array.from({ length: canvas.height * canvas.width }, (_, i) => {
    const row = Math.floor((Math.floor(i / canvas.width) * height) / canvas.height);
    return cells[row * width + Math.floor(((i % canvas.width) * width) / canvas.width)]! > 0 ? 1 : 0;
  });
  return mul(large, plane(large, canvas, judged));
}

/**
 * Pixels -> canvas -> backbone -> flow -> score map, enlarged to the canvas and cut to the image, and the score, which is taken
 * from the map at the flow's own resolution, so that it is the number that training's evaluation gives. Padding of a letterbox
 * does not count for the scores `max`, `top` and `combined`; it does for `mean`, as in training.
 */
export function flowInspection(options: FlowInspectionOptions): InspectionBuilder {
  const { canvas, backbone, config, permutations, score } = options;
  return (pixels, p) => {
    const features = featureMapsOfPixels(pixels, canvas, backbone, mapsTaken(config));
    const out = flowForward(features, p, config, permutations);
    const [, , h, w] = out.z[0]!.shape as [number, number, number, number];
    const area = judgedArea(pixels.graph, canvas, [h, w]);
    const views = viewsOf(out, score, p, area?.positions);
    const shown =
      canvas.fit === 'letterbox' && score.image !== 'mean'
        ? positionsShown(pixels, canvas, backbone.stride, views.maps[0]!)
        : undefined;
    const found = judged(out.z, views, score, p, area ? within(area, shown) : shown && { plain: shown });
    return {
      map: fitMap(enlarged(found.map, canvas), pixels, canvas.fit),
      score: reshape(found.score, []),
      ...(found.combined && viewOutputs(found.combined, viewSizes(score))),
    };
  };
}
