/**
 * A backbone without weights: scattering coefficients (Mallat, Group Invariant Scattering, 2012; Bruna and Mallat, Invariant Scattering
 * Convolution Networks, 2013). The first order, of the luminance, says how much structure of each size and direction there is at each
 * place; the second, how that structure is itself arranged, which tells textures apart that have the same spectrum.
 */
import { FelfriError } from '../../core/errors.ts';
import { add, concat, conv, log } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Backbone } from './backbone.ts';
import { fingerprintOf } from './fingerprint.ts';
import { halfBand, morletBank, wavelet } from './wavelet-filters.ts';
import { average, averaging, filter, moduli } from './wavelet-maps.ts';

export interface WaveletOptions {
  /** Octaves, 1 to 6: wavelengths from about 4 pixels up to 4 x 2^(octaves - 1). Default 4. */
  readonly octaves?: number;
  /** Directions, 4 to 16. Default 8. */
  readonly orientations?: number;
  /** Pixels per position of the map: 2^(octaves - 1) or a multiple of it by a power of 2. Default 8. */
  readonly stride?: number;
  /** 2 adds the coefficients of the second order and the averaged colour differences. Default 1, luminance alone. */
  readonly order?: 1 | 2;
}

/**
 * Added to the moduli before the logarithm, in luminance 0..1. On simulated ring faces 0.01 to 0.2 serve alike, and less loses: the
 * logarithm then turns differences within the sensor's noise into large ones.
 */
const floor = 0.03;

/** The same for the second order, whose moduli are smaller. */
const secondFloor = 0.01;

/** Directions of the second order's wavelets: neighbours of eight tell much the same. */
const secondOrientations = 4;

/** Luma of RGB (ITU-R 601), as Pillow's grey. */
const luma = [0.299, 0.587, 0.114];

/** Red and blue less luminance. */
const colourDifferences = [0.701, -0.587, -0.114, -0.299, -0.587, 0.886];

type Shape = Required<WaveletOptions>;

/** Throws OPTION_INVALID for illegal options. */
function shapeOf({ octaves = 4, orientations = 8, stride = 8, order = 1 }: WaveletOptions): Shape {
  check('octaves', octaves, octaves >= 1 && octaves <= 6, 'a whole number from 1 to 6');
  check('orientations', orientations, orientations >= 4 && orientations <= 16, 'a whole number from 4 to 16');
  const least = 2 ** (octaves - 1);
  const isStride = stride >= least && stride <= 64 && Number.isInteger(Math.log2(stride));
  check('stride', stride, isStride, `a power of 2 from ${least} to 64`);
  return { octaves, orientations, stride, order };
}

/** Maps of an image (N, 3, H, W): octaves of the first order, of the second, then averages. */
function featuresOf(image: Value, { octaves, orientations, stride, order }: Shape): Value {
  const bank = morletBank({ ...wavelet, orientations });
  const second = morletBank({ ...wavelet, orientations: secondOrientations });
  const half = halfBand();
  /** Coefficients at every octave coarser than that of the moduli `u`. */
  const secondOrder = (u: Value, octave: number): Value[] => {
    const maps: Value[] = [];
    let x = u;
    for (let coarser = octave + 1; coarser < octaves; coarser++) {
      x = filter(x, [half], 2);
      maps.push(log(add(average(moduli(x, second), stride / 2 ** coarser), secondFloor)));
    }
    return maps;
  };
  const { graph } = image;
  const luminance = conv(image, graph.constant([1, 3, 1, 1], luma));
  const first: Value[] = [];
  const later: Value[] = [];
  let x = luminance;
  for (let octave = 0; octave < octaves; octave++) {
    if (octave > 0) x = filter(x, [half], 2);
    const u = moduli(x, bank);
    first.push(log(add(average(u, stride / 2 ** octave), floor)));
    if (order === 2) later.push(...secondOrder(u, octave));
  }
  const level = average(luminance, stride);
  if (order === 1) return concat([...first, level], 1);
  const colour = average(conv(image, graph.constant([2, 3, 1, 1], colourDifferences)), stride);
  return concat([...first, ...later, level, colour], 1);
}

/**
 * The filter bank. Channels: for each octave, finest first, the orientations k pi / n of the wave vector, as log(modulus + floor);
 * then those of the second order, for each
 * octave of the first and each coarser one; then the averaged luminance and, with the second order, the two averaged colour differences. Throws OPTION_INVALID for illegal options.
 */
export function waveletBackbone(options: WaveletOptions = {}): Backbone {
  const shape = shapeOf(options);
  const { octaves, orientations, stride, order } = shape;
  const name = order === 2 ? 'scattering' : 'wavelet';
  return {
    name,
    licence: 'Apache-2.0',
    fingerprint: fingerprintOf({
      network: name,
      version: 1,
      octaves,
      orientations,
      stride,
      wavelet,
      averaging,
      floor,
      ...(order === 2 && { secondFloor, secondOrientations }),
    }),
    channels:
      octaves * orientations +
      1 +
      (order === 2 ? (orientations * secondOrientations * octaves * (octaves - 1)) / 2 + 2 : 0),
    stride,
    features: (image) => featuresOf(image, shape),
  };
}

function check(option: string, got: number, fits: boolean, legal: string): void {
  if (fits && Number.isInteger(got)) return;
  throw new FelfriError('OPTION_INVALID', `the wavelet's ${option} is ${got}; legal is ${legal}`, { subject: option });
}
