/**
 * The manifest layout: a CSV file with one row per image. The only layout that can state part groups and folds of every image.
 */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isThere } from '../../core/files.ts';
import { byName, isImageFile, type Problem } from '../listing.ts';
import { GoodClasses } from './good-classes.ts';
import type { LabelledImage, LayoutResult } from './layout.ts';
import { insidePath, ManifestPaths } from './manifest-paths.ts';
import { columnsOf, type ManifestField, manifestError, type Row, readRows } from './manifest-table.ts';
import { sideOf } from './words.ts';

export interface ManifestOptions {
  /** The file's column for a field, where its name differs: `{ image: 'file' }`. */
  readonly columns?: Readonly<Partial<Record<ManifestField, string>>>;
  /** Class names that alone mean good, capital letters aside; the words for good of `words.ts` unless told. */
  readonly goodClasses?: readonly string[];
}

/** Files in the folders of the named masks that no row names. */
async function unusedMasks(root: string, images: readonly LabelledImage[]): Promise<string[]> {
  const named = new Set(images.flatMap(({ path, mask }) => (mask === undefined ? [path] : [path, mask])));
  const folders = new Set(images.flatMap(({ mask }) => (mask === undefined ? [] : [dirname(mask)])));
  const unused: string[] = [];
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (isImageFile(name) && !named.has(path)) unused.push(relative(root, path).split(sep).join('/'));
    }
  }
  return unused.sort(byName);
}

/** Reads the cells of one row after another, and refuses what is not legal by row, column and value. */
class RowReader {
  readonly #path: string;
  readonly #columns: ReadonlyMap<ManifestField, string>;
  readonly #goodClasses: GoodClasses;
  readonly #lineOf = new Map<string, number>();

  constructor(path: string, columns: ReadonlyMap<ManifestField, string>, goodClasses: GoodClasses) {
    this.#path = path;
    this.#columns = columns;
    this.#goodClasses = goodClasses;
  }

  #value({ record }: Row, field: ManifestField): string {
    return record[this.#columns.get(field) ?? ''] ?? '';
  }

  #refuse(row: Row, field: ManifestField, legal: string): never {
    const got = `row ${row.line}, column '${this.#columns.get(field)}': got '${this.#value(row, field)}'`;
    throw manifestError(this.#path, `${got}; legal is ${legal}`);
  }

  #inside(row: Row, field: 'image' | 'mask'): string {
    const found = insidePath(this.#value(row, field));
    return found ?? this.#refuse(row, field, 'a path inside the folder of the manifest, relative to it');
  }

  /** The image's path; each may stand once. */
  image(row: Row): string {
    const name = this.#inside(row, 'image');
    const before = this.#lineOf.get(name);
    if (before !== undefined) this.#refuse(row, 'image', `each image once, and row ${before} has it already`);
    this.#lineOf.set(name, row.line);
    return name;
  }

  mask(row: Row): string | undefined {
    return this.#value(row, 'mask') === '' ? undefined : this.#inside(row, 'mask');
  }

