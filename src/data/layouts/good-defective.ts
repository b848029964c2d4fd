/**
 * The layout that people make by hand: good/ and defective/ (or other words), perhaps masks/, perhaps folders called by a defect.
 * Sub-folders of defective/ are defect classes.
 */
import { join } from 'node:path';
import { byName, type Listing } from '../listing.ts';
import { masksBeside } from './beside.ts';
import { foldersOf, isPhotographs, pairInFolders, splitMasks } from './folders-of-masks.ts';
import {
  foldersContradicted,
  foldersLeftOut,
  isContradicted,
  type LabelledImage,
  type LayoutResult,
} from './layout.ts';
import { clashProblems } from './mask-pairs.ts';
import { twinProblems, twinsOf } from './twins.ts';
import { isDefectiveName, isGoodName, meaningOf, sideOf } from './words.ts';

/** A path below the folders that merely hold the photographs: images/good/1.png beside masks/good/1.png. */
const belowPhotographs = (path: string): string[] => {
  const parts = path.split('/');
  return parts.slice(parts.findIndex((part) => !isPhotographs(part)));
};

/** Whether the folder has a folder of good images. */
export const isGoodDefective = ({ folders }: Listing): boolean =>
  folders.some((folder) => {
    const [name, ...rest] = belowPhotographs(folder);
    return name !== undefined && rest.length === 0 && isGoodName(name);
  });

/** Good or defective by the top folder, which may be called by the defect; undefined where it says neither. */
function labelOf(path: string): { label: 'good' | 'defective'; className: string } | undefined {
  const parts = belowPhotographs(path);
  const top = parts[0]!;
  if (parts.length === 1) return undefined;
  if (isGoodName(top)) return { label: 'good', className: 'good' };
  // images of one sample in a folder of its own (S0001) are no class, nor is a side
  const sub = parts.slice(1, -1).find((part) => !isSample(part) && !isPhotographs(part) && !sideOf(part));
  if (isDefectiveName(top)) return { label: 'defective', className: sub ?? 'defective' };
  return meaningOf(top) === 'defect' ? { label: 'defective', className: top } : undefined;
}

/** Folders within the good ones: by product or day as a rule, but perhaps what somebody has put aside. */
function foldersWithin(good: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of good) {
    const within = belowPhotographs(name)
      .slice(1, -1)
      .find((part) => !isSample(part) && !isPhotographs(part));
    if (within !== undefined) counts.set(within, (counts.get(within) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const some = [...counts].slice(0, 8).map(([name, n]) => `${name} ${n}`);
  return [`Good images in folders within: ${some.join(', ')}${counts.size > some.length ? ', ...' : ''}.`];
}

const isSample = (folder: string): boolean => /^S\d+$/.test(folder);

/** Reads the layout; `withTwins` where a PNG beside a JPEG of its name is its mask. */
export function readGoodDefective(root: string, listing: Listing, withTwins = false): LayoutResult {
  const { photographs, inFolders } = splitMasks(listing.images);
  const beside = masksBeside(photographs);
  const twins = twinsOf(photographs);
  const twinOf: ReadonlyMap<string, string> = withTwins ? twins : new Map();
  const own = new Set([...beside.masks, ...twins.values()]);
  const parts = photographs.filter((path) => !own.has(path));
  const said = parts.flatMap((name) => {
    const label = labelOf(name);
    return label ? [{ name, ...label }] : [];
  });
  const contradicted = said.filter(({ name, label }) => isContradicted(label, foldersOf(name)));
  const labelled = said.filter((image) => !contradicted.includes(image));
  const defective = new Set(labelled.flatMap(({ name, label }) => (label === 'defective' ? [name] : [])));
  const names = labelled.map(({ name }) => name);
  const inside = pairInFolders(inFolders, names, new Set(names.filter((name) => !defective.has(name))));
  // masks/1.png beside good/1.png alone is its mask: what it marks there is then told of
  const rest = pairInFolders(
    inside.unused,
    names.filter((name) => !defective.has(name) && !inside.of.has(name)),
  );
  const clashes = new Map(
    [...rest.clashes, ...beside.clashes, ...inside.clashes].filter(([name]) => names.includes(name)),
  );
  const usable = labelled.filter(({ name }) => defective.has(name) || !clashes.has(name));
  const images = usable.map(({ name, label, className }): LabelledImage => {
    const mask = clashes.has(name)
      ? undefined
      : (inside.of.get(name) ?? beside.of.get(name) ?? twinOf.get(name) ?? rest.of.get(name));
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
  if (defective.size === 0)
    notes.push('There are no defective images: only a flow can be trained, and nothing judged.');
  notes.push(...foldersWithin(images.filter(({ label }) => label === 'good').map(({ name }) => name)));
  const known = new Set(said.map(({ name }) => name));
  const advice =
    'it is not used: call it by a word that felfri knows (docs/data-sets.md), move it below defective/, or name the good folder by --good';
  const problems = [
    ...clashProblems(clashes, (name) => defective.has(name)),
    ...(withTwins ? [] : twinProblems(twins)),
    ...foldersContradicted(contradicted.map(({ name }) => name)),
    ...foldersLeftOut(
      parts.filter((name) => !known.has(name)),
      advice,
    ),
  ];
  const used = new Set(images.flatMap(({ mask }) => mask ?? []));
  const unusedMasks = [...beside.masks, ...twinOf.values(), ...inFolders].filter((path) => !used.has(join(root, path)));
  return { images, notes, problems, unusedMasks: unusedMasks.sort(byName) };
}
