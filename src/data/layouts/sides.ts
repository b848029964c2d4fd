/**
 * Layouts of published data sets with sides: train/good, test/good, test/<class>, and masks in a folder of their own. MVTec AD
 * (Bergmann et al. 2019), and what was published after its example.
 */
import { join } from 'node:path';
import type { Listing } from '../listing.ts';
import { folded } from '../spelling.ts';
import { masksBeside } from './beside.ts';
import { isPhotographs } from './folders-of-masks.ts';
import {
  foldersContradicted,
  foldersLeftOut,
  isContradicted,
  type LabelledImage,
  type LayoutResult,
  stem,
} from './layout.ts';
import { clashProblems, type Offered, pairMasks } from './mask-pairs.ts';
import { isGoodName, isMaskName, sideOf } from './words.ts';

/** Views of a part that are no photographs: of MVTec 3D the heights, of others what a publisher computed. */
const notPhotographs = new Set(['xyz', 'depth', 'pointcloud']);

interface Place {
  readonly side: 'train' | 'test' | 'validation';
  readonly folder: string;
  /** Path below the class, without a folder of photographs (`rgb`, `images`). */
  readonly rest: string;
  readonly kind: 'photograph' | 'mask' | 'other';
}

/** Where a path lies: side/[images]/class/[images|gt|xyz]/..., or undefined for a path that is not of this kind. */
function placeOf(path: string): Place | undefined {
  const [top = '', ...below] = path.split('/');
  const side = sideOf(top);
  const [folder, ...rest] = below.length > 2 && isPhotographs(below[0]!) ? below.slice(1) : below;
  if (side === undefined || folder === undefined || rest.length === 0) return undefined;
  const [first = '', ...more] = rest;
  if (more.length === 0) return { side, folder, rest: first, kind: 'photograph' };
  if (isPhotographs(first)) return { side, folder, rest: more.join('/'), kind: 'photograph' };
  if (isMaskName(first)) return { side, folder, rest: more.join('/'), kind: 'mask' };
  return { side, folder, rest: rest.join('/'), kind: notPhotographs.has(first.toLowerCase()) ? 'other' : 'photograph' };
}

/** The path below a folder of masks, beside the sides or, as in AD 2, within one. */
function belowMasks(path: string): string | undefined {
  const [top = '', second = '', ...rest] = path.split('/');
  if (isMaskName(top)) return [second, ...rest].join('/');
  return sideOf(top) !== undefined && isMaskName(second) ? rest.join('/') : undefined;
}

/** Whether a side holds a folder of good images; `within` are folders that may lie between (rgb). */
export const hasGoodSide = ({ folders }: Listing): boolean =>
  folders.some((folder) => {
    const [side = '', ...below] = folder.split('/');
    const [name, ...rest] = below.length > 1 && isPhotographs(below[0]!) ? below.slice(1) : below;
    return sideOf(side) !== undefined && name !== undefined && rest.length === 0 && isGoodName(name);
  });

/** Masks by class and name of their image. Where a folder bears the image's name (LOCO), the folder is the mask. */
function offeredMasks(listing: Listing, images: ReadonlySet<string>): Offered[] {
  const masks = new Map<string, Offered>();
  for (const path of listing.images) {
    const place = placeOf(path);
    const below = belowMasks(path) ?? (place?.kind === 'mask' ? `${place.folder}/${place.rest}` : undefined);
    if (below === undefined) continue;
    const folder = below.slice(0, below.lastIndexOf('/'));
    const mask = images.has(folded(folder)) ? path.slice(0, path.lastIndexOf('/')) : path;
    masks.set(mask, { mask, key: mask === path ? stem(below) : folder });
  }
  return [...masks.values()];
}

/** Reads such a layout: the published split is the side, the class is the folder, masks are found by name. */
export function readSides(root: string, listing: Listing): LayoutResult {
  const beside = masksBeside(listing.images.filter((path) => belowMasks(path) === undefined));
  const said = listing.images.flatMap((name) => {
    const place = belowMasks(name) === undefined && !beside.masks.has(name) ? placeOf(name) : undefined;
    return place?.kind === 'photograph' ? [{ name, ...place, key: stem(`${place.folder}/${place.rest}`) }] : [];
  });
  const contradicted = said.filter(({ folder, rest }) =>
    isContradicted(isGoodName(folder) ? 'good' : 'defective', rest.split('/').slice(0, -1)),
  );
  const places = said.filter((place) => !contradicted.includes(place));
  // train and test number their images alike, and only test has ground truth
  const judged = places.filter(({ side }) => side === 'test');
  const offered = offeredMasks(listing, new Set(judged.map(({ key }) => folded(key))));
  const pairs = pairMasks(
    judged.map(({ name, key }) => ({ image: name, keys: [key] })),
    offered,
  );
  const clashes = new Map([...beside.clashes, ...pairs.clashes]);
  const oddTraining = new Set<string>();
  const usable = places.filter(({ name, folder }) => !isGoodName(folder) || !clashes.has(name));
  const images = usable.map(({ name, side, folder }): LabelledImage => {
    const good = isGoodName(folder);
    if (side === 'train' && !good) oddTraining.add(folder);
    const mask = clashes.has(name) ? undefined : (pairs.of.get(name) ?? beside.of.get(name));
    return {
      path: join(root, name),
      name,
      label: good ? 'good' : 'defective',
      className: good ? 'good' : folder,
      ...(side !== 'validation' && { publishedSplit: side }),
      ...(mask !== undefined && { mask: join(root, mask) }),
    };
  });
  const notes: string[] = [];
  if (oddTraining.size > 0) {
    notes.push(
      `train/ also holds defective images (${[...oddTraining].join(', ')}), which this layout does not foresee.`,
    );
  }
  const known = new Set([...said.map(({ name }) => name), ...beside.masks]);
  const stray = listing.images.filter(
    (path) =>
      !known.has(path) && belowMasks(path) === undefined && (placeOf(path)?.kind ?? 'photograph') === 'photograph',
  );
  const advice = 'it is not used: move it into train/<class>/ or test/<class>/';
  const defective = new Set(images.flatMap(({ name, label }) => (label === 'defective' ? [name] : [])));
  const problems = [
    ...clashProblems(clashes, (name) => defective.has(name)),
    ...foldersContradicted(contradicted.map(({ name }) => name)),
    ...foldersLeftOut(stray, advice),
  ];
  return { images, notes, problems, unusedMasks: [...pairs.unused, ...beside.unused] };
}
