/** Near copies among images: pairs that show one physical part, found from the pixels alone. */
import type { PartImage } from '../dataset.ts';
import { type Candidate, findCandidates } from './candidates.ts';
import { describeSet, REDUCTION } from './descriptors.ts';
import { COARSE, coarsePlane, type Displacement, finePlanes, layOver, likeness, type Pyramid } from './likeness.ts';
import { type LeakControl, readThumbnails, stopIfAborted, type Thumbnail } from './thumbnails.ts';

/** Two images that look like one part. */
export interface NearCopy {
  readonly one: PartImage;
  readonly other: PartImage;
  /** `likeness` of the two; 1 for equal files. */
  readonly similarity: number;
}

/** Likeness from which two images count as near copies; docs/experiments.md has the measurement behind it. */
export const nearCopyFrom = 0.45;

/** Pyramids kept at a time, 200 KB each. */
const KEPT = 256;

class PyramidCache {
  readonly #kept = new Map<number, Pyramid>();
  readonly #thumbnails: readonly (Thumbnail | undefined)[];

  constructor(thumbnails: readonly (Thumbnail | undefined)[]) {
    this.#thumbnails = thumbnails;
  }

  of(index: number): Pyramid {
    let pyramid = this.#kept.get(index);
    if (pyramid) this.#kept.delete(index);
    else pyramid = finePlanes(this.#thumbnails[index]!);
    this.#kept.set(index, pyramid);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return pyramid;
  }
}

/** The displacement of two images' coarse planes that their descriptors' displacement stands for. */
function coarseDisplacement(one: Thumbnail, other: Thumbnail, { dx, dy }: Candidate): Displacement {
  const scale = REDUCTION / COARSE;
  const centred = (a: number, b: number): number => (Math.floor(b / COARSE) - Math.floor(a / COARSE)) / 2;
  // a descriptor was moved by (dx, dy) to lie on the other
  return {
    dx: Math.round(centred(one.width, other.width) + scale * dx),
    dy: Math.round(centred(one.height, other.height) + scale * dy),
  };
}

/** Pairs of equal files, each query with its first equal in the gallery, or each image with the next equal one. */
function equalFiles(
  thumbnails: readonly (Thumbnail | undefined)[],
  queries: readonly number[],
  gallery: readonly number[],
): [number, number][] {
  const within = queries === gallery;
  const seen = new Map<string, number>();
  if (!within)
    for (const j of gallery) if (thumbnails[j] && !seen.has(thumbnails[j].hash)) seen.set(thumbnails[j].hash, j);
  const pairs: [number, number][] = [];
  for (const i of queries) {
    const hash = thumbnails[i]?.hash;
    if (hash === undefined) continue;
    const equal = seen.get(hash);
    if (equal !== undefined) pairs.push(within ? [equal, i] : [i, equal]);
    if (within) seen.set(hash, i);
  }
  return pairs;
}

/**
 * Near copies between `queries` and `gallery`, or among `queries` where `gallery` is left out; most alike first. Images
 * that cannot be read have none. Progress counts images read, then images searched, then pairs looked at. Throws INTERRUPTED.
 */
export async function findNearCopies(
  queries: readonly PartImage[],
  gallery?: readonly PartImage[],
  control: LeakControl & { readonly onPhase?: (name: string) => void; readonly least?: number } = {},
): Promise<NearCopy[]> {
  const { onPhase, onProgress, signal, least = nearCopyFrom } = control;
  const images = gallery ? [...queries, ...gallery] : queries;
  onPhase?.('Looking for near copies: reading images');
  const thumbnails = await readThumbnails(images, control);
  onPhase?.('Looking for near copies: comparing');
  const own = queries.map((_, i) => i);
  const others = gallery ? gallery.map((_, j) => queries.length + j) : own;
  const candidates = await findCandidates(describeSet(thumbnails), own, others, control);
  const coarse = thumbnails.map((thumbnail) => thumbnail && coarsePlane(thumbnail));
  const cache = new PyramidCache(thumbnails);
  const found = new Map<string, NearCopy>();
  const add = (i: number, j: number, similarity: number): void => {
    found.set(`${i},${j}`, { one: images[i]!, other: images[j]!, similarity });
  };
  onPhase?.('Looking for near copies: looking closely');
  let slice = performance.now();
  for (const [n, candidate] of candidates.entries()) {
    const { i, j } = candidate;
    const about = coarseDisplacement(thumbnails[i]!, thumbnails[j]!, candidate);
    const over = layOver(coarse[i]!, coarse[j]!, about);
    const similarity = over ? likeness(cache.of(i), cache.of(j), over) : 0;
    if (similarity >= least) add(i, j, similarity);
    if (performance.now() - slice > 50) {
      await new Promise((resolve) => setImmediate(resolve));
      stopIfAborted(signal);
      onProgress?.(n + 1, candidates.length);
      slice = performance.now();
    }
  }
  for (const [i, j] of equalFiles(thumbnails, own, others)) add(i, j, 1);
  return [...found.values()].sort((a, b) => b.similarity - a.similarity);
}
