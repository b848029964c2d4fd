/** Label Studio: a JSON list of tasks, or the shorter JSON-MIN. */
import { posix } from 'node:path';
import { isImageEnding } from '../../image/formats.ts';
import { decodeBrush } from '../codecs/brush.ts';
import {
  type Fields,
  invalidAt,
  isFields,
  listAt,
  numberAt,
  type Place,
  pairsAt,
  shown,
  textAt,
  wholeAt,
} from '../document.ts';
import type { Geometry, Shape, Size } from '../drawing.ts';
import type { Reading, Said } from '../reading.ts';
import type { FileReader } from './format.ts';
import { turnedBox } from './turned-box.ts';

const labelKeys = ['brushlabels', 'polygonlabels', 'rectanglelabels', 'ellipselabels', 'keypointlabels', 'labels'];

/** Geometry by a field that only this kind of region has; lengths are per cent of the image's sides. */
function geometryOf(place: Place, value: Fields, { width, height }: Size): Geometry {
  const share = (name: string, side: number): number => (numberAt(place, name, value[name]) * side) / 100;
  if (value['rle'] !== undefined) {
    const bytes = listAt(place, 'rle', value['rle']).map((v) => wholeAt(place, 'rle', v));
    const runs = decodeBrush(bytes, width * height);
    if (typeof runs === 'string') throw invalidAt(place, `its brush: ${runs}`);
    return { kind: 'runs', order: 'rows', runs, box: { left: 0, top: 0, width, height } };
  }
  if (value['points'] !== undefined) {
    const points = pairsAt(place, value['points'], 3).map((v, i) => (v / 100) * (i % 2 === 0 ? width : height));
    return { kind: 'coco-polygons', polygons: [points] };
  }
  const [x, y] = [share('x', width), share('y', height)];
  const turn = value['rotation'] === undefined ? 0 : numberAt(place, 'rotation', value['rotation']);
  if (value['radiusX'] !== undefined)
    return { kind: 'ellipse', x, y, radiusX: share('radiusX', width), radiusY: share('radiusY', height), angle: turn };
  if (value['height'] !== undefined)
    return {
      kind: 'coco-polygons',
      polygons: [turnedBox(x, y, x + share('width', width), y + share('height', height), turn, x, y)],
    };
  return { kind: 'thin-line', points: [x, y] };
}

const labelsOf = (value: Fields): readonly unknown[] =>
  labelKeys.flatMap((key) => (Array.isArray(value[key]) ? (value[key] as unknown[]) : []));

/** Whether a result is a region of an image, and not a word about it. */
const isRegion = (value: Fields): boolean => ['rle', 'points', 'x'].some((key) => key in value);

/** A region's own label, or that of another result of the same id (a brush and its label may be two results). */
function regionShapes(place: Place, result: Fields, value: Fields, sizes: Fields, all: readonly Fields[]): Shape[] {
  const size = {
    width: wholeAt(place, 'original_width', sizes['original_width'], 1),
    height: wholeAt(place, 'original_height', sizes['original_height'], 1),
  };
  if (sizes['image_rotation'] !== undefined && sizes['image_rotation'] !== 0)
    throw invalidAt(place, `the image was turned by ${shown(sizes['image_rotation'])} in the tool; legal is 0`);
  const same = all.filter((other) => other['id'] !== undefined && other['id'] === result['id']);
  const labels = [value, ...same.map((other) => (isFields(other['value']) ? other['value'] : other))].flatMap(labelsOf);
  const geometry = geometryOf(place, value, size);
  // a region may be called good and scratch: the good one alone would hide it
  const names = new Set((labels.length > 0 ? labels : [undefined]).map((label) => textAt(place, 'label', label)));
  return [...names].map((label) => ({ label, geometry }));
}

function saidOf(path: string, task: string, results: readonly Fields[]): Said {
  const shapes: Shape[] = [];
  const words: string[] = [];
  let size: Size | undefined;
  for (const [i, result] of results.entries()) {
    const place = { file: path, what: `region ${i + 1} of ${task}` };
    const value = isFields(result['value']) ? result['value'] : result;
    if (isRegion(value)) {
      shapes.push(...regionShapes(place, result, value, result, results));
      size = { width: Number(result['original_width']), height: Number(result['original_height']) };
    } else if (Array.isArray(value['choices'])) words.push(...(value['choices'] as unknown[]).map(String));
    else if ('text' in value && labelsOf(value).length === 0) words.push(...[value['text']].flat().map(String));
    else if (result['type'] !== 'relation' && labelsOf(value).length === 0)
      throw invalidAt(place, `a ${shown(result['type'])}, which is not read`);
  }
  return { shapes, words, ...(size && { size }) };
}

