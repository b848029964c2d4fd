/**
 * Golden images: a few inputs with the outputs that the trained network gave for them, before it was exported. Replayed whenever a
 * bundle is loaded, so that a model which disagrees with the trained one is never used.
 */
import { FelfriError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';

export interface DetectorOutput {
  /** Larger is worse. */
  readonly score: number;
  /** (1, 1, h, w). */
  readonly map: Tensor;
}

/** Largest relative difference that float32 arithmetic on another machine explains. */
const TOLERANCE = 1e-3;

export interface Disagreement {
  /** |score - expected| / max(|expected|, 1e-3). */
  readonly score: number;
  /** Largest |map - expected| over the largest |expected|. */
  readonly map: number;
}

/** How far an output is from the expected one. */
export function disagreement(got: DetectorOutput, expected: DetectorOutput): Disagreement {
  const sameSize = got.map.shape.join() === expected.map.shape.join();
  let worst = sameSize ? 0 : Number.POSITIVE_INFINITY;
  let peak = 1e-6;
  if (sameSize) {
    for (let i = 0; i < expected.map.data.length; i++) {
      peak = Math.max(peak, Math.abs(expected.map.data[i]!));
      const difference = Math.abs(got.map.data[i]! - expected.map.data[i]!);
      if (!(difference <= worst)) worst = difference;
    }
  }
  return { score: Math.abs(got.score - expected.score) / Math.max(Math.abs(expected.score), 1e-3), map: worst / peak };
}

/** Throws BUNDLE_GOLDEN unless the output is the expected one. */
export function requireGolden(got: DetectorOutput, expected: DetectorOutput, name: string, directory: string): void {
  const { score, map } = disagreement(got, expected);
  if (score <= TOLERANCE && map <= TOLERANCE) return;
  throw new FelfriError(
    'BUNDLE_GOLDEN',
    `${directory}: ${name} gives score ${got.score}, the trained network gave ${expected.score} ` +
      `(relative difference ${score.toExponential(1)}, of the map ${map.toExponential(1)}, legal ${TOLERANCE}); ` +
      'the model is altered or this machine computes differently: do not use it here, export it again',
    { subject: directory },
  );
}
