/** Numbers in 8 bits: the levels of a range, and a weight in whole steps. */
import { FelfriError } from '../../core/errors.ts';
import type { ValueRange } from './value-ranges.ts';

/**
 * Largest magnitude of a weight. Seven bits: processors without 8-bit dot products add pairs of products in 16 bits, where eight would
 * saturate, and the same bundle would decide otherwise there.
 */
const LARGEST_WEIGHT = 63;

/** In 8 bits what is not finite would become 0, and with it the sign that something is wrong. */
function requireFiniteValues(values: ArrayLike<number>, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new FelfriError('MODEL_INVALID', `${what} of the model is ${values[i]}; train it again`);
  }
}

/** Step and zero point of 256 levels that hold the range and, exactly, zero. */
export function levelsOf({ low, high }: ValueRange): { scale: number; zero: number } {
  requireFiniteValues([low, high], 'a range of values');
  const [from, to] = [Math.min(low, 0), Math.max(high, 0)];
  // a step that float32 cannot hold is none
  const scale = Math.fround(to - from > 1e-30 ? (to - from) / 255 : 1);
  return { scale, zero: Math.min(255, Math.max(0, Math.round(-from / scale))) };
}

/** Integers of at most `LARGEST_WEIGHT` in magnitude, and the step of each output channel. */
export function quantisedWeight(values: Float32Array, channels: number): { integers: Int8Array; scales: Float32Array } {
  const size = values.length / channels;
  const integers = new Int8Array(values.length);
  requireFiniteValues(values, 'a weight');
  const scales = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    let largest = 0;
    for (let i = c * size; i < (c + 1) * size; i++) largest = Math.max(largest, Math.abs(values[i]!));
    const scale = largest > 1e-30 ? Math.fround(largest / LARGEST_WEIGHT) : 1;
    scales[c] = scale;
    for (let i = c * size; i < (c + 1) * size; i++) integers[i] = Math.round(values[i]! / scale);
  }
  return { integers, scales };
}
