/** The steps of a wavelet pyramid as graphs: filtering with mirrored edges, averaging, and moduli of wavelets. */
import { add, concat, conv, mul, reshape, slice, sqrt, square, take } from '../../engine/builders.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import { gaussian, type Kernel } from './wavelet-filters.ts';

/** Deviation of the averaging Gaussian, in strides. Narrow: a small defect must not drown in its surroundings. */
export const averaging = 0.3;

/** Kernels as the weight of a convolution from one channel. */
function weightOf(graph: Graph, kernels: readonly Kernel[]): Value {
  const size = kernels[0]!.size;
  return graph.constant(
    [kernels.length, 1, size, size],
    kernels.flatMap(({ values }) => [...values]),
  );
}

/** Continues the image mirrored at its borders, so that edges make no structure of their own. */
function mirror(x: Value, axis: number, margin: number): Value {
  if (margin === 0) return x;
  const n = x.shape[axis]!;
  const reach = Math.min(margin, n);
  const backwards = (from: number): number[] => Array.from({ length: reach }, (_, i) => from - i);
  const wider = concat([take(x, axis, backwards(reach - 1)), x, take(x, axis, backwards(n - 1))], axis);
  // an image smaller than the margin is mirrored again and again
  return mirror(wider, axis, margin - reach);
}

/** Filters each of the channels by each of the kernels, channel by channel, with mirrored edges; size n becomes n / stride. */
export function filter(x: Value, kernels: readonly Kernel[], stride = 1): Value {
  const { size } = kernels[0]!;
  const margin = (size - stride) / 2;
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const planes = reshape(x, [n * channels, 1, height, width]);
  const y = conv(mirror(mirror(planes, 2, margin), 3, margin), weightOf(x.graph, kernels), undefined, { stride });
  return reshape(y, [n, channels * kernels.length, ...y.shape.slice(2)]);
}

/** Weighted averages around every stride-th place, over the part of the window that lies in the image. */
export function average(x: Value, stride: number): Value {
  const kernel = gaussian(Math.max(averaging * stride, 0.4), stride);
  const channels = x.shape[1]!;
  const margin = (kernel.size - stride) / 2;
  const weight = x.graph.constant(
    [channels, 1, kernel.size, kernel.size],
    Array.from({ length: channels }, () => [...kernel.values]).flat(),
  );
  const pads = Math.max(margin, 0);
  const from = Math.max(-margin, 0);
  const cut = from > 0 ? slice(slice(x, 2, from, x.shape[2]!), 3, from, x.shape[3]!) : x;
  const sums = conv(cut, weight, undefined, { stride, pads, group: channels });
  return mul(sums, x.graph.constant([1, 1, ...sums.shape.slice(2)], coverage(kernel, stride, margin, x.shape)));
}

/** 1 / the part of the kernel's weight that lies in the image, for every place. */
function coverage(kernel: Kernel, stride: number, margin: number, [, , height, width]: readonly number[]): number[] {
  const { size, values } = kernel;
  const line = Array.from({ length: size }, (_, i) =>
    values.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0),
  );
  const seen = (n: number): number[] =>
    Array.from({ length: n / stride }, (_, at) =>
      line.reduce((s, v, i) => (at * stride - margin + i >= 0 && at * stride - margin + i < n ? s + v : s), 0),
    );
  const columns = seen(width!);
  return seen(height!).flatMap((r) => columns.map((c) => 1 / (r * c)));
}

/**
 * Moduli of the wavelets of one octave: (N, C, h, w) to (N, C x orientations, h, w), channel by channel. `bank` holds the real kernels, then the
 * imaginary ones.
 */
export function moduli(x: Value, bank: readonly Kernel[]): Value {
  const orientations = bank.length / 2;
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const waves = reshape(filter(x, bank), [n * channels, bank.length, height, width]);
  const energy = add(square(slice(waves, 1, 0, orientations)), square(slice(waves, 1, orientations, bank.length)));
  return reshape(sqrt(add(energy, 1e-12)), [n, channels * orientations, height, width]);
}