  /** Good, or a class of defect. A number, or a word for not knowing, says neither, unless the user has said which is good. */
  className(row: Row): { label: 'good' | 'defective'; className: string } {
    const className = this.#value(row, 'class');
    if (className === '') this.#refuse(row, 'class', "a class such as 'good' or the name of a defect");
    if (className.includes('\uFFFD')) this.#refuse(row, 'class', "text in UTF-8: save the table as 'CSV UTF-8'");
    if (this.#goodClasses.isGood(className)) return { label: 'good', className: 'good' };
    if (this.#goodClasses.saysNothing(className))
      this.#refuse(row, 'class', 'a word, or say which value is good: --good-classes');
    return { label: 'defective', className };
  }

  placement(row: Row): Pick<LabelledImage, 'partGroup' | 'fold' | 'publishedSplit'> {
    const [partGroup, fold, split] = (['part_group', 'fold', 'published_split'] as const).map((field) =>
      this.#value(row, field),
    ) as [string, string, string];
    if (this.#columns.has('fold') && !/^\d{1,3}$/.test(fold))
      this.#refuse(row, 'fold', 'a whole number in every row, or no such column');
    const side = sideOf(split);
    if (split !== '' && side === undefined)
      this.#refuse(row, 'published_split', "'train', 'test', 'validation' (on neither side) or nothing");
    if (this.#columns.has('part_group') && partGroup === '')
      this.#refuse(row, 'part_group', 'a part group in every row, or no such column');
    return {
      ...(this.#columns.has('part_group') && { partGroup }),
      ...(this.#columns.has('fold') && { fold: Number(fold) }),
      ...((side === 'train' || side === 'test') && { publishedSplit: side }),
    };
  }
}

function notesOf(path: string, header: readonly string[], rows: number, columns: ReadonlyMap<ManifestField, string>) {
  const used = [...columns].map(([field, column]) => (field === column ? field : `${field} from ${column}`));
  const unused = header.filter((column) => ![...columns.values()].includes(column));
  return [
    `${basename(path)} has ${rows} rows; columns used: ${used.join(', ')}.`,
    ...(unused.length > 0 ? [`Columns not used: ${unused.join(', ')}.`] : []),
  ];
}

/**
 * The folder that the paths of a manifest, given by its path, are of: its own, or one of the two above where that holds its first
 * image and the own does not (VisA has split_csv/1cls.csv beside candle/Data).
 */
export async function rootOfManifest(path: string, { columns: asked }: ManifestOptions): Promise<string> {
  const own = dirname(path);
  const { header, rows } = await readRows(path);
  const image = columnsOf(path, header, asked ?? {}).get('image') ?? '';
  const first = insidePath(rows[0]?.record[image] ?? '');
  const above = [own, dirname(own), dirname(dirname(own))];
  for (const folder of above) if (first !== undefined && (await isThere(join(folder, first)))) return folder;
  return own;
}

/**
 * Reads the images of a manifest, whose paths are of the folder `root`. A row whose image is missing becomes a problem; a row that is not legal is an error.
 * Throws DATASET_MANIFEST, naming row, column, value and what is legal, and where no row's image is there.
 */
export async function readManifest(
  path: string,
  options: ManifestOptions = {},
  root = dirname(path),
): Promise<LayoutResult> {
  const { header, rows } = await readRows(path);
  const columns = columnsOf(path, header, options.columns ?? {});
  if (rows.length === 0) throw manifestError(path, 'there are no rows below the header; legal is one row per image');
  const goodClasses = new GoodClasses(options.goodClasses);
  const reader = new RowReader(path, columns, goodClasses);
  const paths = new ManifestPaths(root);
  const images: LabelledImage[] = [];
  const problems: Problem[] = [];
  for (const row of rows) {
    const name = await paths.locate(reader.image(row));
    const said = reader.className(row);
    const placement = reader.placement(row);
    const problem = await paths.problem(name, name, 'image', row.line);
    if (problem) {
      problems.push(problem);
      continue;
    }
    const stated = reader.mask(row);
    const mask = stated === undefined ? undefined : await paths.locate(stated);
    const maskProblem = mask === undefined ? undefined : await paths.problem(name, mask, 'mask', row.line);
    if (maskProblem) problems.push(maskProblem);
    const whole = mask !== undefined && !maskProblem;
    images.push({ path: join(root, name), name, ...said, ...(whole && { mask: join(root, mask) }), ...placement });
  }
  goodClasses.requireUsed('row of the manifest');
  if (images.length === 0) {
    throw manifestError(
      path,
      `none of its ${rows.length} images is there; the first: ${problems[0]!.message}. Paths are relative to the folder of the manifest`,
    );
  }
  const notes = notesOf(path, header, rows.length, columns);
  const [respelt] = paths.respelt;
  if (respelt) notes.push(`${paths.respelt.size} paths differ in capital letters alone: ${respelt.join(' is ')}.`);
  return { images, notes, problems, unusedMasks: await unusedMasks(root, images) };
}
