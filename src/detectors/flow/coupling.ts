/**
 * Affine coupling over three scales at once: each half of the channels is scaled and shifted by what a network reads from the
 * other half (Glow, Kingma and Dhariwal 2018; over scales, Rudolph et al. 2022).
 */
import { add, atan, clip, concat, div, exp, mul, neg, reduceSum, slice, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import type { FlowConfig } from './config.ts';
import { crossConvs } from './cross-convs.ts';

/** Beyond this, in either direction, the output of a coupling is cut off, so that an outlier cannot become infinite. */
const LARGEST = 1e6;

interface Move {
  readonly logScale: Value;
  readonly shift: Value;
}

export interface Coupling {
  readonly prefix: string;
  readonly kernel: number;
  readonly config: FlowConfig;
}

/** The soft clamp of log scales: within +-clamp, near the identity at 0 (0.636 is about 2 / pi). */
const softClamp = (s: Value, clamp: number): Value => mul(atan(div(s, clamp)), clamp * 0.636);

/** Log scale and shift of `moved` channels on each scale, from the other half. */
function moves(half: readonly Value[], net: 's1' | 's2', moved: number, c: Coupling, p: Parameters): Move[] {
  const { hidden, clamp, gamma = 0 } = c.config;
  const options = { prefix: `${c.prefix}.${net}`, outputs: 2 * moved, hidden, kernel: c.kernel, gamma };
  return crossConvs(half, p, options).map((both) => ({
    logScale: softClamp(slice(both, 1, 0, moved), clamp),
    shift: slice(both, 1, moved, 2 * moved),
  }));
}

const forward = ({ logScale, shift }: Move, x: Value): Value => add(mul(exp(logScale), x), shift);
const backward = ({ logScale, shift }: Move, y: Value): Value => mul(sub(y, shift), exp(neg(logScale)));

/** Channels in the first half: the smaller one when the count is odd. */
const firstHalf = ({ channels }: FlowConfig): number => Math.floor(channels / 2);

const halves = (maps: readonly Value[], { config }: Coupling): [Value[], Value[]] => [
  maps.map((x) => slice(x, 1, 0, firstHalf(config))),
  maps.map((x) => slice(x, 1, firstHalf(config), config.channels)),
];

/**
 * Three maps (N, channels, h, w) to three of the same shapes, and the log-determinant (N) of the Jacobian; of the positions alone that `judged`
 * (1, 1, h, w) of each scale marks, where it is given.
 */
export function couplingForward(
  maps: readonly Value[],
  c: Coupling,
  p: Parameters,
  judged?: readonly Value[],
): { maps: Value[]; logDet: Value } {
  const { channels } = c.config;
  const first = firstHalf(c.config);
  const [x1, x2] = halves(maps, c);
  const onFirst = moves(x2, 's2', first, c, p);
  const y1 = x1.map((x, i) => forward(onFirst[i]!, x));
  const onSecond = moves(y1, 's1', channels - first, c, p);
  const y2 = x2.map((x, i) => forward(onSecond[i]!, x));
  return {
    maps: y1.map((y, i) => clip(concat([y, y2[i]!], 1), -LARGEST, LARGEST)),
    logDet: [onFirst, onSecond]
      .flatMap((both) => both.map(({ logScale }, i) => (judged ? mul(logScale, judged[i]!) : logScale)))
      .map((logScale) => reduceSum(logScale, [1, 2, 3]))
      .reduce(add),
  };
}

/** Undoes couplingForward (where it did not cut off). */
export function couplingInverse(maps: readonly Value[], c: Coupling, p: Parameters): Value[] {
  const first = firstHalf(c.config);
  const [y1, y2] = halves(maps, c);
  const onSecond = moves(y1, 's1', c.config.channels - first, c, p);
  const x2 = y2.map((y, i) => backward(onSecond[i]!, y));
  const onFirst = moves(x2, 's2', first, c, p);
  return y1.map((y, i) => concat([backward(onFirst[i]!, y), x2[i]!], 1));
}
