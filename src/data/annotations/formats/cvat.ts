/** CVAT for images 1.1: one XML file of images with their shapes. */
import { countsFault, runsOfCounts } from '../codecs/runs.ts';
import { invalid, invalidAt, numberAt, type Place, pointsAt, shown, textAt, wholeAt } from '../document.ts';
import type { Geometry, Shape } from '../drawing.ts';
import type { Reading } from '../reading.ts';
import { childrenOf, type XmlElement } from '../xml.ts';
import type { FileReader } from './format.ts';
import { turnedBox } from './turned-box.ts';

type MakeGeometry = (place: Place, attributes: XmlElement['attributes']) => Geometry;

const pointsOf = (place: Place, text: string | undefined, least: number) =>
  pointsAt(
    place,
    textAt(place, 'points', text)
      .split(';')
      .flatMap((pair) => pair.split(',')),
    least,
  );

const geometries: Readonly<Record<string, MakeGeometry>> = {
  polygon: (place, { points }) => ({ kind: 'coco-polygons', polygons: [pointsOf(place, points, 3)] }),
  polyline: (place, { points }) => ({ kind: 'thin-line', points: pointsOf(place, points, 2) }),
  box: (place, { xtl, ytl, xbr, ybr, rotation }) => {
    const [x0, y0, x1, y1] = [xtl, ytl, xbr, ybr].map((v) => numberAt(place, 'a corner', v)) as [
      number,
      number,
      number,
      number,
    ];
    const turn = rotation === undefined ? 0 : numberAt(place, 'rotation', rotation);
    return { kind: 'coco-polygons', polygons: [turnedBox(x0, y0, x1, y1, turn, (x0 + x1) / 2, (y0 + y1) / 2)] };
  },
  ellipse: (place, { cx, cy, rx, ry, rotation }) => {
    const [x, y, radiusX, radiusY] = [cx, cy, rx, ry].map((v) => numberAt(place, 'cx, cy, rx or ry', v)) as [
      number,
      number,
      number,
      number,
    ];
    if (Math.max(radiusX, radiusY) > 100_000) throw invalidAt(place, 'an axis is longer than 100000 pixels');
    return {
      kind: 'opencv-ellipse',
      x,
      y,
      radiusX,
      radiusY,
      angle: rotation === undefined ? 0 : numberAt(place, 'rotation', rotation),
    };
  },
  mask: (place, attributes) => {
    const [left, top] = [wholeAt(place, 'left', attributes['left']), wholeAt(place, 'top', attributes['top'])];
    const [width, height] = [
      wholeAt(place, 'width', attributes['width'], 1),
      wholeAt(place, 'height', attributes['height'], 1),
    ];
    const counts = textAt(place, 'rle', attributes['rle'])
      .split(',')
      .map((v) => wholeAt(place, 'rle', v));
    const fault = countsFault(counts, width * height);
    if (fault !== undefined) throw invalidAt(place, fault);
    return { kind: 'runs', order: 'rows', runs: runsOfCounts(counts), box: { left, top, width, height } };
  },
};

function dots(place: Place, text: string | undefined): Geometry[] {
  const points = pointsOf(place, text, 1);
  return Array.from({ length: points.length / 2 }, (_, i) => ({
    kind: 'thin-line',
    points: points.slice(2 * i, 2 * i + 2),
  }));
}

function shapesOf(path: string, image: XmlElement): Shape[] {
  const shapes: Shape[] = [];
  for (const [i, { name, attributes }] of image.children.entries()) {
    if (name === 'tag') continue;
    const place = {
      file: path,
      what: `shape ${i + 1} (${name}) of ${shown(attributes['label'])} in ${image.attributes['name']}`,
    };
    const label = textAt(place, 'label', attributes['label']);
    if (name === 'points') {
      shapes.push(...dots(place, attributes['points']).map((geometry) => ({ label, geometry })));
      continue;
    }
    const make = Object.hasOwn(geometries, name) ? geometries[name] : undefined;
    if (make === undefined) throw invalidAt(place, `legal are ${Object.keys(geometries).join(', ')}, points and tag`);
    shapes.push({ label, geometry: make(place, attributes) });
  }
  return shapes;
}

function read(root: XmlElement, path: string, reading: Reading): void {
  const tracks = childrenOf(root, 'track').length;
  const images = childrenOf(root, 'image');
  // what a track marks is not read, so an image without shapes may not be good
  if (tracks > 0 && images.length > 0)
    throw invalid(path, `tracks of a video beside images; export the task as 'CVAT for images 1.1'`);
  for (const image of images) {
    const { name, width, height } = image.attributes;
    const place = { file: path, what: `image ${shown(name)}` };
    const reference = textAt(place, 'name', name);
    reading.take(path, reference, () => ({
      shapes: shapesOf(path, image),
      size: { width: wholeAt(place, 'width', width, 1), height: wholeAt(place, 'height', height, 1) },
      words: childrenOf(image, 'tag').flatMap((tag) => tag.attributes['label'] ?? []),
    }));
  }
  if (tracks > 0)
    reading.notes.push(`${path}: ${tracks} tracks of a video were left out; export the task as 'CVAT for images 1.1'.`);
}

export const cvatReader: FileReader<XmlElement> = {
  claims: ({ name, children }) =>
    name === 'annotations' && children.some((child) => ['image', 'track', 'meta'].includes(child.name)),
  read,
};