/** The path that a text of a task's data names: the local one after '?d=', else that of the address. */
function pathOf(text: string): string {
  const local = /[?&]d=([^&]*)/.exec(text)?.[1];
  const plain = local ?? text.replace(/[?#].*$/, '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

const namesImage = (text: string): boolean => isImageEnding(posix.extname(pathOf(text)));

/** The names of images in a task's data. */
const imageNames = (data: Fields): string[] =>
  Object.values(data).flatMap((v) => (typeof v === 'string' && namesImage(v) ? [pathOf(v)] : []));

/** An upload has eight random digits before its name. */
const withoutRandomDigits = (name: string): string => name.replace(/(^|\/)[0-9a-f]{8}-([^/]+)$/i, '$1$2');

function takeTask(path: string, data: Fields, index: number, reading: Reading, said: () => Said): void {
  const { finder } = reading.folder;
  const names = imageNames(data).map((name) => (finder.find(name, '.').length > 0 ? name : withoutRandomDigits(name)));
  const what = `${path}: task ${index + 1}`;
  const [name] = names;
  if (name === undefined) reading.notes.push(`${what} names no image file, so it was left out.`);
  else if (new Set(names.map((one) => finder.find(one, '.').join('\n') || one)).size === 1)
    reading.take(path, name, said);
  else {
    // nothing here tells which of them its regions are of
    const found = names.flatMap((one) => finder.find(one, '.'));
    reading.leaveOut(
      found,
      `${what} shows several images (${names.join(', ')}); export it with one image for each task`,
    );
    if (found.length === 0) reading.leaveHomeless(`task ${index + 1} of ${path}`);
  }
}

function readTask(task: Fields, path: string, index: number, reading: Reading): void {
  const data = task['data'] as Fields;
  takeTask(path, data, index, reading, () => {
    const place = { file: path, what: `task ${shown(task['id'] ?? index + 1)}` };
    const all = listAt(place, 'annotations', task['annotations'] ?? task['completions'] ?? []).filter(isFields);
    const done = all.filter((annotation) => annotation['was_cancelled'] !== true);
    const chosen = done.filter((annotation) => annotation['ground_truth'] === true);
    const used = chosen.length > 0 ? chosen : done;
    const says = used.map((annotation) =>
      saidOf(path, place.what, listAt(place, 'result', annotation['result']).filter(isFields)),
    );
    if (says.length === 0) return { shapes: [], unseen: all.length > 0 ? 'skipped' : 'yet' };
    const drafts = Array.isArray(task['drafts']) ? task['drafts'].filter(isFields) : [];
    if (says[0]!.shapes.length === 0 && drafts.some(({ result }) => Array.isArray(result) && result.length > 0))
      throw invalidAt(place, 'an annotation without regions and a draft that has some; submit the draft, or delete it');
    if (new Set(says.map((said) => JSON.stringify(said))).size > 1)
      throw invalidAt(place, `${says.length} annotations that differ; keep one, or mark one as ground truth`);
    return says[0]!;
  });
}

/** Fields of JSON-MIN that say nothing of the image. */
const ofTheTool = new Set(['id', 'annotation_id', 'annotator', 'created_at', 'updated_at', 'lead_time', 'agreement']);

/** The words of a field: of one choice a text, of several an object. What the task's own data say cannot be told from them. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return namesImage(value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((one) => (isFields(one) ? [] : wordsIn(one)));
  return isFields(value) && Array.isArray(value['choices']) ? wordsIn(value['choices']) : [];
}

/** An entry of JSON-MIN: regions lie in lists under the names of the labelling tags, words in texts. */
function readShort(entry: Fields, path: string, index: number, reading: Reading): void {
  takeTask(path, entry, index, reading, () => {
    const lists = Object.values(entry).filter((v): v is unknown[] => Array.isArray(v));
    const said = saidOf(path, `entry ${index + 1}`, lists.flat().filter(isFields));
    const words = Object.entries(entry).flatMap(([key, v]) => (ofTheTool.has(key) ? [] : wordsIn(v)));
    return { ...said, words: [...(said.words ?? []), ...words.filter((word) => word.trim() !== '')] };
  });
}

const isTask = (value: unknown): value is Fields =>
  isFields(value) && isFields(value['data']) && ('annotations' in value || 'completions' in value);
const isShort = (value: unknown): value is Fields =>
  isFields(value) && 'annotation_id' in value && imageNames(value).length > 0;

export const labelStudioReader: FileReader<unknown> = {
  claims: (document) =>
    Array.isArray(document) && document.length > 0 && (document.every(isTask) || document.every(isShort)),
  read: (document, path, reading) => {
    for (const [i, entry] of (document as Fields[]).entries()) {
      if (isTask(entry)) readTask(entry, path, i, reading);
      else readShort(entry, path, i, reading);
    }
  },
};
