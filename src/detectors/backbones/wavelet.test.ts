import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { waveletBackbone } from './wavelet.ts';
import { halfBand, type Kernel, morletBank, wavelet } from './wavelet-filters.ts';

/** A grey image (1, 3, height, width) from a function of the pixel. */
function grey(height: number, width: number, at: (x: number, y: number) => number): Tensor {
  const plane = Array.from({ length: height * width }, (_, i) => at(i % width, Math.floor(i / width)));
  return tensor([1, 3, height, width], [...plane, ...plane, ...plane]);
}

async function mapOf(image: Tensor, options: Parameters<typeof waveletBackbone>[0] = {}): Promise<Tensor> {
  const graph = createGraph();
  const y = waveletBackbone(options).features(graph.input('x', image.shape));
  return (await runGraph({ y }, { x: image }))['y']!;
}

/** Values of a channel at all positions at least `margin` from the border. */
function inner({ shape: [, , h, w], data }: Tensor, channel: number, margin = 0): number[] {
  const out: number[] = [];
  for (let i = margin; i < h! - margin; i++) {
    for (let j = margin; j < w! - margin; j++) out.push(data[(channel * h! + i) * w! + j]!);
  }
  return out;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Squared modulus of a kernel's Fourier transform. */
function power({ size, values }: Kernel, wx: number, wy: number): number {
  let [re, im] = [0, 0];
  values.forEach((v, i) => {
    const phase = wx * (i % size) + wy * Math.floor(i / size);
    re += v * Math.cos(phase);
    im += v * Math.sin(phase);
  });
  return re * re + im * im;
}

/** Smooth texture without symmetry. */
const texture = (x: number, y: number): number =>
  0.5 + 0.2 * Math.sin(x * 0.9 + 0.3 * y) + 0.15 * Math.sin(0.05 * x * y) + 0.1 * Math.cos(y * 1.7 - x * 0.2);

describe('the wavelet backbone', () => {
  it('sees no structure in a constant image, only its luminance', async () => {
    const map = await mapOf(tensor([1, 3, 64, 96], new Float32Array(3 * 64 * 96).fill(0.7)));
    expect(map.shape).toEqual([1, 33, 8, 12]);
    const none = Math.log(0.03);
    for (let c = 0; c < 32; c++)
      expectClose(inner(map, c), new Array(96).fill(none), `channel ${c}`, { absolute: 1e-3 });
    expectClose(inner(map, 32), new Array(96).fill(0.7), 'luminance');
  });

  it('moves its maps when the image moves', async () => {
    const at = (dx: number, dy: number) => mapOf(grey(128, 128, (x, y) => texture(x + dx, y + dy)));
    const [still, moved] = [await at(0, 0), await at(8, 16)];
    for (let c = 0; c < 33; c++) {
      // the coarsest wavelets reach five positions far
      const h = 16;
      const pairs = [];
      for (let i = 6; i < 8; i++) {
        for (let j = 6; j < 9; j++)
          pairs.push([still.data[(c * h + i + 2) * h + j + 1]!, moved.data[(c * h + i) * h + j]!]);
      }
      expectClose(
        pairs.map((p) => p[0]!),
        pairs.map((p) => p[1]!),
        `channel ${c}`,
        { absolute: 2e-4 },
      );
    }
  });

  it('takes a quarter turn of the image as a shift by half of the orientations', async () => {
    const n = 64;
    const [straight, turned] = [
      await mapOf(grey(n, n, texture)),
      await mapOf(grey(n, n, (x, y) => texture(y, n - 1 - x))),
    ];
    for (let octave = 0; octave < 4; octave++) {
      for (let k = 0; k < 8; k++) {
        const before = inner(straight, octave * 8 + k);
        const after = inner(turned, octave * 8 + ((k + 4) % 8));
        // position (i, j) of the turned map shows position (7 - j, i) of the straight one
        const expected = after.map((_, p) => before[(7 - (p % 8)) * 8 + Math.floor(p / 8)]!);
        expectClose(after, expected, `octave ${octave}, orientation ${k}`, { absolute: 1e-4 });
      }
    }
  });

  it('answers a grating most in its own octave and direction', async () => {
    for (const octave of [0, 1, 2]) {
      for (const k of [0, 1, 3, 6]) {
        const angle = (k * Math.PI) / 8;
        const w = wavelet.frequency / 2 ** octave;
        const image = grey(128, 128, (x, y) => 0.5 + 0.4 * Math.sin(w * (x * Math.cos(angle) + y * Math.sin(angle))));
        const map = await mapOf(image);
        const answers = Array.from({ length: 32 }, (_, c) => mean(inner(map, c, 4)));
        expect(answers.indexOf(Math.max(...answers))).toBe(octave * 8 + k);
      }
    }
  });

  it('averages luminance over what the image shows, also at its borders', async () => {
    const map = await mapOf(grey(64, 64, (x) => x / 64));
    const columns = inner(map, 32).slice(0, 8);
    columns.forEach((v, j) => {
      expect(Math.abs(v - (j * 8 + 3.5) / 64)).toBeLessThan(0.03);
    });
  });

  it('works on images smaller than its widest wavelets, and at other strides', async () => {
    expect((await mapOf(grey(8, 16, texture))).shape).toEqual([1, 33, 1, 2]);
    expect((await mapOf(grey(64, 64, texture), { octaves: 5, stride: 16, orientations: 6 })).shape).toEqual([
      1, 31, 4, 4,
    ]);
    expect((await mapOf(grey(32, 32, texture), { octaves: 2, stride: 2 })).data.every(Number.isFinite)).toBe(true);
  });

  it('makes the moduli of noise less skewed by the logarithm', async () => {
    const skewness = (values: readonly number[]): number => {
      const m = mean(values);
      return Math.abs(mean(values.map((v) => (v - m) ** 3)) / mean(values.map((v) => (v - m) ** 2)) ** 1.5);
    };
    const random = Random.of(1, 'noise');
    const map = await mapOf(grey(256, 256, () => 0.5 + 0.1 * random.normal()));
    const channels = Array.from({ length: 32 }, (_, c) => inner(map, c));
    const moduli = mean(channels.map((values) => skewness(values.map(Math.exp))));
    expect(mean(channels.map(skewness))).toBeLessThan(0.8 * moduli);
  });

  it('refuses illegal options and names the legal ones', () => {
    for (const options of [{ octaves: 0 }, { octaves: 2.5 }, { orientations: 3 }, { stride: 4 }, { stride: 24 }]) {
      expect(() => waveletBackbone(options)).toThrow(/legal is/);
    }
    expect(waveletBackbone({ stride: 16 }).fingerprint).not.toBe(waveletBackbone().fingerprint);
  });
});

describe('the scattering backbone', () => {
  const scattering = { order: 2 } as const;
  /** First channel of the second order's maps for an octave and a coarser one, of four. */
  const pair = (octave: number, coarser: number): number =>
    32 + 32 * ['01', '02', '03', '12', '13', '23'].indexOf(`${octave}${coarser}`);

  it('begins with the maps of the wavelet backbone', async () => {
    const image = grey(64, 64, texture);
    const [first, both] = [await mapOf(image), await mapOf(image, scattering)];
    expect(both.shape).toEqual([1, 227, 8, 8]);
    expectClose(both.data.slice(0, 32 * 64), first.data.slice(0, 32 * 64), 'first order', { absolute: 1e-6 });
    expectClose(inner(both, 224), inner(first, 32), 'luminance', { absolute: 1e-6 });
  });

  it('finds in what direction and how finely a structure is modulated', async () => {
    for (const coarser of [2, 3]) {
      for (const l of [0, 1, 2, 3]) {
        const angle = (l * Math.PI) / 4;
        const slow = wavelet.frequency / 2 ** coarser;
        const image = grey(
          128,
          128,
          (x, y) =>
            0.5 +
            (0.4 *
              Math.sin(wavelet.frequency * x) *
              (1 + Math.sin(slow * (x * Math.cos(angle) + y * Math.sin(angle))))) /
              2,
        );
        const map = await mapOf(image, scattering);
        // the grating's own octave and direction, then every coarser octave and each of four directions
        const answers = [1, 2, 3].flatMap((octave) =>
          [0, 1, 2, 3].map((direction) => mean(inner(map, pair(0, octave) + direction, 4))),
        );
        expect(answers.indexOf(Math.max(...answers))).toBe((coarser - 1) * 4 + l);
      }
    }
  });

  it('takes a quarter turn as a shift by half of the directions, in both orders', async () => {
    const n = 64;
    const [straight, turned] = [
      await mapOf(grey(n, n, texture), scattering),
      await mapOf(
        grey(n, n, (x, y) => texture(y, n - 1 - x)),
        scattering,
      ),
    ];
    for (const at of [pair(0, 1), pair(0, 3), pair(2, 3)]) {
      for (let k = 0; k < 8; k++) {
        for (let l = 0; l < 4; l++) {
          const before = inner(straight, at + k * 4 + l);
          const after = inner(turned, at + ((k + 4) % 8) * 4 + ((l + 2) % 4));
          const expected = after.map((_, p) => before[(7 - (p % 8)) * 8 + Math.floor(p / 8)]!);
          expectClose(after, expected, `from ${at}, directions ${k} and ${l}`, { absolute: 1e-4 });
        }
      }
    }
  });

  it('sees colour that luminance does not', async () => {
    const plane = (value: number) => new Array<number>(64 * 64).fill(value);
    const red = await mapOf(tensor([1, 3, 64, 64], [...plane(0.8), ...plane(0.4), ...plane(0.4)]), scattering);
    const level = 0.299 * 0.8 + 0.701 * 0.4;
    expectClose(inner(red, 224), new Array(64).fill(level), 'luminance');
    expectClose(inner(red, 225), new Array(64).fill(0.8 - level), 'red less luminance', { absolute: 1e-5 });
    expectClose(inner(red, 226), new Array(64).fill(0.4 - level), 'blue less luminance', { absolute: 1e-5 });
  });
});

describe('the filters', () => {
  const bank = morletBank({ ...wavelet, orientations: 8 });

  it('have mean zero', () => {
    for (const { values } of bank) expect(Math.abs(values.reduce((a, b) => a + b, 0))).toBeLessThan(1e-12);
  });

  it('together lose no wavelength and no direction: a Littlewood-Paley sum within a factor of three', () => {
    const half = halfBand();
    const sums: number[] = [];
    for (let w = 0.15; w <= 2.5; w *= 1.2) {
      for (let t = 0; t < 6; t++) {
        const [x, y] = [w * Math.cos((t * Math.PI) / 6), w * Math.sin((t * Math.PI) / 6)];
        let [sum, passed] = [0, 1];
        for (let octave = 0; octave < 4; octave++) {
          const s = 2 ** octave;
          sum += passed * bank.reduce((e, k) => e + power(k, x * s, y * s), 0);
          passed *= power(half, x * s, y * s);
        }
        sums.push(sum);
      }
    }
    expect(Math.min(...sums)).toBeGreaterThan(1);
    expect(Math.max(...sums)).toBeLessThan(3);
  });

  it('keep the energy of white noise: the squared moduli of one octave sum to its variance', () => {
    const energy = bank.reduce((e, { values }) => e + values.reduce((a, v) => a + v * v, 0), 0);
    expect(energy).toBeCloseTo(1, 12);
  });
});
