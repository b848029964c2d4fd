/** Which layout a folder has, and what is said where it has none. */
import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { annotatedLayout, goodBy, withAnnotations } from '../annotations/label.ts';
import { annotatedFolder, readAnnotations } from '../annotations/read.ts';
import type { DataSetOptions, Layout } from '../dataset.ts';
import { byName, type Listing, listFolder } from '../listing.ts';
import { isJsonLines, readJsonLines } from './json-lines.ts';
import type { LayoutResult } from './layout.ts';
import { readManifest } from './manifest.ts';
import { readStatedGood } from './stated-good.ts';
import { folderLayoutOf, folderLayouts } from './table.ts';

/** The usual ones; all are too many for an error. */
const legalLayouts = [
  '(1) a manifest.csv with columns image and class',
  `(2) ${folderLayouts.mvtec.folders}`,
  `(3) ${folderLayouts['good-defective'].folders}`,
  '(4) images with annotations of LabelMe, COCO, CVAT, Pascal VOC, YOLO, Label Studio or as run lengths in a CSV',
  `and ${Object.keys(folderLayouts).length - 1} more that docs/data-sets.md lists`,
].join('; ');

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function layoutError(path: string, found: string, advice: string): FelfriError {
  const message = `${path}: found ${found}; ${advice}. Legal are ${legalLayouts}`;
  return new FelfriError('DATASET_LAYOUT', message, { subject: path });
}

/** The error for a layout of which no image can be used: it names the first reason. */
export function nothingUsable(path: string, layout: Layout, { problems }: LayoutResult): FelfriError {
  const [first] = problems;
  const why = first ? `: ${first.message}${problems.length > 1 ? `; and ${problems.length - 1} more` : ''}` : '';
  return layoutError(
    path,
    `the layout ${layout}, but no image that can be used${why}`,
    'put images there, or mend them',
  );
}

/** What a listing has left aside. */
function describeOthers({ others }: Listing): string[] {
  if (others.size === 0) return [];
  const kinds = [...others].sort(([a], [b]) => byName(a, b)).map(([kind, n]) => `${kind || 'no extension'} ${n}`);
  return [`Files that are not images were left out (${kinds.join(', ')}).`];
}

/** A sub-folder as if it were the root. */
function below(listing: Listing, folder: string): Listing {
  const inner = (paths: readonly string[]): string[] =>
    paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  const { images, folders, files } = listing;
  return { ...listing, images: inner(images), folders: inner(folders), files: inner(files) };
}

/** What to do about a folder without a layout: its sub-folders may be data sets, or all its images of one kind. */
function adviceFor(root: string, listing: Listing): string {
  const sets = listing.folders.filter((folder) => {
    if (folder.includes('/')) return false;
    const inner = below(listing, folder);
    return inner.files.includes('manifest.csv') || folderLayoutOf(inner) !== undefined;
  });
  if (sets.length > 0) {
    const shown = sets.slice(0, 5).map((folder) => `${basename(root)}/${folder}`);
    return `you probably mean one of the data sets in it: ${shown.join(', ')}${sets.length > 5 ? ', ...' : ''}`;
  }
  const flat = listing.images.some((path) => !path.includes('/'));
  return flat
    ? 'nothing says which images are good: give --good . where all of them are, or --good FOLDER for the folder of good ones, or put them into good/ and defective/'
    : 'no folder is called by a word for good parts: give --good FOLDER, or call it good/';
}

async function list(root: string, { raw }: DataSetOptions): Promise<Listing> {
  return listFolder(root, raw !== undefined).catch((cause: unknown) => {
    throw new FelfriError('DATASET_MISSING', `${root} cannot be read (${cause}); check its permissions`, {
      subject: root,
      cause,
    });
  });
}

const withListing = (result: LayoutResult, listing: Listing): LayoutResult => ({
  ...result,
  notes: [...result.notes, ...describeOthers(listing)],
  problems: [...listing.problems, ...result.problems],
});

/** Throws OPTION_INVALID for options that would be without effect on a data set without columns or words of its own. */
function requireEffect(options: DataSetOptions, has: { readonly columns?: boolean; readonly words?: boolean }): void {
  const refuse = (option: string, why: string): never => {
    throw new FelfriError('OPTION_INVALID', `${option}: ${why}`, { subject: option });
  };
  if (options.columns && !has.columns) refuse('columns', 'there is no manifest.csv, so there are no columns');
  if (options.goodClasses && !has.columns && !has.words)
    refuse('goodClasses', 'folders say which images are good, not classes; name the folder of good ones by --good');
}

/** The data set of a file: a manifest, as CSV or JSON lines. */
export async function recogniseFile(path: string, options: DataSetOptions): Promise<[Layout, LayoutResult]> {
  if (options.good !== undefined) {
    const why = `${path} is a file that says itself which images are good; give the folder, or leave it out`;
    throw new FelfriError('OPTION_INVALID', `good: ${why}`, { subject: 'good' });
  }
  if (path.toLowerCase().endsWith('.csv')) return ['manifest', await readManifest(path, options)];
  const root = dirname(path);
  if (isJsonLines(path)) return ['json-lines', await readJsonLines(root, [basename(path)], await list(root, options))];
  throw layoutError(path, 'a file that is no manifest', 'give the folder of the data set');
}

/** The data set of a folder. Throws DATASET_MISSING, DATASET_LAYOUT, DATASET_MANIFEST or OPTION_INVALID. */
export async function recogniseFolder(root: string, options: DataSetOptions): Promise<[Layout, LayoutResult]> {
  const manifest = join(root, 'manifest.csv');
  const hasManifest = await access(manifest).then(
    () => true,
    () => false,
  );
  if (hasManifest && options.good === undefined) return ['manifest', await readManifest(manifest, options)];
  const listing = await list(root, options);
  if (options.good !== undefined) {
    requireEffect(options, {});
    return ['stated-good', withListing(readStatedGood(root, listing, options.good), listing)];
  }
  const jsonLines = listing.files.filter((file) => !file.includes('/') && isJsonLines(file));
  if (jsonLines.length > 0) return ['json-lines', withListing(await readJsonLines(root, jsonLines, listing), listing)];
  const folder = annotatedFolder(root, listing.images, listing.files);
  const annotations = await readAnnotations(folder);
  const layout = folderLayoutOf(listing);
  const isGood = goodBy(options.goodClasses);
  const annotated = annotations !== undefined && annotations.formats.length > 0;
  requireEffect(options, { words: annotated });
  // masks that merely lie beside images say less than what an annotation tool wrote
  if (annotated && (layout === undefined || layout === 'masks-beside')) {
    const found = annotatedLayout(annotations, folder.images, root, isGood);
    return ['annotated', { ...found, problems: [...listing.problems, ...found.problems] }];
  }
  if (layout === undefined) {
    const shown = listing.folders.slice(0, 12).map((name) => `${name}/`);
    if (listing.folders.length > shown.length) shown.push('...');
    const folders = shown.length > 0 ? `folders ${shown.join(', ')} and ` : '';
    const unusable = annotations ? `, and a file that cannot be used (${annotations.problems[0]!.message})` : '';
    throw layoutError(root, `${folders}${count(listing.images.length, 'image')}${unusable}`, adviceFor(root, listing));
  }
  const bare = await folderLayouts[layout].read(root, listing);
  return [layout, withListing(annotations === undefined ? bare : withAnnotations(bare, annotations, isGood), listing)];
}
