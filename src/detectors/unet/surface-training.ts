/**
 * A way down of the U-Net that is taught alone, by two tasks at every place of stride 16: whether it shows a synthetic defect, and which of the
 * training set's surfaces it shows, whatever the light. Without the way up a step takes two fifths of the time (docs/experiments/unet.md).
 */
import { add, conv, div, less, mul, neg, reduceSum, reshape, where } from '../../engine/builders.ts';
import { averagePool, logSoftmax } from '../../engine/functions.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import { fanIn, type Parameters } from '../../engine/parameters.ts';
import type { TrainingDefinition } from '../../engine/training/program.ts';
import { levelFeatures } from './level-features.ts';
import { bceDiceLoss } from './loss.ts';
import { type UnetOptions, unetWayDown } from './network.ts';
import { unetStride } from './paper.ts';
import type { PatchSize } from './patch-grid.ts';

interface SurfaceTrainingOptions extends UnetOptions {
  /** Multiples of 16. */
  readonly patch: PatchSize;
  readonly batch: number;
  /** Surfaces to tell apart. */
  readonly surfaces: number;
}

/** What telling surfaces apart weighs beside finding defects. */
const SURFACE_WEIGHT = 0.5;

/** Share of a place's pixels from which on it counts as defective. */
const LEAST_DEFECT = 1 / 32;

/** A logit of each kind at every place. */
function linear(features: Value, p: Parameters, name: string, kinds: number): Value {
  const shape = [kinds, features.shape[1]!, 1, 1];
  return conv(features, p.get(`${name}.weight`, shape, fanIn(shape)), p.get(`${name}.bias`, [kinds], { fill: 0 }));
}

/**
 * Cross-entropy in nats, mean over the places without any defect: what lies under a defect need not be told.
 *
 * @param features (N, C, h, w)
 * @param surface (N, K): 1 at the image's surface, 0 elsewhere
 * @param share (N, 1, h, w): the share of each place's pixels that is defect
 */
export function surfaceLoss(features: Value, surface: Value, share: Value, p: Parameters): Value {
  const [n, k] = surface.shape as [number, number];
  const told = mul(logSoftmax(linear(features, p, 'surface', k), 1), reshape(surface, [n, k, 1, 1]));
  const clean = where(less(share, 1e-6), 1, 0);
  return div(neg(reduceSum(mul(reduceSum(told, [1], true), clean))), add(reduceSum(clean), 1));
}

/**
 * The graphs for `compileTraining`: `image` and `target` (N, 1, H, W) as of the U-Net, and in the step `surface` (N, K), 1 at the image's
 * surface. The step reports bce, dice and surface beside the loss; the evaluation finds defects alone.
 */
export function surfaceTraining({ patch, batch, surfaces, base }: SurfaceTrainingOptions): TrainingDefinition {
  const build = (graph: Graph, p: Parameters) => {
    const shape = [batch, 1, patch.height, patch.width];
    const features = levelFeatures(unetWayDown(graph.input('image', shape), p, { base }));
    const share = averagePool(graph.input('target', shape), unetStride);
    const defect = where(less(share, LEAST_DEFECT), 0, 1);
    return { features, share, found: bceDiceLoss(linear(features, p, 'defect', 1), defect) };
  };
  return {
    step: (graph, p) => {
      const { features, share, found } = build(graph, p);
      const { loss, ...metrics } = found;
      const surface = surfaceLoss(features, graph.input('surface', [batch, surfaces]), share, p);
      return { loss: add(loss, mul(surface, SURFACE_WEIGHT)), metrics: { ...metrics, surface } };
    },
    evaluation: (graph, p) => ({ ...build(graph, p).found }),
  };
}
