/** YOLO: a text file for each image, a line for each box or segment, in shares of width and height. */
import { join } from 'node:path';
import { stem } from '../../layouts/layout.ts';
import { invalidAt, numberAt, type Place, pointsAt, readText, textAt, wholeAt } from '../document.ts';
import type { Shape } from '../drawing.ts';
import type { AnnotatedFolder } from '../folder.ts';
import type { Reading } from '../reading.ts';
import { classesOf } from './yolo-classes.ts';

/** How far outside of the image a share may lie before it is no share at all. */
const slack = 0.01;
/** Above this a text file beside an image is taken for something else. */
const mostLabelBytes = 50_000_000;

/** Where the image of a text file may lie: beside it, or in images/ where the text is in labels/. */
function imagesOf(path: string, { finder }: AnnotatedFolder): readonly string[] {
  const bare = stem(path);
  const parts = bare.split('/');
  const labels = parts.slice(0, -1).findLastIndex((part) => part.toLowerCase() === 'labels');
  const elsewhere = labels < 0 ? [] : [parts.with(labels, 'images').join('/'), parts.toSpliced(labels, 1).join('/')];
  return [bare, ...elsewhere].map((candidate) => finder.ofStem(candidate)).find((found) => found.length > 0) ?? [];
}

const isInLabels = (path: string): boolean => /(^|\/)labels\//i.test(path);

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
    const inLabels = isInLabels(path);
    if (images.length === 0 && !inLabels) continue;
    const text = await readText(join(folder.root, path));
    if (images.length === 0) {
      if (text.trim() !== '' && looksLikeLabels(text)) homeless.push(path);
    } else if (text.length <= mostLabelBytes) found.push({ path, images, text });
  }
  const inLabels = found.some(({ path, text }) => isInLabels(path) && looksLikeLabels(text));
  const filled = found.filter(({ text }) => text.trim() !== '');
  const alike = filled.length > 0 && filled.every(({ text }) => looksLikeLabels(text));
  return named || inLabels || alike ? { found, homeless } : { found: [], homeless: [] };
}

export async function readYolo(reading: Reading): Promise<boolean> {
  const { folder } = reading;
  if (!folder.files.some((file) => /\.txt$/i.test(file) && imagesOf(file, folder).length > 0)) return false;
  const classes = await classesOf(folder);
  const names = classes?.names;
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
        const place = { file: path, what: `line ${i + 1}` };
        if (classes?.keyPoints) throw invalidAt(place, 'key points (kpt_shape), which are not read');
        return [shapeOf(place, line, names)];
      }),
    }));
  }
  if (files.length > 0 && names === undefined)
    reading.notes.push(
      'YOLO: neither data.yaml nor classes.txt names the classes, so they are called by their numbers.',
    );
  return files.length > 0;
}
