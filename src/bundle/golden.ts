/**
 * Golden images: a few inputs with the outputs that the trained network gave for them, before it was exported. Replayed whenever a
 * bundle is loaded, so that a model which disagrees with the trained one is never used.
 */
import { FelfriError } from '../core/errors.ts';
import type { NamedTensors, Tensor } from '../core/tensor.ts';
import type { Parts } from '../detectors/fusion/combination.ts';
import { type DetectorName, detectors } from '../detectors/table.ts';
import type { ViewScore } from '../judge/reason.ts';
import type { BundleManifest } from './schema.ts';
import { viewNames, viewsIn, viewTensors } from './views.ts';

export interface DetectorOutput {
  /** Larger is worse. */
  readonly score: number;
  /** (1, 1, h, w). */
  readonly map: Tensor;
  /** Of a fusion alone: the scores of its two detectors on the common scale. */
  readonly parts?: Parts;
  /** Of a score that is made of several views. */
  readonly views?: readonly ViewScore[];
}

/** Largest relative difference that float32 arithmetic on another machine explains. */
const FLOAT_TOLERANCE = 1e-3;
/** The same in 8 bits, where a value in the middle of two levels goes to either: some levels of 255, here and there on the map. */
const QUANTISED_TOLERANCE = 0.05;

export interface Disagreement {
  /** |score - expected| / max(|expected|, unit); the largest over it, the scores of a fusion's detectors, and what views say. */
  readonly score: number;
  /** Largest |map - expected| over the largest |expected|. */
  readonly map: number;
}

const numbersOf = ({ score, parts, views = [] }: DetectorOutput): number[] => [
  score,
  ...(parts ? [parts.flow, parts.unet] : []),
  ...views.flatMap(({ rarity, weight }) => [rarity, weight]),
];

/** How far an output is from the expected one; `unit` is what its score is measured in. */
export function disagreement(got: DetectorOutput, expected: DetectorOutput, unit = 1e-3): Disagreement {
  const sameSize = got.map.shape.join() === expected.map.shape.join();
  let worst = sameSize ? 0 : Number.POSITIVE_INFINITY;
  let peak = 1e-6;
  if (sameSize) {
    for (let i = 0; i < expected.map.data.length; i++) {
      peak = Math.max(peak, Math.abs(expected.map.data[i]!));
      const difference = Math.abs(got.map.data[i]! - expected.map.data[i]!);
      // NaN is the worst of all, and stays it
      if (difference > worst || Number.isNaN(difference)) worst = difference;
    }
  }
  const [own, wanted] = [got, expected].map(numbersOf) as [number[], number[]];
  // a missing number differs by more than is legal, and one too many does
  const differences = Array.from({ length: Math.max(own.length, wanted.length) }, (_, i) => {
    const v = wanted[i] ?? Number.NaN;
    return Math.abs((own[i] ?? Number.NaN) - v) / Math.max(Math.abs(v), unit);
  });
  return { score: Math.max(...differences), map: worst / peak };
}

/** Throws BUNDLE_GOLDEN unless the output is the expected one. */
export function requireGolden(
  got: DetectorOutput,
  expected: DetectorOutput,
  name: string,
  directory: string,
  manifest: BundleManifest,
): void {
  const { score, map } = disagreement(got, expected, detectors[manifest.detector].scoreUnit(manifest.settings));
  const tolerance = manifest.quantisation ? QUANTISED_TOLERANCE : FLOAT_TOLERANCE;
  if (score <= tolerance && map <= tolerance) return;
  throw new FelfriError(
    'BUNDLE_GOLDEN',
    `${directory}: ${name} gives score ${got.score}, the trained network gave ${expected.score} ` +
      `(relative difference ${score.toExponential(1)}, of the map ${map.toExponential(1)}, legal ${tolerance}); ` +
      'the model is altered or this machine computes differently: do not use it here, export it again',
    { subject: directory },
  );
}

const scalar = (x: number): Tensor => ({ shape: [], data: Float32Array.of(x) });

/** Golden outputs of image i, as `golden/outputs.safetensors` holds them. */
export function goldenTensors(i: number, { score, map, parts, views = [] }: DetectorOutput): NamedTensors {
  const all: NamedTensors = new Map([
    [`${i}/score`, scalar(score)],
    [`${i}/map`, map],
  ]);
  for (const [name, tensor] of viewTensors(views)) all.set(`${i}/${name}`, tensor);
  if (parts) for (const name of ['flow', 'unet'] as const) all.set(`${i}/${name}`, scalar(parts[name]));
  return all;
}

const isFiniteAll = ({ data }: Tensor): boolean => data.every((v) => Number.isFinite(v));

/**
 * The same read back, by the names of the images. Throws what `refuse` makes of the reason unless each image has a finite score and map (of a
 * fusion also its detectors' scores), and nothing else is there.
 */
export function goldenOutputs(
  tensors: NamedTensors,
  images: readonly string[],
  detector: DetectorName,
  refuse: (why: string) => Error,
): Map<string, DetectorOutput> {
  const numbers = ['score', ...detectors[detector].parts];
  const legal = new Set(images.flatMap((i) => [...numbers, 'map', ...viewNames].map((name) => `${i}/${name}`)));
  const foreign = [...tensors.keys()].find((name) => !legal.has(name));
  if (foreign !== undefined)
    throw refuse(`its golden outputs hold ${foreign}, which belongs to none of its golden images`);
  return new Map(
    images.map((i) => {
      const numberOf = (name: string): number => {
        const tensor = tensors.get(`${i}/${name}`);
        if (tensor?.data.length === 1 && isFiniteAll(tensor)) return tensor.data[0]!;
        throw refuse(`its golden image ${i} has no ${name} that is one finite number`);
      };
      const map = tensors.get(`${i}/map`);
      if (map?.shape.length !== 4 || map.data.length === 0 || !isFiniteAll(map))
        throw refuse(`its golden image ${i} has no map of finite numbers`);
      const parts = detector === 'fusion' ? { parts: { flow: numberOf('flow'), unet: numberOf('unet') } } : {};
      const views = viewsIn((name) => tensors.get(`${i}/${name}`));
      return [i, { score: numberOf('score'), map, ...parts, ...(views && { views }) }];
    }),
  );
}

/** Whether two outputs are the same to the last bit, as those of a model are that does not look at its image. */
export function isSameOutput(a: DetectorOutput, b: DetectorOutput): boolean {
  if (a.score !== b.score || a.map.shape.join() !== b.map.shape.join()) return false;
  return a.map.data.every((v, i) => v === b.map.data[i]);
}
