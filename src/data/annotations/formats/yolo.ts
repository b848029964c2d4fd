/** YOLO: a text file for each image, a line for each box or segment, in shares of width and height. */
import { join } from 'node:path';
import { stem } from '../../layouts/layout.ts';
import {
  invalid,
  invalidAt,
  isFields,
  numberAt,
  type Place,
  pointsAt,
  readText,
  textAt,
  wholeAt,
} from '../document.ts';
import type { Shape } from '../drawing.ts';
import type { AnnotatedFolder } from '../folder.ts';
import type { Reading } from '../reading.ts';

/** How far outside of the image a share may lie before it is no share at all. */
const slack = 0.01;
/** Above this a text file beside an image is taken for something else. */
const mostLabelBytes = 50_000_000;

/** Where the image of a text file may lie: beside it, or in images/ where the text is in labels/. */
function imagesOf(path: string, { finder }: AnnotatedFolder): readonly string[] {
  const bare = stem(path);
  const parts = bare.split('/');
  const labels = parts.lastIndexOf('labels', parts.length - 2);
  const elsewhere = labels < 0 ? [] : [parts.with(labels, 'images').join('/'), parts.toSpliced(labels, 1).join('/')];
  return [bare, ...elsewhere].map((candidate) => finder.ofStem(candidate)).find((found) => found.length > 0) ?? [];
}

function namesOfYaml(value: unknown): string[] | undefined {
  if (!isFields(value)) return undefined;
  const { names } = value;
  if (Array.isArray(names)) return names.map(String);
  if (!isFields(names)) return undefined;
  const list: string[] = [];
  for (const [index, name] of Object.entries(names)) if (/^\d{1,4}$/.test(index)) list[Number(index)] = String(name);
  return list;
}

/** Names of classes from data.yaml, classes.txt or obj.names, in this order; undefined when none lies there. */
async function classNames({ root, files }: AnnotatedFolder): Promise<string[] | undefined> {
  for (const file of files.filter((path) => /\.ya?ml$/i.test(path))) {
    const { parse } = await import('yaml');
    const text = await readText(join(root, file));
    try {
      const names = namesOfYaml(parse(text, { maxAliasCount: 10 }));
      if (names) return names;
    } catch (cause) {
      throw invalid(file, `not YAML (${(cause as Error).message.split('\n')[0]}); correct it`, cause);
    }
  }
  const list = files.find((path) => /(^|\/)(classes\.txt|obj\.names|predefined_classes\.txt)$/i.test(path));
  if (list === undefined) return undefined;
  const text = await readText(join(root, list));
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
}

const looksLikeLabels = (text: string): boolean =>
  text.split(/\r?\n/).every((line) => line.trim() === '' || /^\d+(\s+-?[\d.]+(e-?\d+)?){4,}\s*$/i.test(line));

function shares(place: Place, words: readonly string[]): number[] {
  return words.map((word) => {
    const value = numberAt(place, 'a coordinate', word);
    if (value < -slack || value > 1 + slack)
      throw invalidAt(place, `a coordinate is ${value}; legal are shares of the image, 0 to 1`);
    return value;
  });
}

function shapeOf(place: Place, line: string, names: readonly string[] | undefined): Shape {
  const [first, ...rest] = line.trim().split(/\s+/);
  const index = wholeAt(place, 'the class', first);
  const name = names ? names[index] : `class ${index}`;
  if (name === undefined) throw invalidAt(place, `class ${index} has no name in the list of classes`);
  const label = textAt(place, 'class', name);
  if (rest.length === 4) {
    const [x, y, w, h] = shares(place, rest) as [number, number, number, number];
    return {
      label,
      relative: true,
      rough: true,
      geometry: { kind: 'box', x0: x - w / 2, y0: y - h / 2, x1: x + w / 2, y1: y + h / 2 },
    };
  }
  if (rest.length < 6 || rest.length % 2 !== 0)
    throw invalidAt(
      place,
      `${rest.length} numbers after the class; legal are 4 (a box), or an even number from 6 on (a segment)`,
    );
  return {
    label,
    relative: true,
    geometry: { kind: 'opencv-polygon', points: pointsAt(place, shares(place, rest), 3) },
  };
}

interface LabelFile {
  readonly path: string;
  readonly images: readonly string[];
  readonly text: string;
}

/** Text files that belong to images; those beside images count as labels only when something else says that this is YOLO. */
async function labelFiles(
  folder: AnnotatedFolder,
  named: boolean,
): Promise<{ found: LabelFile[]; homeless: string[] }> {
  const homeless: string[] = [];
  const found: LabelFile[] = [];
  for (const path of folder.files.filter((file) => /\.txt$/i.test(file))) {
    const images = imagesOf(path, folder);
    const inLabels = /(^|\/)labels\//.test(path);
    if (images.length === 0 && !inLabels) continue;
    const text = await readText(join(folder.root, path));
    if (images.length === 0) {
      if (text.trim() !== '' && looksLikeLabels(text)) homeless.push(path);
    } else if (text.length <= mostLabelBytes) found.push({ path, images, text });
  }
  const inLabels = found.some(({ path, text }) => /(^|\/)labels\//.test(path) && looksLikeLabels(text));
  const filled = found.filter(({ text }) => text.trim() !== '');
  const alike = filled.length > 0 && filled.every(({ text }) => looksLikeLabels(text));
  return named || inLabels || alike ? { found, homeless } : { found: [], homeless: [] };
}

export async function readYolo(reading: Reading): Promise<boolean> {
  const { folder } = reading;
  if (!folder.files.some((file) => /\.txt$/i.test(file) && imagesOf(file, folder).length > 0)) return false;
  const names = await classNames(folder);
  const { found: files, homeless } = await labelFiles(folder, names !== undefined);
  for (const file of homeless) reading.leaveHomeless(file);
  for (const { path, images, text } of files) {
    if (images.length > 1) {
      reading.leaveOut(images, `${path}: it may be of any of ${images.join(', ')}; give the images different names`);
      continue;
    }
    // training tools read the image as it is shown
    reading.takeFor(path, images[0]!, () => ({
      upright: true,
      shapes: text.split(/\r?\n/).flatMap((line, i): Shape[] => {
        if (line.trim() === '') return [];
        return [shapeOf({ file: path, what: `line ${i + 1}` }, line, names)];
      }),
    }));
  }
  if (files.length > 0 && names === undefined)
    reading.notes.push(
      'YOLO: neither data.yaml nor classes.txt names the classes, so they are called by their numbers.',
    );
  return files.length > 0;
}
