/**
 * Camera and light: from the reflectance of a surface to the grey values of an 8-bit line-scan image.
 */
import type { Random } from '../../core/random.ts';
import { smoothNoise1 } from './smooth-noise.ts';

/** Standard deviation in grey values. */
const readNoise = 0.8;
/** Variance per grey value: about 10,000 electrons at full scale. */
const shotNoise = 0.025;

/** How one image is exposed: grey value = exposure of the column x exposure of the row x blurred reflectance. */
export interface Exposure {
  /** Grey value of reflectance 1 for each column: lamp profile and fixed pattern of the sensor. */
  readonly columns: Float32Array;
  /** Factor for each row: the lamp drifts while the ring turns. */
  readonly rows: Float32Array;
  /** Standard deviation of the lens blur in pixels. */
  readonly blur: number;
}

/** Draws an exposure of mean grey value `level` for a width x height image. */
export function drawExposure(random: Random, width: number, height: number, level: number, blur: number): Exposure {
  const columns = new Float32Array(width);
  const rows = new Float32Array(height);
  const slope = random.uniform(-0.06, 0.06);
  const hollow = random.uniform(0, 0.08);
  const drift = random.uniform(0.01, 0.06);
  const phase = random.uniform(0, 1e6);
  const seed = random.integer(2 ** 31);
  for (let x = 0; x < width; x++) {
    const t = (2 * x) / width - 1;
    const fixedPattern = 0.006 * random.normal() + 0.006 * smoothNoise1(x / 9, seed);
    columns[x] = level * (1 + slope * t - hollow * (t * t - 1 / 3) + fixedPattern);
  }
  for (let y = 0; y < height; y++) rows[y] = 1 + drift * smoothNoise1(y / 180 + phase, seed + 1);
  return { columns, rows, blur };
}

/** The reflectance through lens and exposure: grey values before noise, neither rounded nor clipped. Overwrites `surface`. */
export function expose(surface: Float32Array, exposure: Exposure): Float32Array {
  const { columns, rows } = exposure;
  blurInPlace(surface, columns.length, rows.length, exposure.blur);
  for (let y = 0, p = 0; y < rows.length; y++) {
    for (let x = 0; x < columns.length; x++, p++) surface[p]! *= columns[x]! * rows[y]!;
  }
  return surface;
}

/** Adds shot and read noise, `noise` times that of a good camera, rounds and clips to 0..255. */
export function digitise(grey: Float32Array, random: Random, noise = 1): Uint8Array {
  const out = new Uint8Array(grey.length);
  for (let p = 0; p < out.length; p++) {
    const value = grey[p]! + noise * random.normal() * Math.sqrt(readNoise ** 2 + shotNoise * Math.max(0, grey[p]!));
    out[p] = Math.min(255, Math.max(0, Math.round(value)));
  }
  return out;
}

/** Separable Gaussian blur; the border is continued by its last pixel. */
function blurInPlace(data: Float32Array, width: number, height: number, sigma: number): void {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / sigma) ** 2));
  const total = kernel.reduce((sum, w) => sum + 2 * w, -1);
  for (let i = 0; i <= reach; i++) kernel[i]! /= total;
  const line = new Float64Array(Math.max(width, height) + 2 * reach);
  const pass = (start: number, step: number, n: number) => {
    for (let i = 0; i < n; i++) line[i + reach] = data[start + i * step]!;
    for (let i = 0; i < reach; i++) {
      line[i] = line[reach]!;
      line[n + reach + i] = line[n + reach - 1]!;
    }
    for (let i = 0; i < n; i++) {
      let sum = kernel[0]! * line[i + reach]!;
      for (let k = 1; k <= reach; k++) sum += kernel[k]! * (line[i + reach - k]! + line[i + reach + k]!);
      data[start + i * step] = sum;
    }
  };
  for (let y = 0; y < height; y++) pass(y * width, 1, width);
  for (let x = 0; x < width; x++) pass(x, width, height);
}
