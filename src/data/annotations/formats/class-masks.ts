/**
 * Masks by class number, as Pascal VOC's SegmentationClass, LabelMe's and CVAT's exports have them: a PNG with a palette (or
 * of VOC's or listed colours) for each image.
 */
import { join, posix } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { decodeImage } from '../../image/decode.ts';
import { readImageBytes } from '../../image/files.ts';
import { formatOf } from '../../image/formats.ts';
import { requireEntries } from '../../image/readers/png-unseen.ts';
import { isLossy } from '../../masks/lossy.ts';
import { type PalettePng, palettePng } from '../../masks/palette.ts';
import { countsOf, runsOfCounts } from '../codecs/runs.ts';
import { invalid, readText } from '../document.ts';
import type { Shape } from '../drawing.ts';
import type { AnnotatedFolder } from '../folder.ts';
import type { Reading, Said } from '../reading.ts';

const maskFolder = /(^|\/)SegmentationClass(PNG|Raw)?\//i;
/** Masks of objects, and pictures of masks: neither photographs nor labels by class. */
const otherFolder = /(^|\/)(SegmentationObject(PNG|Visualization)?|SegmentationClass(Visualization|NPY))\//i;

export const isClassMask = (path: string): boolean => maskFolder.test(path);
export const isPictureOfMask = (path: string): boolean => otherFolder.test(path);

/** The number that VOC gives to what nobody can tell: the seam around objects. */
const voidNumber = 255;

/** VOC's colour of a class number: its bits, dealt to red, green and blue from the highest down. */
export function vocColour(number: number): readonly [number, number, number] {
  const colour: [number, number, number] = [0, 0, 0];
  for (let bit = 0; bit < 8; bit++) {
    const value = (number >> bit) & 1;
    colour[bit % 3]! |= value << (7 - Math.floor(bit / 3));
  }
  return colour;
}

const colourKey = (red: number, green: number, blue: number): number => (red << 16) | (green << 8) | blue;

interface ClassNames {
  readonly byNumber: readonly string[];
  readonly byColour: ReadonlyMap<number, string>;
}

/** Names from labelmap.txt (CVAT: name:r,g,b:...), class_names.txt or classes.txt (a name a line); none where there is no list. */
async function classNames({ root, files }: AnnotatedFolder): Promise<ClassNames> {
  const file = ['labelmap.txt', 'class_names.txt', 'classes.txt'].flatMap((name) =>
    files.filter((path) => posix.basename(path).toLowerCase() === name),
  )[0];
  const byNumber: string[] = [];
  const byColour = new Map<number, string>();
  if (file === undefined) return { byNumber, byColour };
  for (const [i, line] of (await readText(join(root, file))).split(/\r?\n/).entries()) {
    // CVAT says in the first line what the columns are
    if (line.trim() === '' || (i === 0 && line.startsWith('#'))) continue;
    const [name = '', colour = ''] = line.split(':');
    const [red, green, blue] = colour.split(',').map(Number);
    // LabelMe lists what it ignores before the background, without a number
    if (name.trim() === '__ignore__') continue;
    if (blue !== undefined) byColour.set(colourKey(red!, green!, blue), name.trim());
    byNumber.push(name.trim());
  }
  return { byNumber, byColour };
}

const isBackground = (name: string): boolean => ['background', '_background_'].includes(name.toLowerCase());

interface Numbered {
  readonly width: number;
  readonly height: number;
  /** Whether any pixel is what nobody can tell. */
  readonly hasVoid: boolean;
  /** Number or colour of each pixel. */
  readonly keys: Uint8Array | Uint32Array;
  /** The name of a number or colour; undefined for background. */
  readonly nameOf: (key: number) => string | undefined;
}

async function decodePalette(palette: PalettePng, subject: string, names: ClassNames): Promise<Numbered> {
  const { width, height, data } = await decodeImage(palette.numbered, subject, { channels: 1 });
  requireEntries(data, palette.strengths.length, subject);
  const nameOf = (number: number): string | undefined =>
    number === 0 || number === voidNumber ? undefined : (names.byNumber[number] ?? `class ${number}`);
  return { width, height, hasVoid: data.includes(voidNumber), keys: data, nameOf };
}

