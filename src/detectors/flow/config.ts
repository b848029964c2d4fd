/** What determines a flow's shape: its sizes, and the fixed channel permutations between its couplings. */
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';

export interface FlowConfig {
  /** Channels of each of the three feature maps; at least 2, odd counts are split unevenly. */
  readonly channels: number;
  /** Channels between the two convolution layers of a cross-scale network. */
  readonly hidden: number;
  /** Odd kernel size of each coupling block, in order. */
  readonly kernels: readonly number[];
  /** Bound of the soft clamp on log scales; see coupling.ts. */
  readonly clamp: number;
  /**
   * What comes before the first block: nothing, as published; the closed form of whitening.ts on each scale; or that of
   * principal.ts, which takes one map and makes the three scales of it by averaging. Nothing unless told.
   */
  readonly start?: FlowStart;
  /** Channels of the feature map, with the start `principal`, of which the couplings take the first `channels` directions. */
  readonly features?: number;
  /** What the learned scalar on each coupling network's output starts at; 0, as published, unless told. */
  readonly gamma?: number;
}

type FlowStart = 'plain' | 'whitened' | 'principal';

/** `[block][scale]` is the order in which the block reads the channels of that scale. Plain data, kept with the weights. */
export type FlowPermutations = readonly (readonly (readonly number[])[])[];

/** Feature maps of an image at full, half and quarter size. */
export const SCALES = 3;

/** The configuration of Rudolph et al. (WACV 2022), with 304 channels from EfficientNet-B5. */
export const paperConfig: FlowConfig = { channels: 304, hidden: 1024, kernels: [3, 3, 3, 5], clamp: 3 };

/** How Rudolph et al. train it; the L2 term is added to the gradient. */
export const paperTraining = {
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-4, weightDecay: 1e-5, clipNorm: 1 },
  learningRate: 2e-4,
  batch: 16,
  epochs: 240,
} as const;

/** Random permutations, the same for equal arguments on every machine. */
export function flowPermutations(channels: number, blocks: number, seed: number): number[][][] {
  return Array.from({ length: blocks }, (_, block) =>
    Array.from({ length: SCALES }, (_, scale) =>
      Random.of(seed, 'flow permutation', block, scale).permutation(channels),
    ),
  );
}

/** The permutation that undoes another. */
export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/** Throws OPTION_INVALID unless a flow can be built from these. */
export function checkFlow(config: FlowConfig, permutations: FlowPermutations): void {
  const { channels, hidden, kernels, clamp, start, features } = config;
  const refuse = (what: string): never => {
    throw new FelfriError('OPTION_INVALID', `flow: ${what}`);
  };
  const whole = (x: number, least: number): boolean => Number.isInteger(x) && x >= least;
  if (!whole(channels, 2)) refuse(`channels is ${channels}; give a whole number of at least 2, to be split in halves`);
  if (!whole(hidden, 1)) refuse(`hidden is ${hidden}; give a whole number of at least 1`);
  if (start === 'principal' && !(whole(features ?? 0, 2) && features! >= channels)) {
    refuse(`features is ${features}; the start principal needs the feature map's channels, at least ${channels}`);
  }
  if (kernels.length === 0 || !kernels.every((k) => whole(k, 1) && k % 2 === 1)) {
    refuse(`kernels are [${kernels}]; give one odd size for each coupling block`);
  }
  if (!(clamp > 0)) refuse(`clamp is ${clamp}; give a number above 0`);
  const ordered = Array.from({ length: channels }, (_, i) => i).join();
  const valid =
    permutations.length === kernels.length &&
    permutations.every(
      (scales) => scales.length === SCALES && scales.every((p) => [...p].sort((a, b) => a - b).join() === ordered),
    );
  if (!valid) {
    refuse(`needs ${kernels.length} x ${SCALES} permutations of ${channels} channels, as flowPermutations makes them`);
  }
}
