/** LabelMe: a JSON file beside each photograph. */
import { posix } from 'node:path';
import { decodeImage } from '../../image/decode.ts';
import { stem } from '../../layouts/layout.ts';
import { countsOf, runsOfCounts } from '../codecs/runs.ts';
import { type Fields, invalidAt, isFields, listAt, type Place, pairsAt, shown, textAt, wholeAt } from '../document.ts';
import type { Geometry, Shape } from '../drawing.ts';
import type { Reading } from '../reading.ts';
import type { FileReader } from './format.ts';

/** LabelMe's own defaults for what has no area. */
const lineWidth = 10;
const pointRadius = 5;

type MakeGeometry = (place: Place, shape: Fields) => Geometry | Promise<Geometry>;

const polygon: MakeGeometry = (place, { points }) => ({ kind: 'pillow-polygon', points: pairsAt(place, points, 3) });

/** A mask lies as a PNG in the box between two points, both included. */
async function maskGeometry(place: Place, { points, mask }: Fields): Promise<Geometry> {
  const [left, top, right, bottom] = pairsAt(place, points, 2, 2).map(Math.trunc) as [number, number, number, number];
  const bytes = Buffer.from(textAt(place, 'mask', mask), 'base64');
  const { width, height, data } = await decodeImage(bytes, `${place.file}: ${place.what}`, { channels: 1 });
  if (left < 0 || top < 0 || width !== right - left + 1 || height !== bottom - top + 1)
    throw invalidAt(
      place,
      `its mask has ${width} x ${height} pixels, its box reaches from ${left}, ${top} to ${right}, ${bottom}`,
    );
  const runs = runsOfCounts(countsOf(width * height, (i) => (data[i]! > 0 ? 1 : 0)));
  return { kind: 'runs', order: 'rows', runs, box: { left, top, width, height } };
}

const geometries: Readonly<Record<string, MakeGeometry>> = {
  polygon,
  rectangle: (place, { points }) => ({ kind: 'pillow-rectangle', points: pairsAt(place, points, 2, 2) }),
  oriented_rectangle: (place, { points }) => ({ kind: 'pillow-polygon', points: pairsAt(place, points, 4, 4) }),
  circle: (place, { points }) => {
    const [x, y, rimX, rimY] = pairsAt(place, points, 2, 2) as readonly [number, number, number, number];
    const radius = Math.sqrt((x - rimX) ** 2 + (y - rimY) ** 2);
    if (radius > 100_000) throw invalidAt(place, `a radius of ${Math.round(radius)}; legal is up to 100000`);
    return { kind: 'pillow-circle', x, y, radius };
  },
  line: (place, { points }) => ({ kind: 'pillow-line', points: pairsAt(place, points, 2, 2), width: lineWidth }),
  linestrip: (place, { points }) => ({ kind: 'pillow-line', points: pairsAt(place, points, 2), width: lineWidth }),
  point: (place, { points }) => {
    const [x, y] = pairsAt(place, points, 1, 1) as readonly [number, number];
    return { kind: 'pillow-circle', x, y, radius: pointRadius };
  },
  points: (place, { points }) => ({ kind: 'thin-line', points: pairsAt(place, points, 1) }),
  mask: maskGeometry,
};

async function shapeOf(file: string, index: number, shape: unknown): Promise<Shape> {
  const unnamed = { file, what: `shape ${index + 1}` };
  if (!isFields(shape)) throw invalidAt(unnamed, `${shown(shape)}; legal is an object`);
  const label = textAt(unnamed, 'label', shape['label']);
  const type = shape['shape_type'] ?? 'polygon';
  const make = typeof type === 'string' && Object.hasOwn(geometries, type) ? geometries[type] : undefined;
  const place = { file, what: `shape ${index + 1} (${shown(type)} '${label}')` };
  if (make === undefined) throw invalidAt(place, `legal are ${Object.keys(geometries).join(', ')}`);
  const geometry = await make(place, shape);
  // LabelMe gives this name the number 0, and later shapes overwrite earlier ones
  return label === '_background_' ? { label, geometry, erases: true } : { label, geometry };
}

/** The image that a file is about: what it names, else the one beside it of the same name. */
function imageOf(path: string, reference: string, { folder }: Reading): string {
  if (folder.finder.find(reference, posix.dirname(path)).length > 0) return reference;
  const beside = folder.finder.ofStem(stem(path));
  return beside.length === 1 ? posix.basename(beside[0]!) : reference;
}

async function read(document: unknown, path: string, reading: Reading): Promise<void> {
  const { imagePath, shapes, flags, imageWidth, imageHeight } = document as Fields & { imagePath: string };
  const place = { file: path, what: 'the file' };
  // masks within are decoded first, as what is taken in is not waited for
  const read: Shape[] = [];
  let failure: unknown;
  try {
    for (const [i, shape] of listAt(place, 'shapes', shapes).entries()) read.push(await shapeOf(path, i, shape));
  } catch (error) {
    failure = error;
  }
  reading.take(path, imageOf(path, imagePath, reading), () => {
    if (failure !== undefined) throw failure;
    const stated = imageWidth !== undefined && imageWidth !== null;
    const width = stated ? wholeAt(place, 'imageWidth', imageWidth, 1) : 0;
    const height = stated ? wholeAt(place, 'imageHeight', imageHeight, 1) : 0;
    const words = isFields(flags) ? Object.keys(flags).filter((flag) => flags[flag] === true) : [];
    return { shapes: read, words, upright: true, ...(stated && { size: { width, height } }) };
  });
}

export const labelmeReader: FileReader<unknown> = {
  claims: (document) => isFields(document) && typeof document['imagePath'] === 'string' && 'shapes' in document,
  read,
};
