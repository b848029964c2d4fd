/**
 * A data set: the images of parts in a folder, with labels, masks and part groups. Its layout is recognised without
 * configuration, and what was recognised is said in sentences.
 */
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { sha256File } from '../core/files.ts';
import { withManifestMasks } from './annotations/manifest-masks.ts';
import { type FrameStatement, isFrameName, parseFrame } from './image/raw/stated-frame.ts';
import type { DataSetOptions, Layout } from './layouts/asked.ts';
import { GoodClasses } from './layouts/good-classes.ts';
import type { LabelledImage, LayoutResult } from './layouts/layout.ts';
import { nothingUsable, recogniseFile, recogniseFolder } from './layouts/recognise.ts';
import { byName, isFolder, type Problem } from './listing.ts';
import { maskFiles } from './masks/read.ts';
import type { PartImage } from './part-image.ts';

export interface DataSet {
  /** Absolute path of the folder. */
  readonly root: string;
  /** What it is called wherever it is spoken of: the folder's own name, without the folders above. */
  readonly name: string;
  readonly layout: Layout;
  /** Sorted by name. */
  readonly images: readonly PartImage[];
  /** What was recognised and what is odd, in sentences. */
  readonly notes: readonly string[];
  /** Images that could not be taken in. */
  readonly problems: readonly Problem[];
  /** Masks that belong to no image, where the layout found any; paths relative to the folder. */
  readonly unusedMasks?: readonly string[];
  /** Image files beside a manifest that it does not name, likewise; they are not used. */
  readonly unlisted?: readonly string[];
}

function compilePattern(pattern: string): RegExp {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (cause) {
    throw new FelfriError('OPTION_INVALID', `group pattern '${pattern}' is no regular expression (${cause})`, {
      cause,
    });
  }
  // an alternative that matches the empty string tells how many captures there are
  if (new RegExp(`${pattern}|`, 'u').exec('')!.length < 2) {
    throw new FelfriError(
      'OPTION_INVALID',
      `group pattern '${pattern}' captures nothing; put the part of the file name that names the part in parentheses`,
    );
  }
  return expression;
}

/** A file that is named by its content and grouped by that name, as a station writes it, says nothing of the part. */
const namedByContent = (name: string, group: string): boolean =>
  /^[0-9a-f]{64}$/.test(group) && basename(name).startsWith(`${group}.`);

