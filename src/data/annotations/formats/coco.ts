/** COCO: one JSON file of images, annotations and categories. */
import { posix } from 'node:path';
import { stem } from '../../layouts/layout.ts';
import { decodeCocoString } from '../codecs/coco-string.ts';
import { countsFault, runsOfCounts } from '../codecs/runs.ts';
import {
  type Fields,
  invalid,
  invalidAt,
  isFields,
  listAt,
  numberAt,
  type Place,
  pointsAt,
  shown,
  textAt,
  wholeAt,
} from '../document.ts';
import type { Geometry, Shape, Size } from '../drawing.ts';
import type { Reading } from '../reading.ts';
import type { FileReader } from './format.ts';

/** Run lengths column by column: a list, or compressed in a string. */
function runLengths(place: Place, { size, counts }: Fields, image: Size): Geometry {
  const [height, width] = listAt(place, 'size', size).map((v) => wholeAt(place, 'a side', v, 1));
  if (height !== image.height || width !== image.width)
    throw invalidAt(place, `its mask has ${width} x ${height} pixels, the image ${image.width} x ${image.height}`);
  const list = typeof counts === 'string' ? decodeCocoString(counts) : listAt(place, 'counts', counts);
  if (list === undefined) throw invalidAt(place, 'counts are no compressed run lengths');
  const fault = countsFault(list, width * height);
  if (fault !== undefined) throw invalidAt(place, fault);
  return {
    kind: 'runs',
    order: 'columns',
    runs: runsOfCounts(list as number[]),
    box: { left: 0, top: 0, width, height },
  };
}

function boxPolygon(place: Place, bbox: unknown): Geometry {
  const [x, y, w, h, ...more] = listAt(place, 'bbox', bbox).map((v) => numberAt(place, 'bbox', v));
  if (h === undefined || more.length > 0) throw invalidAt(place, 'bbox has not four numbers');
  return { kind: 'coco-polygons', polygons: [[x!, y!, x!, y! + h, x! + w!, y! + h, x! + w!, y!]] };
}

function drawnBy(place: Place, annotation: Fields, image: Size): Omit<Shape, 'label'> {
  const { segmentation, bbox } = annotation;
  if (isFields(segmentation)) return { geometry: runLengths(place, segmentation, image) };
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    const polygons = segmentation.map((polygon) => pointsAt(place, listAt(place, 'a polygon', polygon), 3));
    return { geometry: { kind: 'coco-polygons', polygons } };
  }
  if (bbox === undefined) throw invalidAt(place, 'neither segmentation nor bbox');
  return { geometry: boxPolygon(place, bbox), rough: true };
}

/** Names of categories by id. */
function categoriesOf(path: string, categories: unknown): Map<unknown, string> {
  if (!Array.isArray(categories)) throw invalid(path, `categories are ${shown(categories)}; legal is a list`);
  const names = new Map<unknown, string>();
  for (const category of categories) {
    if (!isFields(category)) continue;
    const name = textAt({ file: path, what: 'a category' }, 'name', category['name']);
    const other = names.get(category['id']);
    if (other !== undefined && other !== name)
      throw invalid(path, `category ${shown(category['id'])} is both '${other}' and '${name}'; export it again`);
    names.set(category['id'], name);
  }
  return names;
}

/** The name of an image with the folder that COCO's own files are called by: instances_train2017.json is of train2017/. */
function inFolderOf(path: string, name: string, { folder: { finder } }: Reading): string {
  const set = /_([^_/]+)\.json$/i.exec(path)?.[1];
  if (set === undefined) return name;
  const places = [posix.join(posix.dirname(path), '..'), posix.join(posix.dirname(path), '../images'), '.', 'images'];
  const paths = places.map((place) => posix.join(place, set, name));
  return paths.find((one) => finder.ofStem(stem(one)).includes(one)) ?? name;
}

function read(document: unknown, path: string, reading: Reading): void {
  const { images, annotations, categories } = document as Fields & { images: unknown[] };
  if (annotations === undefined) {
    reading.notes.push(`${path} lists images without annotations, so it labels none.`);
    return;
  }
  const names = categoriesOf(path, categories);
  const byImage = new Map<unknown, { readonly index: number; readonly annotation: Fields }[]>();
  for (const [index, annotation] of listAt({ file: path, what: 'annotations' }, 'annotations', annotations).entries()) {
    if (!isFields(annotation))
      throw invalid(path, `annotation ${index + 1} is ${shown(annotation)}; legal is an object`);
    const list = byImage.get(annotation['image_id']);
    if (list) list.push({ index, annotation });
    else byImage.set(annotation['image_id'], [{ index, annotation }]);
  }
  const nameOf = new Map<unknown, string>();
  for (const [i, image] of images.entries()) {
    const at = { file: path, what: `image ${i + 1}` };
    if (!isFields(image)) throw invalidAt(at, `${shown(image)}; legal is an object`);
    const reference = textAt(at, 'file_name', image['file_name']);
    // its annotations would be taken for those of the first, and the second for good
    const other = nameOf.get(image['id']);
    if (other !== undefined)
      throw invalid(path, `${other} and ${reference} have one id (${shown(image['id'])}); number the images anew`);
    nameOf.set(image['id'], reference);
    reading.take(path, inFolderOf(path, reference, reading), () => {
      const size = {
        width: wholeAt(at, 'width', image['width'], 1),
        height: wholeAt(at, 'height', image['height'], 1),
      };
      const shapes = (byImage.get(image['id']) ?? []).map(({ index, annotation }): Shape => {
        const place = { file: path, what: `annotation ${shown(annotation['id'] ?? index + 1)} of ${reference}` };
        const label = names.get(annotation['category_id']);
        if (label === undefined) throw invalidAt(place, `category ${shown(annotation['category_id'])} is not listed`);
        return { label, ...drawnBy(place, annotation, size) };
      });
      return { shapes, size };
    });
    byImage.delete(image['id']);
  }
  const stray = [...byImage.values()].flat().length;
  if (stray > 0) throw invalid(path, `${stray} annotations are of images that it does not list; export it again`);
}

export const cocoReader: FileReader<unknown> = {
  claims: (document) =>
    isFields(document) &&
    Array.isArray(document['images']) &&
    ('annotations' in document || 'categories' in document) &&
    document['images'].every((image) => isFields(image) && 'file_name' in image),
  read,
};
