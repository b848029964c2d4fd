/** The flow as a training definition over cached feature maps. */
import { add, mul, reduceMax } from '../../engine/builders.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import type { TrainingDefinition } from '../../engine/training/program.ts';
import type { Canvas } from '../../train/canvas.ts';
import { judgedArea, judgedScales } from './area.ts';
import type { FlowConfig, FlowPermutations } from './config.ts';
import { energyPerDimension, flowLoss, logDetPerDimension } from './loss.ts';
import { flowForward } from './network.ts';
import { type FlowScore, judged, paperScore, scoreParts, shownMap, viewsOf } from './score.ts';

export interface FlowTrainingOptions {
  readonly config: FlowConfig;
  readonly permutations: FlowPermutations;
  /** Images in a training step. */
  readonly batch: number;
  /** Images in an evaluation. */
  readonly evaluationBatch: number;
  /** Height and width of the feature maps, largest first; each is half of the one before, rounded up. */
  readonly mapSizes: readonly (readonly [number, number])[];
  /** Which score the evaluation gives; default the paper's. */
  readonly score?: FlowScore;
  /** The canvas, whose regions say which positions are judged; all of them where it is left out. */
  readonly canvas?: Canvas;
  /** Whether the step takes noise, to be added to what goes into the first block (see `noiseInput`). */
  readonly noise?: boolean;
}

/** Name of the input that takes the feature maps (N, channels, h, w) of a scale, 0 being the largest. */
export const featureInput = (scale: number): string => `features${scale}`;

/** Name of the input that takes the noise (N, channels, h, w) of a scale, where the step takes any. */
export const noiseInput = (scale: number): string => `noise${scale}`;

/**
 * Feeds: the feature maps that the flow takes and, where asked for, noise for each of the three scales. Metrics: logDet and energy
 * (0.5 z^2), both for each dimension; the loss is their difference. Evaluation gives for each image its `score` (N) and the
 * `maximum` of its score map (N); for the combined score its `parts` (N, parts) instead of `score`.
 */
export function flowTraining(options: FlowTrainingOptions): TrainingDefinition {
  const { config, permutations, batch, evaluationBatch, mapSizes, score = paperScore, noise = false, canvas } = options;
  const channels = config.features ?? config.channels;
  const inputs = (graph: Graph, n: number): Value[] =>
    mapSizes.map(([h, w], scale) => graph.input(featureInput(scale), [n, channels, h, w]));
  const disturb = (map: Value, scale: number): Value => add(map, map.graph.input(noiseInput(scale), map.shape));
  return {
    step: (graph, p) => {
      const maps = inputs(graph, batch);
      const judged = canvas && judgedScales(graph, canvas, mapSizes[0]!);
      const { z, logDet } = flowForward(maps, p, config, permutations, { judged, ...(noise && { disturb }) });
      const metrics = { energy: energyPerDimension(z, judged), logDet: logDetPerDimension(z, logDet, judged) };
      return { loss: flowLoss(z, logDet, judged), metrics };
    },
    evaluation: (graph, p) => {
      const out = flowForward(inputs(graph, evaluationBatch), p, config, permutations);
      const area = canvas && judgedArea(graph, canvas, mapSizes[0]!);
      const views = viewsOf(out, score, p, area?.positions);
      const map = shownMap(views);
      const maximum = reduceMax(area ? mul(map, area.all) : map, [1, 2, 3]);
      if (score.image === 'combined') return { parts: scoreParts(views, area?.plain), maximum };
      return { score: judged(out.z, views, score, p, area).score, maximum };
    },
  };
}
