/**
 * A backbone without weights: first-order scattering coefficients of the luminance (Mallat, Group Invariant Scattering, 2012; Bruna
 * and Mallat, Invariant Scattering Convolution Networks, 2013). How much structure of each size and direction there is at each place.
 * Colour is not seen.
 */
import { FelfriError } from '../../core/errors.ts';
import { add, concat, conv, log, mul, slice, sqrt, square, take } from '../../engine/builders.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import type { Backbone } from './backbone.ts';
import { fingerprintOf } from './fingerprint.ts';
import { gaussian, halfBand, type Kernel, morletBank, wavelet } from './wavelet-filters.ts';

export interface WaveletOptions {
  /** Octaves, 1 to 6: wavelengths from about 4 pixels up to 4 x 2^(octaves - 1). Default 4. */
  readonly octaves?: number;
  /** Directions, 4 to 16. Default 8. */
  readonly orientations?: number;
  /** Pixels per position of the map: 2^(octaves - 1) or a multiple of it by a power of 2. Default 8. */
  readonly stride?: number;
}

/** Deviation of the averaging Gaussian, in strides. Narrow: a small defect must not drown in its surroundings. */
const averaging = 0.3;

/**
 * Added to the moduli before the logarithm, in luminance 0..1. On simulated ring faces 0.01 to 0.2 serve alike, and less loses: the
 * logarithm then turns differences within the sensor's noise into large ones.
 */
const floor = 0.03;

/** Luma of RGB (ITU-R 601), as Pillow's grey. */
const luma = [0.299, 0.587, 0.114];

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

/** A filter with mirrored edges; size n becomes n / stride. */
function filter(x: Value, kernels: readonly Kernel[], stride = 1): Value {
  const { size } = kernels[0]!;
  const margin = (size - stride) / 2;
  return conv(mirror(mirror(x, 2, margin), 3, margin), weightOf(x.graph, kernels), undefined, { stride });
}

/** Weighted averages around every stride-th place, over the part of the window that lies in the image. */
function average(x: Value, stride: number): Value {
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

/** Sizes of structure at one octave, all directions: averaged moduli (N, orientations, h, w), before the logarithm. */
function moduli(x: Value, bank: readonly Kernel[], stride: number): Value {
  const n = bank.length / 2;
  const waves = filter(x, bank);
  const energy = add(square(slice(waves, 1, 0, n)), square(slice(waves, 1, n, 2 * n)));
  return average(sqrt(add(energy, 1e-12)), stride);
}

/**
 * The filter bank. Channels: for each octave, finest first, the orientations k pi / n of the wave vector, as log(modulus + floor);
 * then the averaged luminance. Throws OPTION_INVALID for illegal options.
 */
export function waveletBackbone(options: WaveletOptions = {}): Backbone {
  const { octaves = 4, orientations = 8, stride = 8 } = options;
  check('octaves', octaves, octaves >= 1 && octaves <= 6, 'a whole number from 1 to 6');
  check('orientations', orientations, orientations >= 4 && orientations <= 16, 'a whole number from 4 to 16');
  const least = 2 ** (octaves - 1);
  check(
    'stride',
    stride,
    stride >= least && stride <= 64 && Number.isInteger(Math.log2(stride)),
    `a power of 2 from ${least} to 64`,
  );
  const bank = morletBank({ ...wavelet, orientations });
  const half = halfBand();
  return {
    name: 'wavelet',
    licence: 'Apache-2.0',
    fingerprint: fingerprintOf({
      network: 'wavelet',
      version: 1,
      octaves,
      orientations,
      stride,
      wavelet,
      averaging,
      floor,
    }),
    channels: octaves * orientations + 1,
    stride,
    features: (image) => {
      let x = conv(image, image.graph.constant([1, 3, 1, 1], luma));
      const level = average(x, stride);
      const maps: Value[] = [];
      for (let octave = 0; octave < octaves; octave++) {
        if (octave > 0) x = filter(x, [half], 2);
        maps.push(log(add(moduli(x, bank, stride / 2 ** octave), floor)));
      }
      return concat([...maps, level], 1);
    },
  };
}

function check(option: string, got: number, fits: boolean, legal: string): void {
  if (fits && Number.isInteger(got)) return;
  throw new FelfriError('OPTION_INVALID', `the wavelet's ${option} is ${got}; legal is ${legal}`, { subject: option });
}
