/** The flow from pixels to score map and score: what a bundle's model holds. */
import { add, cast, expand, fitMap, greater, mul, reduceMax, reshape } from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { featureMapsOfPixels } from '../backbones/features.ts';
import type { Canvas, InspectionBuilder } from '../detector.ts';
import type { FlowConfig, FlowPermutations } from './config.ts';
import { flowForward, mapsTaken } from './network.ts';
import { type FlowScore, imageScores, shownMap, viewsOf } from './score.ts';

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
    const views = viewsOf(out, score, p);
    const map = shownMap(views);
    const shown =
      canvas.fit === 'letterbox' && score.image !== 'mean'
        ? positionsShown(pixels, canvas, backbone.stride, map)
        : undefined;
    return {
      map: fitMap(resizeBilinear(map, canvas.height, canvas.width), pixels, canvas.fit),
      score: reshape(imageScores(out.z, views, score, p, shown), []),
    };
  };
}
