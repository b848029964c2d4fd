/** Near copies among images: pairs that show one physical part, found from the pixels alone. */
import type { PartImage } from '../part-image.ts';
import { deviationsFor, isBeyondChance } from './beyond-chance.ts';
import { type Breath, breathing } from './breath.ts';
import { CodeIndex, findCandidates } from './candidates.ts';
import { likenessLimit } from './chance.ts';
import { candidateFit } from './likeness.ts';
import { fewestForDesign, type Residual, residualsOf } from './residuals.ts';
import { type LeakControl, readThumbnails } from './thumbnails.ts';

/** Two images that look like one part. */
export interface NearCopy {
  readonly one: PartImage;
  readonly other: PartImage;
  /** `likeness` of the two; 1 for equal files. */
  readonly similarity: number;
}

/** Images that an image is compared with closely: many of its own part where they are grouped, any one across a split. */
export const closest = { within: 12, across: 8 } as const;

export interface NearCopyOptions extends LeakControl {
  readonly onPhase?: (name: string) => void;
  /** Likeness from which two images count; found from the set unless told. */
  readonly least?: number;
}

/** Images that are ready for the search. Make it once for images of which several splits are judged. */
export class NearCopySearch {
  readonly #images: readonly PartImage[];
  readonly #hashes: readonly (string | undefined)[];
  readonly #residuals: readonly (Residual | undefined)[];
  readonly #index: CodeIndex | undefined;
  readonly #numbers: ReadonlyMap<PartImage, number>;
  /** Likeness from which two images count as near copies; undefined where there are too few images to find any but equal files. */
  readonly limit: number | undefined;
  /** Pairs of codes compared, and of pictures looked at closely. */
  readonly counts = { codes: 0, pictures: 0 };

  private constructor(
    images: readonly PartImage[],
    hashes: readonly (string | undefined)[],
    residuals: readonly (Residual | undefined)[],
    index: CodeIndex | undefined,
    limit: number | undefined,
  ) {
    this.#images = images;
    this.#hashes = hashes;
    this.#residuals = residuals;
    this.#index = index;
    this.#numbers = new Map(images.map((image, k) => [image, k]));
    this.limit = limit;
  }

  /** Reads the images; those that cannot be read have no near copies. Throws INTERRUPTED. */
  static async open(images: readonly PartImage[], control: NearCopyOptions = {}): Promise<NearCopySearch> {
    const { onPhase, least } = control;
    onPhase?.('Reading images to look for near copies');
    const thumbnails = await readThumbnails(images, control);
    const hashes = thumbnails.map((thumbnail) => thumbnail?.hash);
    if (hashes.filter((hash) => hash !== undefined).length < fewestForDesign) {
      return new NearCopySearch(images, hashes, [], undefined, undefined);
    }
    onPhase?.('Taking out what the images share');
    const breath = breathing(control);
    const residuals = await residualsOf(thumbnails, breath);
    const index = new CodeIndex(residuals);
    const limit = least ?? (await likenessLimit(index, residuals, breath));
    index.compared = 0;
    return new NearCopySearch(images, hashes, residuals, index, limit);
  }

  /** Images that could not be read, and so were not looked at. */
  get unread(): number {
    return this.#hashes.filter((hash) => hash === undefined).length;
  }

  #numbersOf(images: readonly PartImage[]): number[] {
    return images.map((image) => {
      const number = this.#numbers.get(image);
      if (number === undefined) throw new Error(`${image.name} is not among the images of this search`);
      return number;
    });
  }

  async #alike(
    queries: readonly number[],
    gallery: readonly number[],
    add: (i: number, j: number, similarity: number) => void,
    breath: Breath,
    { onPhase }: NearCopyOptions,
  ): Promise<void> {
    if (!this.#index || this.limit === undefined) return;
    const within = queries === gallery;
    onPhase?.('Looking for near copies');
    const most = within ? closest.within : closest.across;
    const candidates = await findCandidates(this.#index, queries, gallery, most, breath);
    this.counts.codes = this.#index.compared;
    const deviations = deviationsFor(this.#images.length - this.unread);
    onPhase?.('Comparing those that are alike');
    for (const [n, candidate] of candidates.entries()) {
      this.counts.pictures++;
      const fit = candidateFit(this.#residuals, candidate);
      if (fit && fit.value >= this.limit && isBeyondChance(fit, deviations)) add(candidate.i, candidate.j, fit.value);
      await breath(n + 1, candidates.length);
    }
  }

  async #search(queries: number[], gallery: number[], control: NearCopyOptions): Promise<NearCopy[]> {
    const found = new Map<string, NearCopy>();
    const add = (i: number, j: number, similarity: number): void => {
      const [one, other] = [this.#images[i]!, this.#images[j]!];
      found.set(queries === gallery ? `${Math.min(i, j)},${Math.max(i, j)}` : `${i},${j}`, { one, other, similarity });
    };
    await this.#alike(queries, gallery, add, breathing(control), control);
    for (const [i, j] of this.#equalFiles(queries, gallery)) add(i, j, 1);
    return [...found.values()].sort((a, b) => b.similarity - a.similarity);
  }

  /** Pairs of equal files, each query with its first equal in the gallery, or each image with the next equal one. */
  #equalFiles(queries: readonly number[], gallery: readonly number[]): [number, number][] {
    const within = queries === gallery;
    const seen = new Map<string, number>();
    if (!within) {
      for (const j of gallery) {
        const hash = this.#hashes[j];
        if (hash !== undefined && !seen.has(hash)) seen.set(hash, j);
      }
    }
    const pairs: [number, number][] = [];
    for (const i of queries) {
      const hash = this.#hashes[i];
      if (hash === undefined) continue;
      const equal = seen.get(hash);
      if (equal !== undefined) pairs.push(within ? [equal, i] : [i, equal]);
      if (within) seen.set(hash, i);
    }
    return pairs;
  }

  /** Near copies among all images, most alike first. Throws INTERRUPTED. */
  within(control: NearCopyOptions = {}): Promise<NearCopy[]> {
    const all = [...this.#images.keys()];
    return this.#search(all, all, control);
  }

  /** Near copies of `queries` among `gallery`, a few of each at most, most alike first. Throws INTERRUPTED. */
  across(
    queries: readonly PartImage[],
    gallery: readonly PartImage[],
    control: NearCopyOptions = {},
  ): Promise<NearCopy[]> {
    return this.#search(this.#numbersOf(queries), this.#numbersOf(gallery), control);
  }
}

/** Near copies among images, most alike first. Throws INTERRUPTED. */
export async function findNearCopies(images: readonly PartImage[], control: NearCopyOptions = {}): Promise<NearCopy[]> {
  return (await NearCopySearch.open(images, control)).within(control);
}
