/** How the U-Net is trained: the graphs of a step and of an evaluation. */
import { FelfriError } from '../../core/errors.ts';
import { sigmoid } from '../../engine/builders.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import type { AdamOptions } from '../../engine/training/adam-rule.ts';
import type { TrainingDefinition } from '../../engine/training/program.ts';
import { strideOf, type UnetArchitecture, unetLogits } from './architecture.ts';
import { bceDiceLoss, type DiceOver } from './loss.ts';
import { type PatchSize, patchSize } from './patch-grid.ts';

/** Adam as the paper has it, its epsilon PyTorch's default; the gradient is not clipped. */
export const unetAdam: AdamOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 1e-8,
  clipNorm: Number.POSITIVE_INFINITY,
};

export interface UnetTrainingOptions extends UnetArchitecture {
  /** Size of a patch in pixels, multiples of 16, or 32 on a backbone; a number for a square. */
  readonly patch: number | PatchSize;
  readonly batch: number;
  /** Patches in one evaluation; as `batch` unless told. */
  readonly evaluationBatch?: number;
  /** What Dice is taken over; the batch unless told. */
  readonly dice?: DiceOver;
}

/**
 * The graphs for `compileTraining`. Both take `image` (N, 1, P, P) grey in 0..1 and `target` (N, 1, P, P) of 0 and 1. The step reports
 * bce and dice beside the loss; the evaluation, with running statistics, gives `probability` (N, 1, P, P), loss, bce and dice.
 * Throws OPTION_INVALID for a patch that is no multiple of 16 (32), or a batch whose lowest level is a single position.
 */
export function unetTraining(options: UnetTrainingOptions): TrainingDefinition {
  const { base, batch, evaluationBatch = batch, dice } = options;
  const size = typeof options.patch === 'number' ? { height: options.patch, width: options.patch } : options.patch;
  const stride = strideOf(options);
  const { height, width } = patchSize(size, Math.max(size.height, size.width), stride);
  for (const [name, value] of Object.entries({ base, batch, evaluationBatch })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new FelfriError('OPTION_INVALID', `${name} is ${value}; legal is a whole number, 1 or more`, {
        subject: name,
      });
    }
  }
  if (batch * height * width <= stride ** 2) {
    throw new FelfriError(
      'OPTION_INVALID',
      `a batch of one patch of ${height} x ${width} pixels has no variance to normalise by; take more or larger patches`,
      { subject: 'batch' },
    );
  }
  const build = (graph: Graph, p: Parameters, n: number): { logits: Value; target: Value } => {
    const shape = [n, 1, height, width];
    return { logits: unetLogits(graph.input('image', shape), p, options), target: graph.input('target', shape) };
  };
  return {
    step: (graph, p) => {
      const { logits, target } = build(graph, p, batch);
      const { loss, ...metrics } = bceDiceLoss(logits, target, dice);
      return { loss, metrics };
    },
    evaluation: (graph, p) => {
      const { logits, target } = build(graph, p, evaluationBatch);
      return { probability: sigmoid(logits), ...bceDiceLoss(logits, target, dice) };
    },
  };
}
