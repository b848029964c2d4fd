/** The flow as a training definition over cached feature maps. */
import { reduceMax } from '../../engine/builders.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import type { TrainingDefinition } from '../../engine/training/program.ts';
import type { FlowConfig, FlowPermutations } from './config.ts';
import { energyPerDimension, flowLoss, logDetPerDimension } from './loss.ts';
import { flowForward } from './network.ts';
import { type FlowScore, imageScores, paperScore, scoreMap } from './score.ts';

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
}

/** Name of the input that takes the feature maps (N, channels, h, w) of a scale, 0 being the largest. */
export const featureInput = (scale: number): string => `features${scale}`;

/**
 * Feeds: features0, features1, features2. Metrics: logDet and energy (0.5 z^2), both for each dimension; the loss is their
 * difference. Evaluation gives for each image its `score` and the `maximum` of its score map, both (N).
 */
export function flowTraining(options: FlowTrainingOptions): TrainingDefinition {
  const { config, permutations, batch, evaluationBatch, mapSizes, score = paperScore } = options;
  const inputs = (graph: Graph, n: number): Value[] =>
    mapSizes.map(([h, w], scale) => graph.input(featureInput(scale), [n, config.channels, h, w]));
  return {
    step: (graph, p) => {
      const { z, logDet } = flowForward(inputs(graph, batch), p, config, permutations);
      const metrics = { energy: energyPerDimension(z), logDet: logDetPerDimension(z, logDet) };
      return { loss: flowLoss(z, logDet), metrics };
    },
    evaluation: (graph, p) => {
      const { z } = flowForward(inputs(graph, evaluationBatch), p, config, permutations);
      const map = scoreMap(z, score.map);
      return { score: imageScores(z, map, score.image), maximum: reduceMax(map, [1, 2, 3]) };
    },
  };
}
