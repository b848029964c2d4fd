/** Label Studio: a JSON list of tasks, or the shorter JSON-MIN. */
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
function regionShape(place: Place, result: Fields, value: Fields, sizes: Fields, all: readonly Fields[]): Shape {
  const size = {
    width: wholeAt(place, 'original_width', sizes['original_width'], 1),
    height: wholeAt(place, 'original_height', sizes['original_height'], 1),
  };
  if (sizes['image_rotation'] !== undefined && sizes['image_rotation'] !== 0)
    throw invalidAt(place, `the image was turned by ${shown(sizes['image_rotation'])} in the tool; legal is 0`);
  const same = all.filter((other) => other['id'] !== undefined && other['id'] === result['id']);
  const labels = [value, ...same.map((other) => (isFields(other['value']) ? other['value'] : other))].flatMap(labelsOf);
  return { label: textAt(place, 'label', labels[0]), geometry: geometryOf(place, value, size) };
}

function saidOf(path: string, task: string, results: readonly Fields[]): Said {
  const shapes: Shape[] = [];
  const words: string[] = [];
  let size: Size | undefined;
  for (const [i, result] of results.entries()) {
    const place = { file: path, what: `region ${i + 1} of ${task}` };
    const value = isFields(result['value']) ? result['value'] : result;
    if (isRegion(value)) {
      shapes.push(regionShape(place, result, value, result, results));
      size = { width: Number(result['original_width']), height: Number(result['original_height']) };
    } else if (Array.isArray(value['choices'])) words.push(...(value['choices'] as unknown[]).map(String));
    else if (result['type'] !== 'relation' && labelsOf(value).length === 0 && !('text' in value))
      throw invalidAt(place, `a ${shown(result['type'])}, which is not read`);
  }
  return { shapes, words, ...(size && { size }) };
}

/** The name of the image in a task's data: the local path after '?d=', or an upload without its eight random digits. */
function imageName(data: Fields): string | undefined {
  const texts = Object.values(data).filter((v): v is string => typeof v === 'string');
  const path = texts.find((v) => /\.(jpe?g|jfif|png|bmp|tiff?|webp|gif|p[gpn]m|jp2)([?#].*)?$/i.test(v));
  if (path === undefined) return undefined;
  const local = /[?&]d=([^&]*)/.exec(path)?.[1];
  const plain = local ?? path.replace(/[?#].*$/, '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

const withoutRandomDigits = (name: string): string => name.replace(/(^|\/)[0-9a-f]{8}-([^/]+)$/i, '$1$2');

function takeTask(path: string, data: Fields, index: number, reading: Reading, said: () => Said): void {
  const name = imageName(data);
  const place = { file: path, what: `task ${index + 1}` };
  if (name === undefined) {
    reading.notes.push(`${path}: ${place.what} names no image file, so it was left out.`);
    return;
  }
  const { finder } = reading.folder;
  reading.take(path, finder.find(name, '.').length > 0 ? name : withoutRandomDigits(name), said);
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
    if (new Set(says.map((said) => JSON.stringify(said))).size > 1)
      throw invalidAt(place, `${says.length} annotations that differ; keep one, or mark one as ground truth`);
    return says[0]!;
  });
}

/** An entry of JSON-MIN: regions lie in lists under the names of the labelling tags, words in texts. */
function readShort(entry: Fields, path: string, index: number, reading: Reading): void {
  takeTask(path, entry, index, reading, () => {
    const lists = Object.values(entry).filter((v): v is unknown[] => Array.isArray(v));
    const said = saidOf(path, `entry ${index + 1}`, lists.flat().filter(isFields));
    const choice = Object.entries(entry).flatMap(([key, v]) =>
      /choice|verdict|label|class/i.test(key) && typeof v === 'string' ? [v] : [],
    );
    return { ...said, words: [...(said.words ?? []), ...choice] };
  });
}

const isTask = (value: unknown): value is Fields =>
  isFields(value) && isFields(value['data']) && ('annotations' in value || 'completions' in value);
const isShort = (value: unknown): value is Fields =>
  isFields(value) && 'annotation_id' in value && imageName(value) !== undefined;

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
