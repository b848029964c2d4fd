/**
 * An image freed of its exposure: the logarithm turns exposure into an offset, and taking off the local mean removes
 * the offset together with shading.
 */

/** Real values, rows [height, width]. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A plane in eight bits with sign, for keeping. */
export interface Bytes {
  readonly width: number;
  readonly height: number;
  readonly data: Int8Array;
}

/** A plane in eight bits: four deviations are 127. */
export function toBytes({ width, height, data }: Plane): Bytes {
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += data[i]! * data[i]!;
  const deviation = Math.sqrt(squares / Math.max(1, data.length));
  const factor = deviation > 1e-6 ? 127 / (4 * deviation) : 0;
  const result = new Int8Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = Math.max(-127, Math.min(127, Math.round(factor * data[i]!)));
  return { width, height, data: result };
}

/** Means over 2 x 2 pixels at every pixel; the last row and column over those that are there. */
export function smooth({ width, height, data }: Plane): Plane {
  const result = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    const below = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const right = x + 1 < width ? 1 : 0;
      result[i] = (data[i]! + data[i + right]! + data[i + below]! + data[i + below + right]!) / 4;
    }
  }
  return { width, height, data: result };
}

/** Grey values added before the logarithm, so that the noise of black regions does not rule. */
const BLACK = 8;

const logarithms = Float32Array.from({ length: 256 }, (_, value) => Math.log(value + BLACK));

/** Natural logarithm of grey values. */
export function logarithm({ width, height, data }: { width: number; height: number; data: Uint8Array }): Plane {
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = logarithms[data[i]!]!;
  return { width, height, data: result };
}

/** Means over `factor` x `factor` pixels; what is left over at the right and below is cut off. */
export function reduce({ width, height, data }: Plane, factor: number): Plane {
  const w = Math.floor(width / factor);
  const h = Math.floor(height / factor);
  const result = new Float32Array(w * h);
  for (let y = 0; y < h * factor; y++) {
    const row = Math.floor(y / factor) * w;
    for (let x = 0; x < w * factor; x++) result[row + Math.floor(x / factor)]! += data[y * width + x]!;
  }
  for (let i = 0; i < result.length; i++) result[i]! /= factor * factor;
  return { width: w, height: h, data: result };
}

/** Running means over 2 radius + 1 neighbours along lines; near an end, over those that are there. */
function smoothLines(
  from: Float32Array,
  to: Float32Array,
  lines: number,
  length: number,
  along: number,
  across: number,
  radius: number,
): void {
  for (let line = 0; line < lines; line++) {
    const start = line * across;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, length); i++) sum += from[start + i * along]!;
    for (let i = 0; i < length; i++) {
      if (i + radius < length) sum += from[start + (i + radius) * along]!;
      if (i - radius - 1 >= 0) sum -= from[start + (i - radius - 1) * along]!;
      const count = Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1;
      to[start + i * along] = sum / count;
    }
  }
}

/** The plane less its local mean: two passes of a box of 2 radius + 1 pixels, close to a Gaussian. */
export function localContrast(plane: Plane, radius: number): Plane {
  const { width, height, data } = plane;
  const a = Float32Array.from(data);
  const b = new Float32Array(data.length);
  for (let pass = 0; pass < 2; pass++) {
    smoothLines(a, b, height, width, 1, width, radius);
    smoothLines(b, a, width, height, width, 1, radius);
  }
  for (let i = 0; i < a.length; i++) a[i] = data[i]! - a[i]!;
  return { width, height, data: a };
}
