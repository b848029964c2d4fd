/**
 * The layout that people make by hand: good/ and defective/ (or other words), perhaps masks/, perhaps folders called by a defect.
 * Sub-folders of defective/ are defect classes.
 */
import { basename, join } from 'node:path';
import { byName, type Listing } from '../listing.ts';
import { masksBeside } from './beside.ts';
import {
  foldersContradicted,
  foldersLeftOut,
  isContradicted,
  type LabelledImage,
  type LayoutResult,
  maskStem,
  stem,
} from './layout.ts';
import { isDefectiveName, isGoodName, isMaskName, meaningOf } from './words.ts';

/** Whether the folder has a folder of good images. */
export const isGoodDefective = ({ folders }: Listing): boolean =>
  folders.some((folder) => !folder.includes('/') && isGoodName(folder));

const foldersOf = (path: string): string[] => path.split('/').slice(0, -1);

/** Folders that hold the photographs where masks lie in a folder beside them (good/images, good/masks); no classes. */
const isPhotographs = (folder: string): boolean => /^(images?|imgs?|photos?|rgb)$/i.test(folder);

/** Whether a file lies in a folder of masks: masks/2.png, defective/masks/2.png, defective/dent/GT/2.png. */
const inMaskFolder = (path: string): boolean => foldersOf(path).some(isMaskName);

/** A path as if masks and photographs lay in one folder, so that those of one name meet. */
const joined = (path: string): string => {
  const folders = foldersOf(path);
  const masks = folders.findIndex(isMaskName);
  return [...folders.filter((folder, i) => i !== masks && !isPhotographs(folder)), basename(path)].join('/');
};

/** Good or defective by the top folder, which may be called by the defect; undefined where it says neither. */
function labelOf(path: string): { label: 'good' | 'defective'; className: string } | undefined {
  const parts = path.split('/');
  const top = parts[0]!;
  if (parts.length === 1) return undefined;
  if (isGoodName(top)) return { label: 'good', className: 'good' };
  // images of one sample in a folder of its own (S0001) are no class
  const sub = parts.slice(1, -1).find((part) => !isSample(part) && !isPhotographs(part));
  if (isDefectiveName(top)) return { label: 'defective', className: sub ?? 'defective' };
  return meaningOf(top) === 'defect' ? { label: 'defective', className: top } : undefined;
}

const isSample = (folder: string): boolean => /^S\d+$/.test(folder);

/** Finds masks in folders of masks: by the image's whole path, its path below the top folder, or its bare name where that is unique. */
class MaskFolder {
  readonly #masks = new Map<string, string>();
  readonly #used = new Set<string>();
  readonly #bareNames = new Map<string, number>();

  constructor(masks: readonly string[], defective: readonly string[]) {
    for (const path of masks) this.#masks.set(maskStem(joined(path)), path);
    for (const path of defective) {
      const bare = basename(stem(path));
      this.#bareNames.set(bare, (this.#bareNames.get(bare) ?? 0) + 1);
    }
  }

  find(path: string, defective: boolean): string | undefined {
    const whole = stem(joined(path));
    // good/1.png and defective/1.png may both be there, and a mask of a bare name means the defective one
    const keys = [whole];
    if (defective) {
      keys.push(whole.slice(whole.indexOf('/') + 1));
      if (this.#bareNames.get(basename(whole)) === 1) keys.push(basename(whole));
    }
    const key = keys.find((candidate) => this.#masks.has(candidate));
    if (key === undefined) return undefined;
    this.#used.add(key);
    return this.#masks.get(key);
  }

  get unused(): string[] {
    return [...this.#masks]
      .filter(([key]) => !this.#used.has(key))
      .map(([, path]) => path)
      .sort(byName);
  }

  get size(): number {
    return this.#masks.size;
  }
}

/** Masks of the image's own name with another ending beside it, as Real-IAD has them: X.png beside X.jpg. */
function twins(images: readonly string[]): Map<string, string> {
  const photographs = new Map(images.filter((path) => /\.jpe?g$/i.test(path)).map((path) => [stem(path), path]));
  return new Map(
    images.flatMap((path) => {
      const photograph = /\.png$/i.test(path) ? photographs.get(stem(path)) : undefined;
      return photograph === undefined ? [] : [[photograph, path] as const];
    }),
  );
}

/** Reads the layout; `withTwins` where a PNG beside a JPEG of its name is its mask. */
export function readGoodDefective(root: string, listing: Listing, withTwins = false): LayoutResult {
  const beside = masksBeside(listing.images);
  const twinOf = withTwins ? twins(listing.images) : new Map<string, string>();
  const own = new Set([...beside.masks, ...twinOf.values()]);
  const inFolders = listing.images.filter(inMaskFolder);
  const parts = listing.images.filter((path) => !own.has(path) && !inFolders.includes(path));
  const said = parts.flatMap((name) => {
    const label = labelOf(name);
    return label ? [{ name, ...label }] : [];
  });
  const contradicted = said.filter(({ name, label }) => isContradicted(label, foldersOf(name)));
  const labelled = said.filter((image) => !contradicted.includes(image));
  const defective = labelled.filter(({ label }) => label === 'defective').map(({ name }) => name);
  const masks = new MaskFolder(inFolders, defective);
  const images = labelled.map(({ name, label, className }): LabelledImage => {
    const mask = masks.find(name, label === 'defective') ?? beside.of.get(name) ?? twinOf.get(name);
    const sample = withTwins ? name.split('/').findLast((part) => isSample(part)) : undefined;
    return {
      path: join(root, name),
      name,
      label,
      className,
      ...(mask !== undefined && { mask: join(root, mask) }),
      // samples of good and of each class are numbered anew
      ...(sample !== undefined && { partGroup: name.slice(0, name.indexOf(sample) + sample.length) }),
    };
  });
  const notes: string[] = [];
  if (defective.length === 0)
    notes.push('There are no defective images: only a flow can be trained, and nothing judged.');
  const { unused } = masks;
  if (unused.length > 0) {
    notes.push(`${unused.length} of ${masks.size} masks belong to no image, or to several of one name (${unused[0]}).`);
  }
  const known = new Set(said.map(({ name }) => name));
  const advice =
    'it is not used: call it by a word that felfri knows (docs/data-sets.md), move it below defective/, or name the good folder by --good';
  const problems = [
    ...foldersContradicted(contradicted.map(({ name }) => name)),
    ...foldersLeftOut(
      parts.filter((name) => !known.has(name)),
      advice,
    ),
  ];
  return { images, notes, problems, unusedMasks: unused };
}
