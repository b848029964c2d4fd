/**
 * The annotations that lie in a folder, found without configuration: every JSON, XML and CSV file is asked which format it is.
 */
import { extname, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Problem } from '../listing.ts';
import { readText } from './document.ts';
import { type AnnotatedFolder, ImageFinder } from './folder.ts';
import { isClassMask, isPictureOfMask } from './formats/class-masks.ts';
import type { AnnotationFormat, FileReader } from './formats/format.ts';
import { type AnnotationFormatName, annotationFormats } from './formats/table.ts';
import { type AnnotatedImage, Reading } from './reading.ts';
import { parseXml } from './xml.ts';

const formats: readonly (readonly [AnnotationFormatName, AnnotationFormat])[] = Object.entries(annotationFormats).map(
  ([name, format]) => [name as AnnotationFormatName, format],
);

/** A file's content as the readers of its kind take it. */
type Kind = 'json' | 'xml' | 'csv';
const kinds: Readonly<Record<string, Kind>> = { '.json': 'json', '.xml': 'xml', '.csv': 'csv' };

/** Endings of files that are annotations, or say what their classes are called. */
export const annotationEndings = [...Object.keys(kinds), '.txt', '.yaml', '.yml', '.names'];

export interface FoundAnnotations {
  /** The formats that were found, in the order of the table. */
  readonly formats: readonly AnnotationFormatName[];
  /** One for each image that any file speaks of in a usable way. */
  readonly images: readonly AnnotatedImage[];
  /** Images and files that cannot be used. */
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Marks on images that are not here. */
  readonly homeless: readonly string[];
}

async function parse(kind: Kind, path: string, file: string): Promise<unknown> {
  const text = await readText(path);
  if (kind === 'csv') return text;
  if (kind === 'xml') return parseXml(text, file);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = `${file}: not JSON (${(cause as Error).message}); export it again, or take it out of the folder`;
    throw new FelfriError('ANNOTATION_INVALID', message, { subject: file, cause });
  }
}

/** Files that are no annotations although they end like them. */
const isOther = (file: string): boolean => /(^|\/)(manifest\.csv|bundle\.json|run\.json)$/i.test(file);

/** Reads one file by the format that claims it; gives that format's name. */
async function readFileOf(
  kind: Kind,
  file: string,
  readings: ReadonlyMap<AnnotationFormatName, Reading>,
  root: string,
): Promise<AnnotationFormatName | undefined> {
  const document = await parse(kind, join(root, file), file);
  for (const [name, format] of formats) {
    const reader = format[kind] as FileReader<unknown> | undefined;
    if (!reader?.claims(document, file)) continue;
    await reader.read(document, file, readings.get(name)!);
    return name;
  }
  return undefined;
}

/** Whether one of two is a mask by class number and the other boxes of the same format's data set, which it makes exact. */
const isMaskOfBoxes = (mask: AnnotatedImage, boxes: AnnotatedImage): boolean =>
  isClassMask(mask.file) &&
  /\.xml$/i.test(boxes.file) &&
  mask.drawing.shapes.length > 0 === boxes.drawing.shapes.length > 0;

const sameDrawing = (a: AnnotatedImage, b: AnnotatedImage): boolean =>
  JSON.stringify([a.drawing.shapes, a.words]) === JSON.stringify([b.drawing.shapes, b.words]);

/** The one of two that counts, or undefined when they contradict each other. */
function reconcile(a: AnnotatedImage, b: AnnotatedImage): AnnotatedImage | undefined {
  if (b.unseen || isMaskOfBoxes(a, b)) return a;
  if (a.unseen || isMaskOfBoxes(b, a)) return b;
  return sameDrawing(a, b) ? a : undefined;
}

/** Images of which two files say different things are left out. */
function withoutContradictions(readings: readonly Reading[]): { images: AnnotatedImage[]; problems: Problem[] } {
  const problems = readings.flatMap(({ problems }) => problems);
  const bad = new Set(problems.map(({ name }) => name));
  const byName = new Map<string, AnnotatedImage>();
  for (const image of readings.flatMap(({ images }) => images)) {
    const other = byName.get(image.name);
    const counts = other === undefined ? image : reconcile(other, image);
    byName.set(image.name, counts ?? image);
    if (counts !== undefined || bad.has(image.name)) continue;
    const where = other!.file === image.file ? `${image.file} says` : `${other!.file} and ${image.file} say`;
    const message = `${image.name}: ${where} two different things of it; keep one of the two`;
    problems.push({ name: image.name, code: 'ANNOTATION_INVALID', message });
    bad.add(image.name);
  }
  return { images: [...byName.values()].filter(({ name }) => !bad.has(name)), problems };
}

function unclaimedNotes(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const some = files.slice(0, 3).join(', ');
  return [`Files that are annotations of no known form: ${files.length} (${some}${files.length > 3 ? ', ...' : ''}).`];
}

/** The photographs among the images of a folder; masks by class number and pictures of masks are none. */
export function annotatedFolder(root: string, images: readonly string[], files: readonly string[]): AnnotatedFolder {
  const photographs = images.filter((path) => !isClassMask(path) && !isPictureOfMask(path));
  return {
    root,
    images: photographs,
    classMasks: images.filter((path) => isClassMask(path) && !isPictureOfMask(path)),
    files,
    finder: new ImageFinder(photographs),
  };
}

/**
 * Reads all annotations in a folder; undefined when there are none. What is wrong with a file or an image is a problem, and the
 * others go on.
 */
export async function readAnnotations(folder: AnnotatedFolder): Promise<FoundAnnotations | undefined> {
  const readings = new Map(formats.map(([name]) => [name, new Reading(folder)]));
  const used = new Set<AnnotationFormatName>();
  const broken: Problem[] = [];
  const unclaimed: string[] = [];
  const homeless: string[] = [];
  for (const file of folder.files) {
    const kind = kinds[extname(file).toLowerCase()];
    if (kind === undefined || isOther(file)) continue;
    try {
      const name = await readFileOf(kind, file, readings, folder.root);
      if (name) used.add(name);
      else unclaimed.push(file);
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
      // a broken file beside a photograph would have been about it, and nothing that was read of it before counts
      const beside = folder.finder.ofStem(file.replace(/\.[^./]*$/, ''));
      const taken = [...readings.values()].flatMap((reading) => reading.namesFrom(file));
      const names = beside.length + taken.length > 0 ? [...new Set([...beside, ...taken])] : [file];
      if (names[0] === file) homeless.push(file);
      broken.push(...names.map((name) => ({ name, code: error.code, message: error.message })));
    }
  }
  for (const [name, format] of formats) {
    if (await format.folder?.(readings.get(name)!)) used.add(name);
  }
  if (used.size === 0 && broken.length === 0) return undefined;
  const found = withoutContradictions([...readings.values()]);
  const bad = new Set(broken.map(({ name }) => name));
  return {
    formats: formats.map(([name]) => name).filter((name) => used.has(name)),
    images: found.images.filter(({ name }) => !bad.has(name)),
    problems: [...broken, ...found.problems],
    notes: [...[...readings.values()].flatMap((reading) => reading.closingNotes()), ...unclaimedNotes(unclaimed)],
    homeless: [...homeless, ...[...readings.values()].flatMap((reading) => reading.homeless)],
  };
}