function settleGroups(
  images: readonly LabelledImage[],
  pattern: string | undefined,
): { images: PartImage[]; note: string } {
  const expression = pattern === undefined ? undefined : compilePattern(pattern);
  let alone = 0;
  const settled = images.map((image): PartImage => {
    const { partGroup } = image;
    if (partGroup !== undefined) {
      return { ...image, partGroup, ...(!namedByContent(image.name, partGroup) && { groupStated: true }) };
    }
    const captured = expression?.exec(basename(image.name))?.[1];
    if (captured !== undefined) return { ...image, partGroup: captured, groupStated: true };
    alone++;
    return { ...image, partGroup: image.name };
  });
  const groups = new Set(settled.map((image) => image.partGroup)).size;
  if (images[0]?.partGroup !== undefined)
    return { images: settled, note: `${groups} part groups, as the data set states them.` };
  if (expression === undefined) {
    const note =
      'Part groups are not known, so each image counts as a part of its own; if a part was photographed twice, say so with --group-pattern or a manifest.';
    return { images: settled, note };
  }
  if (alone === images.length) {
    throw new FelfriError(
      'OPTION_INVALID',
      `group pattern '${pattern}' matches none of ${images.length} file names, such as '${basename(images[0]!.name)}'; correct it`,
    );
  }
  const rest = alone > 0 ? ` ${alone} images do not match it, and each counts as a part of its own.` : '';
  return { images: settled, note: `${groups} part groups, by the pattern '${pattern}'.${rest}` };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** Counts of what is there, as sentences. */
function describe(layout: Layout, images: readonly PartImage[]): string[] {
  const classes = new Map<string, number>();
  for (const image of images) classes.set(image.className, (classes.get(image.className) ?? 0) + 1);
  const good = images.filter((image) => image.label === 'good').length;
  const listed = [...classes].sort(([a], [b]) => byName(a, b)).map(([name, n]) => `${name} ${n}`);
  const notes = [
    `Layout ${layout}: ${count(images.length, 'image')}, ${good} good and ${images.length - good} defective (${listed.join(', ')}).`,
  ];
  const masks = images.filter((image) => image.mask !== undefined).length;
  const bare = images.filter((image) => image.label === 'defective' && image.mask === undefined).length;
  if (masks === 0) notes.push('No masks: a U-Net cannot be trained.');
  else notes.push(`${count(masks, 'mask')}${bare > 0 ? `; ${count(bare, 'defective image')} without one` : ''}.`);
  const folds = new Set(images.flatMap((image) => image.fold ?? []));
  if (folds.size > 0) notes.push(`Folds ${[...folds].sort((a, b) => a - b).join(', ')}.`);
  const published = images.filter((image) => image.publishedSplit !== undefined);
  if (published.length > 0) {
    const train = published.filter((image) => image.publishedSplit === 'train').length;
    notes.push(`Published split: ${train} train, ${published.length - train} test.`);
  }
  return notes;
}

const few = (names: readonly string[]): string => `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`;

function describeUnused({ unusedMasks, unlisted = [] }: LayoutResult): string[] {
  return [
    ...(unusedMasks.length > 0 ? [`${count(unusedMasks.length, 'mask')} of no image: ${few(unusedMasks)}.`] : []),
    ...(unlisted.length > 0
      ? [`${count(unlisted.length, 'image file')} not in the list, and not used: ${few(unlisted)}.`]
      : []),
  ];
}

const withFrame = (image: PartImage, raw: FrameStatement): PartImage =>
  isFrameName(image.path) ? { ...image, raw } : image;

/**
 * Recognises the data set in a folder, or of a manifest given by its path. Images are listed, not opened.
 * Throws DATASET_MISSING, DATASET_LAYOUT, DATASET_MANIFEST, or OPTION_INVALID for the group pattern; what concerns one
 * image alone is collected in `problems`.
 */
export async function recogniseDataSet(path: string, options: DataSetOptions = {}): Promise<DataSet> {
  const { raw } = options;
  if (raw !== undefined) parseFrame(raw);
  const absolute = resolve(path);
  const folder = await isFolder(absolute);
  const [layout, listed, root] = folder
    ? [...(await recogniseFolder(absolute, options)), absolute]
    : await recogniseFile(absolute, options);
  const result =
    layout === 'manifest' ? await withManifestMasks(root, listed, new GoodClasses(options.goodClasses)) : listed;
  if (result.images.length === 0) throw nothingUsable(path, layout, result);
  const sorted = [...result.images].sort((a, b) => byName(a.name, b.name));
  const { images: settled, note } = settleGroups(sorted, options.groupPattern);
  const images = raw === undefined ? settled : settled.map((image) => withFrame(image, raw));
  const problems = [...result.problems].sort((a, b) => byName(a.name, b.name));
  const { unusedMasks, unlisted } = result;
  const notes = [...describe(layout, images), note, ...result.notes, ...describeUnused(result)];
  if (problems.length > 0) notes.push(`${count(problems.length, 'problem')} with single files.`);
  return { root, name: basename(root), layout, images, notes, problems, unusedMasks, ...(unlisted && { unlisted }) };
}

/**
 * SHA-256 over the names, labels, classes, part groups and contents (images, masks and shapes) of a data set: equal where
 * the same data lies, in whatever folder. A file that cannot be read counts as such.
 */
export async function dataSetHash(dataSet: DataSet): Promise<string> {
  const contentOf = (path: string): Promise<string> => sha256File(path).catch(() => 'unreadable');
  const marksOf = async ({ mask, drawing, maskBackground }: PartImage): Promise<string> => {
    if (drawing) return JSON.stringify(drawing.shapes);
    if (mask === undefined) return '';
    const contents = await Promise.all((await maskFiles(mask)).map(contentOf));
    return [...contents, ...(maskBackground ? [maskBackground] : [])].join();
  };
  const hash = createHash('sha256');
  for (const image of dataSet.images) {
    const { path, name, label, className, partGroup } = image;
    const contents = await Promise.all([contentOf(path), marksOf(image)]);
    hash.update(`${JSON.stringify([name, label, className, partGroup, ...contents])}\n`);
  }
  return hash.digest('hex');
}
