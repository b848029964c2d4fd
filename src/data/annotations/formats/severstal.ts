/** Run lengths in a CSV, as in Severstal's steel set: a row for each image and class, column by column, counted from 1. */
import { join, posix } from 'node:path';
import { tableForm } from '../../text-file.ts';
import { invalid, invalidAt, type Place, readText, textAt, wholeAt } from '../document.ts';
import type { Shape } from '../drawing.ts';
import type { Reading } from '../reading.ts';
import type { FileReader } from './format.ts';

interface Row {
  readonly image: string;
  readonly className: string;
  readonly pixels: string;
  readonly line: number;
}

const named = (header: readonly string[], ...names: readonly string[]): number =>
  header.findIndex((column) => names.includes(column.trim().toLowerCase()));

async function rowsOf(text: string, path: string): Promise<Row[]> {
  const { parse } = await import('csv-parse/sync');
  let table: string[][];
  try {
    const { delimiter, skipped } = tableForm(text);
    const form = { delimiter, from_line: 1 + skipped, trim: true, skip_empty_lines: true };
    table = parse(text, form) as string[][];
  } catch (cause) {
    throw invalid(path, `not a table: ${(cause as Error).message}`, cause);
  }
  const [header = [], ...rows] = table;
  const pixels = named(header, 'encodedpixels');
  const joined = named(header, 'imageid_classid');
  const image = joined >= 0 ? joined : named(header, 'imageid', 'image_id', 'image', 'filename');
  const className = named(header, 'classid', 'class_id', 'class', 'label');
  if (image < 0) throw invalid(path, "no column 'ImageId' or 'ImageId_ClassId' beside 'EncodedPixels'");
  return rows.map((row, i) => {
    const both = joined >= 0 ? /^(.*)_([^_]*)$/.exec(row[joined]!) : null;
    return {
      image: both ? both[1]! : row[image]!,
      className: both ? both[2]! : className >= 0 ? row[className]! : '1',
      pixels: row[pixels]!,
      line: i + 2,
    };
  });
}

function shapeOf(place: Place, { className, pixels }: Row): Shape {
  const numbers = pixels.split(/\s+/).map((v) => wholeAt(place, 'EncodedPixels', v, 1));
  if (numbers.length % 2 !== 0) throw invalidAt(place, 'a start without a length');
  const runs: number[] = [];
  for (let i = 0; i < numbers.length; i += 2) runs.push(numbers[i]! - 1, numbers[i + 1]!);
  return { label: textAt(place, 'ClassId', className), geometry: { kind: 'runs', order: 'columns', runs } };
}

/** Names of the numbers from 1 on, where classes.txt beside the table lists them. */
async function classNames(path: string, { folder }: Reading): Promise<readonly string[]> {
  const list = posix.join(posix.dirname(path), 'classes.txt');
  if (!folder.files.includes(list)) return [];
  return (await readText(join(folder.root, list))).split(/\r?\n/).map((line) => line.trim());
}

/** A number alone is no name of a class in other formats. */
const numbered = (name: string): string => (/^\d+$/.test(name.trim()) ? `class ${name.trim()}` : name);

async function read(text: string, path: string, reading: Reading): Promise<void> {
  const names = await classNames(path, reading);
  const byImage = new Map<string, Row[]>();
  for (const row of await rowsOf(text, path)) {
    const list = byImage.get(row.image);
    if (list) list.push(row);
    else byImage.set(row.image, [row]);
  }
  for (const [image, rows] of byImage) {
    reading.take(path, image, () => ({
      shapes: rows
        .filter(({ pixels }) => pixels !== '' && pixels !== '-1')
        .map((row) => ({ ...row, className: names[Number(row.className) - 1] || numbered(row.className) }))
        .map((row) => shapeOf({ file: path, what: `row ${row.line} (${image})` }, row)),
    }));
  }
}

export const severstalReader: FileReader<string> = {
  claims: (text) => {
    const head = text.slice(0, 2000);
    const { delimiter, skipped } = tableForm(head);
    const header = (head.split(/\r?\n/)[skipped] ?? '').toLowerCase().replaceAll('"', '');
    return header
      .split(delimiter)
      .map((column) => column.trim())
      .includes('encodedpixels');
  },
  read,
};
