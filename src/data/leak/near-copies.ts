/** Near copies among images: pairs that show one physical part, found from the pixels alone. */
import type { PartImage } from '../dataset.ts';
import { type Candidate, findCandidates } from './candidates.ts';
import type { Plane } from './contrast.ts';
import { describeSet, REDUCTION } from './descriptors.ts';
import { COARSE, type Displacement, type Levels, levelOf, likeness } from './likeness.ts';
import { type LeakControl, readThumbnails, stopIfAborted, type Thumbnail } from './thumbnails.ts';

/** Two images that look like one part. */
export interface NearCopy {
  readonly one: PartImage;
  readonly other: PartImage;
  /** `likeness` of the two; 1 for equal files. */
  readonly similarity: number;
}

/** Likeness from which two images count as near copies: chosen on magnetic tiles and castings, see docs/experiments.md. */
export const nearCopyFrom = 0.7;

/** Images that an image is compared with closely: all of its own part where they are grouped, any one across a split. */
const MOST = { within: 32, across: 16 } as const;

/** Planes kept at a time, by level: a group of images is looked at in one go, so few are made twice. */
const KEPT = { coarse: Number.POSITIVE_INFINITY, middle: 1024, fine: 256 } as const;

class PlaneCache {
  readonly #kept = {
    coarse: new Map<number, Plane>(),
    middle: new Map<number, Plane>(),
    fine: new Map<number, Plane>(),
  };
  readonly #thumbnails: readonly (Thumbnail | undefined)[];

  constructor(thumbnails: readonly (Thumbnail | undefined)[]) {
    this.#thumbnails = thumbnails;
  }

  #plane(index: number, level: keyof Levels): Plane {
    const kept = this.#kept[level];
    const known = kept.get(index);
    if (known) return known;
    const plane = levelOf(this.#thumbnails[index]!, level);
    kept.set(index, plane);
    if (kept.size > KEPT[level]) kept.delete(kept.keys().next().value!);
    return plane;
  }

  /** The levels of an image, each made when it is first asked for. */
  of(index: number): Levels {
    const plane = (level: keyof Levels): Plane => this.#plane(index, level);
    return {
      get coarse() {
        return plane('coarse');
      },
      get middle() {
        return plane('middle');
      },
      get fine() {
        return plane('fine');
      },
    };
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

export interface NearCopyOptions extends LeakControl {
  readonly onPhase?: (name: string) => void;
  /** Likeness from which two images count, `nearCopyFrom` unless told. */
  readonly least?: number;
}

/**
 * Near copies: all pairs among `queries`; or with a `gallery`, one of its images for each query that has any. Most alike
 * first. Images that cannot be read have none. Throws INTERRUPTED.
 */
export async function findNearCopies(
  queries: readonly PartImage[],
  gallery?: readonly PartImage[],
  control: NearCopyOptions = {},
): Promise<NearCopy[]> {
  const { onPhase, onProgress, signal, least = nearCopyFrom } = control;
  const images = gallery ? [...queries, ...gallery] : queries;
  onPhase?.('Looking for near copies');
  const thumbnails = await readThumbnails(images, control);
  const own = queries.map((_, i) => i);
  const others = gallery ? gallery.map((_, j) => queries.length + j) : own;
  const candidates = await findCandidates(
    describeSet(thumbnails),
    own,
    others,
    gallery ? MOST.across : MOST.within,
    control,
  );
  const cache = new PlaneCache(thumbnails);
  const found = new Map<string, NearCopy>();
  const add = (i: number, j: number, similarity: number): void => {
    found.set(`${i},${j}`, { one: images[i]!, other: images[j]!, similarity });
  };
  let slice = performance.now();
  const settled = new Set<number>();
  for (const [n, candidate] of candidates.entries()) {
    const { i, j } = candidate;
    // across a split one near copy is as bad as many
    if (settled.has(i)) continue;
    const about = coarseDisplacement(thumbnails[i]!, thumbnails[j]!, candidate);
    const similarity = likeness(cache.of(i), cache.of(j), about);
    if (similarity >= least) {
      add(i, j, similarity);
      if (gallery) settled.add(i);
    }
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
