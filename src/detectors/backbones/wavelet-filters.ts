/**
 * Filters of a wavelet pyramid, from formulas: Morlet wavelets (Bruna and Mallat, Invariant Scattering Convolution Networks, 2013,
 * section 2.1), a half-band filter between octaves and a Gaussian low-pass. Kernels are row-major, square, and sampled in pixels of
 * their own octave.
 */

export interface Kernel {
  readonly size: number;
  readonly values: Float64Array<ArrayBuffer>;
}

interface MorletShape {
  /** Centre frequency in radians per pixel of its octave. */
  readonly frequency: number;
  /** Standard deviation of the envelope across the wave fronts, in pixels of its octave. */
  readonly deviation: number;
  /** Envelope along the wave fronts: longer by 1 / slant. */
  readonly slant: number;
  readonly orientations: number;
}

/**
 * The wavelet of every octave. Chosen on simulated ring faces; with eight orientations and octaves at half frequencies it overlaps its
 * neighbours so that no direction and no wavelength is missed.
 */
export const wavelet: Omit<MorletShape, 'orientations'> = { frequency: 2.2, deviation: 0.9, slant: 0.5 };

/** A kernel of the given size from a function of the offsets from its centre, x to the right and y down. */
function sample(size: number, at: (x: number, y: number) => number): Kernel {
  const centre = (size - 1) / 2;
  const values = Float64Array.from({ length: size * size }, (_, i) =>
    at((i % size) - centre, Math.floor(i / size) - centre),
  );
  return { size, values };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** A one-dimensional filter applied along both axes. */
function separable(taps: readonly number[]): Kernel {
  const total = taps.reduce((a, b) => a + b, 0);
  const size = taps.length;
  return sample(size, (x, y) => (taps[x + (size - 1) / 2]! * taps[y + (size - 1) / 2]!) / total ** 2);
}

/** A Morlet wavelet for waves that travel at `angle` to the x axis: real and imaginary kernels, each of mean zero. */
function morlet({ frequency, deviation, slant }: MorletShape, angle: number): { real: Kernel; imaginary: Kernel } {
  const size = 2 * Math.ceil((3 * deviation) / Math.sqrt(slant)) + 1;
  const along = (x: number, y: number): number => x * Math.cos(angle) + y * Math.sin(angle);
  const across = (x: number, y: number): number => slant * (y * Math.cos(angle) - x * Math.sin(angle));
  const envelope = sample(size, (x, y) => Math.exp(-(along(x, y) ** 2 + across(x, y) ** 2) / (2 * deviation ** 2)));
  const wave = (f: (phase: number) => number): Kernel => sample(size, (x, y) => f(frequency * along(x, y)));
  const zeroMean = (waves: Kernel): Kernel => {
    const values = waves.values.map((v, i) => v * envelope.values[i]!);
    const offset = sum(values) / sum(envelope.values);
    return { size, values: values.map((v, i) => v - offset * envelope.values[i]!) };
  };
  return { real: zeroMean(wave(Math.cos)), imaginary: zeroMean(wave(Math.sin)) };
}

/**
 * Wavelets at angles k pi / orientations: the real kernels, then the imaginary ones. Scaled so that, for white noise of variance 1,
 * the squared moduli of all orientations sum to 1.
 */
export function morletBank(shape: MorletShape): Kernel[] {
  const angles = Array.from({ length: shape.orientations }, (_, k) => (k * Math.PI) / shape.orientations);
  const waves = angles.map((angle) => morlet(shape, angle));
  const kernels = [...waves.map((w) => w.real), ...waves.map((w) => w.imaginary)];
  const energy = kernels.reduce((e, k) => e + sum(k.values.map((v) => v * v)), 0);
  return kernels.map(({ size, values }) => ({ size, values: values.map((v) => v / Math.sqrt(energy)) }));
}

/** Half-band low-pass of sum 1 before dropping every second pixel: a sinc under a Hann window, 12 taps, centred between pixels. */
export function halfBand(): Kernel {
  const taps = Array.from({ length: 12 }, (_, i) => {
    const t = i - 5.5;
    return (Math.sin((Math.PI * t) / 2) / (Math.PI * t)) * Math.cos((Math.PI * t) / 13) ** 2;
  });
  return separable(taps);
}

/** Gaussian low-pass of sum 1, cut at three deviations; centred on a pixel or, for an even stride, between pixels. */
export function gaussian(deviation: number, stride: number): Kernel {
  const odd = stride % 2;
  const size = 2 * Math.ceil(3 * deviation) + odd;
  return separable(
    Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * deviation ** 2))),
  );
}