async function decodeColours(bytes: Uint8Array, subject: string, names: ClassNames): Promise<Numbered> {
  const { width, height, data } = await decodeImage(bytes, subject);
  const keys = new Uint32Array(width * height);
  for (let i = 0; i < keys.length; i++) keys[i] = colourKey(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!);
  const voc = new Map<number, string>();
  for (let number = 1; number < voidNumber; number++)
    voc.set(colourKey(...vocColour(number)), names.byNumber[number] ?? `class ${number}`);
  const ignored = colourKey(...vocColour(voidNumber));
  const nameOf = (key: number): string | undefined => {
    const listed = names.byColour.get(key);
    if (key === 0 || (key === ignored && (listed === undefined || listed.toLowerCase() === 'void'))) return undefined;
    return listed ?? voc.get(key) ?? `colour ${key.toString(16).padStart(6, '0')}`;
  };
  return { width, height, hasVoid: keys.includes(ignored), keys, nameOf };
}

async function decode(path: string, subject: string, names: ClassNames): Promise<Numbered> {
  const bytes = await readImageBytes(path);
  const format = formatOf(bytes);
  if (format === 'jpeg' || (format === 'webp' && isLossy(bytes, format)))
    throw invalid(subject, 'a format that changes class numbers when it is saved; export it as PNG');
  const palette = palettePng(bytes);
  return palette ? decodePalette(palette, subject, names) : decodeColours(bytes, subject, names);
}

function shapesOf({ width, height, keys, nameOf }: Numbered): Shape[] {
  const byName = new Map<string, Set<number>>();
  for (const key of new Set(keys)) {
    const name = nameOf(key);
    if (name !== undefined && !isBackground(name)) byName.set(name, (byName.get(name) ?? new Set()).add(key));
  }
  return [...byName].map(([label, of]) => {
    const runs = runsOfCounts(countsOf(keys.length, (i) => (of.has(keys[i]!) ? 1 : 0)));
    return { label, geometry: { kind: 'runs', order: 'rows', runs, box: { left: 0, top: 0, width, height } } };
  });
}

/** The photograph of a mask: of the same name in JPEGImages/ or images/, or anywhere else. */
function photographOf(mask: string, { finder }: AnnotatedFolder): readonly string[] {
  const bare = mask.replace(/\.[^./]*$/, '');
  for (const name of ['JPEGImages', 'images', 'Images', '.']) {
    const found = finder.ofStem(posix.normalize(bare.replace(maskFolder, `$1${name}/`)));
    if (found.length > 0) return found;
  }
  return [];
}

export async function readClassMasks(reading: Reading): Promise<boolean> {
  const { folder } = reading;
  if (folder.classMasks.length === 0) return false;
  const names = await classNames(folder);
  let lost = 0;
  for (const mask of folder.classMasks) {
    const images = photographOf(mask, folder);
    if (images.length !== 1) {
      if (images.length === 0) reading.leaveHomeless(mask);
      else lost++;
      reading.leaveOut(images, `${mask}: it may be of any of ${images.join(', ')}; give the images different names`);
      continue;
    }
    let said: Said | FelfriError;
    try {
      const decoded = await decode(join(folder.root, mask), mask, names);
      const shapes = shapesOf(decoded);
      if (shapes.length === 0 && decoded.hasVoid)
        throw invalid(mask, 'void is all that it marks, so nobody can tell what the image shows');
      said = { shapes, size: { width: decoded.width, height: decoded.height } };
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
      said = error.code.startsWith('IMAGE')
        ? invalid(mask, `the mask cannot be read (${error.message})`, error)
        : error;
    }
    reading.takeFor(mask, images[0]!, () => {
      if (said instanceof FelfriError) throw said;
      return said;
    });
  }
  if (lost > 0) reading.notes.push(`${lost} masks by class number belong to no image alone.`);
  return true;
}
