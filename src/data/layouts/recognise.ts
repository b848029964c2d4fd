/** Which layout a folder has, and what is said where it has none. */
import { basename, dirname, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { isThere } from '../../core/files.ts';
import { annotatedLayout, withAnnotations } from '../annotations/label.ts';
import { annotatedFolder, annotationEndings, type FoundAnnotations, readAnnotations } from '../annotations/read.ts';
import { byName, type Listing, listFolder } from '../listing.ts';
import type { DataSetOptions, Layout } from './asked.ts';
import { GoodClasses } from './good-classes.ts';
import type { LayoutResult } from './layout.ts';
import { readManifest, rootOfManifest } from './manifest.ts';
import { masksOf, readMasksAlone } from './masks-alone.ts';
import { readStatedGood } from './stated-good.ts';
import { type FolderLayoutName, folderLayoutOf, folderLayouts } from './table.ts';
import { namedFolders, withUnlisted } from './unlisted.ts';

const isJsonLines = (file: string): boolean => /\.(manifest|jsonl)$/i.test(file);

/** Its library of schemas is loaded where there is such a manifest: an inspection starts without. */
const loadJsonLines = () => import('./json-lines.ts');

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
function describeOthers({ others, own }: Listing, but: readonly string[] = []): string[] {
  const left = [...others].filter(([ending]) => !but.includes(ending));
  const ours =
    own > 0 ? [`Heat maps and golden images that felfri wrote are no parts and were left out (${own}).`] : [];
  if (left.length === 0) return ours;
  const kinds = left.sort(([a], [b]) => byName(a, b)).map(([ending, n]) => `${n} ${ending || 'without an ending'}`);
  return [...ours, `Files that are not images were left out (${kinds.join(', ')}).`];
}

/** A sub-folder as if it were the root. */
function below(listing: Listing, folder: string): Listing {
  const inner = (paths: readonly string[]): string[] =>
    paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  const { images, folders, files } = listing;
  return { ...listing, images: inner(images), folders: inner(folders), files: inner(files) };
}

/** How many folders deep data sets are looked for: archives are unpacked into folders of their own name. */
const deepest = 3;

/** Folders below that are data sets by themselves; what lies within such a one is its own. */
function setsWithin(listing: Listing): string[] {
  const found: string[] = [];
  for (const folder of listing.folders) {
    if (folder.split('/').length > deepest || found.some((set) => folder.startsWith(`${set}/`))) continue;
    const inner = below(listing, folder);
    if (inner.files.includes('manifest.csv') || folderLayoutOf(inner) !== undefined) found.push(folder);
  }
  return found;
}

/** What to do about a folder without a layout: its sub-folders may be data sets, or all its images of one kind. */
function adviceFor(root: string, listing: Listing, sets: readonly string[]): string {
  if (sets.length > 0) {
    const shown = sets.slice(0, 5).map((folder) => `${basename(root)}/${folder}`);
    return `you probably mean one of the data sets in it: ${shown.join(', ')}${sets.length > 5 ? ', ...' : ''}`;
  }
  const lists = listing.files.filter((path) => /^[^/]*\.csv(\.gz)?$/i.test(path));
  if (lists.length > 0) {
    const shown = lists.slice(0, 3).map((path) => (path.endsWith('.gz') ? `${path}, unpacked` : path));
    return `where a table says which images are good, give its path (${shown.join('; ')}); else give --good FOLDER, or put images into good/ and defective/`;
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

const withListing = (result: LayoutResult, listing: Listing, read: readonly string[] = []): LayoutResult => ({
  ...result,
  notes: [...result.notes, ...describeOthers(listing, read)],
  problems: [...listing.problems, ...result.problems],
});

/** What a data set has by itself that an option could be about. */
interface Has {
  readonly columns?: boolean;
  /** Class names that may mean good. */
  readonly words?: boolean;
  /** Images of which nothing may say whether they are good. */
  readonly unsaid?: boolean;
}

/** Throws OPTION_INVALID for an option that would be without effect. */
function requireEffect(options: DataSetOptions, has: Has): void {
  const refuse = (option: string, why: string): never => {
    throw new FelfriError('OPTION_INVALID', `${option}: ${why}`, { subject: option });
  };
  if (options.columns && !has.columns) refuse('columns', 'there is no manifest.csv, so there are no columns');
  if (options.goodClasses && !has.words)
    refuse('goodClasses', 'folders say which images are good, not classes; name the folder of good ones by --good');
  if (options.unannotated && !has.unsaid)
    refuse('unannotated', 'folders or a manifest say of each image what it is, so none is without; leave it out');
}

/** The data set of a file, a manifest as CSV or JSON lines, and the folder that its paths are of. */
export async function recogniseFile(path: string, options: DataSetOptions): Promise<[Layout, LayoutResult, string]> {
  if (options.good !== undefined) {
    const why = `${path} is a file that says itself which images are good; give the folder, or leave it out`;
    throw new FelfriError('OPTION_INVALID', `good: ${why}`, { subject: 'good' });
  }
  if (path.toLowerCase().endsWith('.csv')) {
    requireEffect(options, { columns: true, words: true });
    const root = await rootOfManifest(path, options);
    const result = await readManifest(path, options, root);
    const files = await namedFolders(root, result, options.raw !== undefined);
    return ['manifest', withUnlisted(root, files, result), root];
  }
  if (isJsonLines(path)) {
    const root = dirname(path);
    requireEffect(options, { words: true });
    const { readJsonLines } = await loadJsonLines();
    const result = await readJsonLines(root, [basename(path)], await list(root, options), options, false);
    return ['json-lines', result, root];
  }
  throw layoutError(path, 'a file that is no manifest', 'give the folder of the data set');
}

/** Annotated photographs: by their shapes, else by a mask of their own, else as `--unannotated` says. */
async function annotatedBy(
  annotations: FoundAnnotations,
  root: string,
  listing: Listing,
  { unannotated, goodClasses }: DataSetOptions,
): Promise<LayoutResult> {
  const photographs = { ...listing, images: annotatedFolder(root, listing.images, []).images };
  const { parts } = masksOf(photographs.images);
  const { unsaid, ...found } = annotatedLayout(annotations, parts, root, new GoodClasses(goodClasses));
  const rest = await readMasksAlone(root, photographs, unannotated, unsaid, annotations.homeless);
  return {
    images: [...found.images, ...rest.images],
    notes: [...found.notes, ...rest.notes, ...describeOthers(listing, annotationEndings)],
    problems: [...listing.problems, ...found.problems, ...rest.problems],
    unusedMasks: rest.unusedMasks,
  };
}

/** The layout by folders. What lies in folders that are data sets by other layouts is none of masks alone: Class1/ and Class2/ of DAGM. */
function layoutOf(listing: Listing): FolderLayoutName | undefined {
  const layout = folderLayoutOf(listing);
  if (layout !== 'masks-beside') return layout;
  const others = setsWithin(listing).some((folder) => {
    const inner = below(listing, folder);
    return inner.files.includes('manifest.csv') || folderLayoutOf(inner) !== 'masks-beside';
  });
  return others ? undefined : layout;
}

const hasFormats = (annotations: FoundAnnotations | undefined): annotations is FoundAnnotations =>
  annotations !== undefined && annotations.formats.length > 0;

/** A layout that says what is good, with what annotations beside it mark. */
function withDrawings(
  bare: LayoutResult,
  listing: Listing,
  annotations: FoundAnnotations | undefined,
  { goodClasses }: DataSetOptions,
): LayoutResult {
  if (annotations === undefined) return withListing(bare, listing);
  const good = new GoodClasses(goodClasses);
  const drawn = withAnnotations(bare, annotations, good);
  good.requireUsed('annotation');
  return withListing(drawn, listing, hasFormats(annotations) ? annotationEndings : []);
}

/** The data set of a folder. Throws DATASET_MISSING, DATASET_LAYOUT, DATASET_MANIFEST or OPTION_INVALID. */
export async function recogniseFolder(root: string, options: DataSetOptions): Promise<[Layout, LayoutResult]> {
  const hasManifest = await isThere(join(root, 'manifest.csv'));
  const listing = await list(root, options);
  const manifest = hasManifest ? 'manifest.csv' : listing.files.find((file) => file.toLowerCase() === 'manifest.csv');
  if (manifest !== undefined && options.good === undefined) {
    requireEffect(options, { columns: true, words: true });
    return ['manifest', withUnlisted(root, listing.images, await readManifest(join(root, manifest), options))];
  }
  const folder = annotatedFolder(root, listing.images, listing.files);
  if (options.good !== undefined) {
    const annotations = await readAnnotations(folder);
    requireEffect(options, { words: hasFormats(annotations) });
    const bare = readStatedGood(root, { ...listing, images: folder.images }, options.good);
    return ['stated-good', withDrawings(bare, listing, annotations, options)];
  }
  const jsonLines = listing.files.filter((file) => !file.includes('/') && isJsonLines(file));
  if (jsonLines.length > 0) {
    requireEffect(options, { words: true, unsaid: true });
    const { readJsonLines } = await loadJsonLines();
    return ['json-lines', withListing(await readJsonLines(root, jsonLines, listing, options, true), listing)];
  }
  const annotations = await readAnnotations(folder);
  const layout = layoutOf(listing);
  const annotated = hasFormats(annotations);
  // masks that merely lie beside images say less than what an annotation tool wrote
  const bySpeech = annotated && (layout === undefined || folderLayouts[layout].leavesUnsaid);
  requireEffect(options, {
    words: annotated,
    unsaid: bySpeech || (layout !== undefined && folderLayouts[layout].leavesUnsaid),
  });
  if (bySpeech) return ['annotated', await annotatedBy(annotations, root, listing, options)];
  if (layout === undefined) {
    const shown = listing.folders.slice(0, 12).map((name) => `${name}/`);
    if (listing.folders.length > shown.length) shown.push('...');
    const folders = shown.length > 0 ? `folders ${shown.join(', ')} and ` : '';
    const unusable = annotations ? `, and a file that cannot be used (${annotations.problems[0]!.message})` : '';
    throw layoutError(
      root,
      `${folders}${count(listing.images.length, 'image')}${unusable}`,
      adviceFor(root, listing, setsWithin(listing)),
    );
  }
  const bare = await folderLayouts[layout].read(root, listing, options.unannotated);
  return [layout, withDrawings(bare, listing, annotations, options)];
}
