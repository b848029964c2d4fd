/** A manifest as a table: its rows, and which column says what. */
import { FelfriError } from '../../core/errors.ts';
import { columnNamed, readTextFile, tableForm } from '../text-file.ts';

/** What a column can say of an image; each is looked for under its own name and the usual others, unless an option names one. */
export type ManifestField = 'image' | 'mask' | 'class' | 'part_group' | 'fold' | 'published_split';

/** Names of columns, in the order in which they are looked for. Capital letters, spaces, hyphens and underscores do not count. */
export const columnNames: Readonly<Record<ManifestField, readonly string[]>> = {
  image: ['image', 'image path', 'file', 'file name', 'filename', 'path'],
  mask: ['mask', 'mask path', 'mask file'],
  class: ['class', 'class name', 'label'],
  part_group: ['part_group', 'part', 'part id', 'group'],
  fold: ['fold'],
  published_split: ['published_split', 'split'],
};

const fields = Object.keys(columnNames) as ManifestField[];

export function manifestError(path: string, message: string, cause?: unknown): FelfriError {
  return new FelfriError('DATASET_MANIFEST', `${path}: ${message}`, { subject: path, cause });
}

export interface Row {
  readonly record: Record<string, string>;
  readonly line: number;
}

/** Rows of the file with the line that each ends on. */
export async function readRows(path: string): Promise<{ header: string[]; rows: Row[] }> {
  // loaded here, since images that are only inspected have no manifest
  const { parse } = await import('csv-parse/sync');
  const text = await readTextFile(path);
  const { delimiter, skipped } = tableForm(text);
  try {
    const parsed = parse(text, {
      delimiter,
      from_line: 1 + skipped,
      trim: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as {
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

/** The column of each field that the file has. Throws when a named or necessary one is missing, or where an option names no field. */
export function columnsOf(
  path: string,
  header: readonly string[],
  asked: Readonly<Partial<Record<string, string>>>,
): Map<ManifestField, string> {
  const unknown = Object.keys(asked).find((field) => !fields.some((known) => known === field));
  if (unknown !== undefined) {
    throw new FelfriError('OPTION_INVALID', `columns: got '${unknown}'; legal are ${fields.join(', ')}`, {
      subject: 'columns',
    });
  }
  const twice = header.find((column, i) => column !== '' && header.indexOf(column) < i);
  if (twice !== undefined) {
    throw manifestError(path, `row 1 has two columns '${twice}'; rename one, as nobody can tell which of them counts`);
  }
  const found = new Map<ManifestField, string>();
  for (const field of fields) {
    const named = asked[field];
    const column =
      named === undefined
        ? columnNamed(header, columnNames[field], (why) => manifestError(path, `${why}, or say it by --columns`))
        : header.find((own) => own === named);
    if (column !== undefined) found.set(field, column);
    else if (named !== undefined || field === 'image' || field === 'class') {
      throw manifestError(
        path,
        `row 1 has no column '${named ?? field}' for ${field}; it has ${header.map((name) => `'${name}'`).join(', ') || 'none'}: name the right one by --columns ${field}=NAME`,
      );
    }
  }
  return found;
}
