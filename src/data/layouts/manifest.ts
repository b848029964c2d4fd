/**
 * The manifest layout: a CSV file with one row per image. The only layout that can state part groups and folds.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { byName, isImageFile, type Problem } from '../listing.ts';
import type { LabelledImage, LayoutResult } from './layout.ts';

/** What a column can say of an image; each is looked for under its own name unless an option names another. */
type ManifestField = 'image' | 'mask' | 'class' | 'part_group' | 'fold' | 'published_split';

export interface ManifestOptions {
  /** The file's column for a field, where its name differs: `{ image: 'file' }`. */
  readonly columns?: Readonly<Partial<Record<ManifestField, string>>>;
  /** Class values that mean good, compared without regard to case: good, free, ok and normal unless told. */
  readonly goodClasses?: readonly string[];
}

const fields: readonly ManifestField[] = ['image', 'mask', 'class', 'part_group', 'fold', 'published_split'];

function manifestError(path: string, message: string, cause?: unknown): FelfriError {
  return new FelfriError('DATASET_MANIFEST', `${path}: ${message}`, { subject: path, cause });
}

interface Row {
  readonly record: Record<string, string>;
  readonly line: number;
}

/** Rows of the file with the line that each ends on; comma, semicolon or tab, whichever the header line has most of. */
async function readRows(path: string): Promise<{ header: string[]; rows: Row[] }> {
  // loaded here, since images that are only inspected have no manifest
  const { parse } = await import('csv-parse/sync');
  const text = await readFile(path, 'utf8');
  const first = text.split('\n', 1)[0]!;
  const delimiter = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)[0]!;
  try {
    const parsed = parse(text, { bom: true, delimiter, trim: true, skip_empty_lines: true, info: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    const header = parsed[0]?.record ?? [];
    const rows = parsed.slice(1).map(({ record, info }) => ({
      record: Object.fromEntries(header.map((column, i) => [column, record[i] ?? ''])),
      line: info.lines,
    }));
    return { header, rows };
  } catch (cause) {
    throw manifestError(path, `not a table: ${(cause as Error).message}; quote values that hold the delimiter`, cause);
  }
}

/** The column of each field that the file has. Throws when a named or necessary one is missing. */
function columnsOf(path: string, header: readonly string[], options: ManifestOptions): Map<ManifestField, string> {
  const found = new Map<ManifestField, string>();
  for (const field of fields) {
    const asked = options.columns?.[field];
    const column = asked ?? field;
    if (header.includes(column)) found.set(field, column);
    else if (asked !== undefined || field === 'image' || field === 'class') {
      throw manifestError(
        path,
        `row 1 has no column '${column}' for ${field}; it has ${header.map((name) => `'${name}'`).join(', ') || 'none'}: name the right one with columns.${field}`,
      );
    }
  }
  return found;
}

/** A path of the manifest relative to its folder, '/' between parts; undefined when it leads out of the folder. */
function insidePath(value: string): string | undefined {
  const path = posix.normalize(value.replaceAll('\\', '/'));
  const leaves = path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/')[0] === '..' || path.includes('\0');
  return leaves || path === '.' ? undefined : path;
}

async function problemOf(root: string, name: string, path: string, what: string): Promise<Problem | undefined> {
  const found = await stat(join(root, path)).catch(() => undefined);
  if (found?.isFile()) return undefined;
  if (found)
    return { name, code: 'IMAGE_IS_DIRECTORY', message: `${name}: ${what} ${path} of the manifest is not a file` };
  if (path.includes('\uFFFD')) {
    return {
      name,
      code: 'IMAGE_NAME',
      message: `${name}: the manifest holds a name that is not valid UTF-8; save it as UTF-8`,
    };
  }
  return {
    name,
    code: 'IMAGE_MISSING',
    message: `${name}: the manifest names the ${what} ${path}, but there is no such file`,
  };
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

/**
 * Reads the images of a manifest. A row whose image is missing becomes a problem; a row that is not legal is an error.
 * Throws DATASET_MANIFEST, naming row, column, value and what is legal.
 */
export async function readManifest(path: string, options: ManifestOptions = {}): Promise<LayoutResult> {
  const root = dirname(path);
  const { header, rows } = await readRows(path);
  const columns = columnsOf(path, header, options);
  const goodClasses = new Set(
    (options.goodClasses ?? ['good', 'free', 'ok', 'normal']).map((name) => name.toLowerCase()),
  );
  if (rows.length === 0) throw manifestError(path, 'there are no rows below the header; legal is one row per image');

  const images: LabelledImage[] = [];
  const problems: Problem[] = [];
  const lineOf = new Map<string, number>();
  for (const { record, line } of rows) {
    const value = (field: ManifestField): string => record[columns.get(field) ?? ''] ?? '';
    const refuse = (field: ManifestField, legal: string): never => {
      throw manifestError(
        path,
        `row ${line}, column '${columns.get(field)}': got '${value(field)}'; legal is ${legal}`,
      );
    };
    const inside = (field: 'image' | 'mask'): string =>
      insidePath(value(field)) ?? refuse(field, 'a path inside the folder of the manifest, relative to it');

    const name = inside('image');
    const before = lineOf.get(name);
    if (before !== undefined) refuse('image', `each image once, and row ${before} has it already`);
    lineOf.set(name, line);
    const className = value('class') || refuse('class', "a class such as 'good' or the name of a defect");
    const good = goodClasses.has(className.toLowerCase());
    const fold = value('fold');
    if (columns.has('fold') && !/^\d{1,3}$/.test(fold))
      refuse('fold', 'a whole number from 0 in every row, or no such column');
    const side = value('published_split');
    if (side !== '' && side !== 'train' && side !== 'test') refuse('published_split', "'train', 'test' or nothing");
    if (columns.has('part_group') && value('part_group') === '')
      refuse('part_group', 'a part group in every row, or no such column');

    const problem = await problemOf(root, name, name, 'image');
    if (problem) {
      problems.push(problem);
      continue;
    }
    const mask = value('mask') === '' ? undefined : inside('mask');
    const maskProblem = mask === undefined ? undefined : await problemOf(root, name, mask, 'mask');
    if (maskProblem) problems.push(maskProblem);
    images.push({
      path: join(root, name),
      name,
      label: good ? 'good' : 'defective',
      className: good ? 'good' : className,
      ...(mask !== undefined && !maskProblem && { mask: join(root, mask) }),
      ...(columns.has('part_group') && { partGroup: value('part_group') }),
      ...(columns.has('fold') && { fold: Number(fold) }),
      ...(side !== '' && { publishedSplit: side as 'train' | 'test' }),
    });
  }
  const used = [...columns].map(([field, column]) => (field === column ? field : `${field} from ${column}`));
  const unused = header.filter((column) => ![...columns.values()].includes(column));
  const notes = [`${basename(path)} has ${rows.length} rows; columns used: ${used.join(', ')}.`];
  if (unused.length > 0) notes.push(`Columns not used: ${unused.join(', ')}.`);
  return { images, notes, problems, unusedMasks: await unusedMasks(root, images) };
}
