/**
 * A data set in another format of annotations: images are copied into a new folder, masks become what the format has, and what
 * was written is read back and compared pixel by pixel.
 */
import { constants } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { makeFolder } from '../../core/files.ts';
import { realPathOf, requireWritableFolder } from '../../core/outputs.ts';
import { systemError } from '../../core/system-errors.ts';
import type { DataSet } from '../dataset.ts';
import { GoodClasses } from '../layouts/good-classes.ts';
import { byName, type Problem } from '../listing.ts';
import type { PartImage } from '../part-image.ts';
import { type AnnotationFormatName, annotationFormats } from './formats/table.ts';
import { saysNoDefect } from './label.ts';
import { layersOf, problemOf, readBack } from './read-back.ts';
import { manifestWriter } from './write/manifest.ts';
import { OutFolder, type Writer, type WriterOf, withExtension } from './write/writer.ts';

export type ConversionTarget = AnnotationFormatName | 'manifest';

export const conversionTargets: readonly ConversionTarget[] = [
  ...(Object.keys(annotationFormats) as AnnotationFormatName[]),
  'manifest',
];

const writerOf = (target: ConversionTarget): WriterOf =>
  target === 'manifest' ? manifestWriter : annotationFormats[target].writer;

export interface ConversionOptions {
  /** Polygons in place of run lengths, brushes and masks, where the format has both. */
  readonly polygons?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onPhase?: (name: string) => void;
  readonly signal?: AbortSignal;
}

/** What came of a conversion. Plain JSON. */
export interface Conversion {
  readonly output: string;
  readonly format: ConversionTarget;
  /** Images written, and how many of them are defective. */
  readonly images: number;
  readonly defective: number;
  /** Pixels of defects, before and as read back. */
  readonly pixels: number;
  readonly lost: number;
  readonly added: number;
  /** Images of which pixels, class or label differ when read back. */
  readonly changed: readonly string[];
  /** Images that were left out, and those that cannot be read back. */
  readonly problems: readonly Problem[];
}

/** Image names below the folder of images: without a folder of images that all of them share. */
function outNames(images: readonly PartImage[]): (image: PartImage) => string {
  const common = /^(images|JPEGImages)\//i.exec(images[0]?.name ?? '')?.[0];
  const all = common !== undefined && images.every(({ name }) => name.startsWith(common));
  return ({ name }) => (all ? name.slice(common.length) : name);
}

/** Throws OUTPUT_EXISTS unless the folder is empty or new, and apart from the data set. */
async function requireNewFolder(path: string, root: string): Promise<void> {
  await requireWritableFolder(path);
  const from = relative(await realPathOf(root), await realPathOf(path));
  const inside = from === '' || !(from === '..' || from.startsWith(`..${sep}`));
  const names = inside
    ? []
    : await readdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw systemError(error, path) ?? error;
      });
  if (!inside && names.length === 0) return;
  const why = inside ? 'lies within the data set' : 'is not empty';
  const message = `${path} ${why}, and a conversion writes over nothing; name a new folder elsewhere`;
  throw new FelfriError('OUTPUT_EXISTS', message, { subject: path });
}

/** Labels of all shapes and classes of all masks, sorted: they are numbered in this order. */
function classesOf(images: readonly PartImage[]): string[] {
  const names = images.flatMap(({ label, className, mask, drawing }) => {
    if (label === 'good' || mask === undefined) return [];
    return drawing ? drawing.shapes.filter(({ erases }) => !erases).map((shape) => shape.label) : [className];
  });
  return [...new Set(names)].sort(byName);
}

/** A class by which nobody would take the image for defective, once it is written; undefined for one that all understand. */
function misleading(image: PartImage, target: WriterOf): string | undefined {
  if (image.label === 'good') return undefined;
  if (target === manifestWriter)
    return new GoodClasses(undefined).saysNothing(image.className) ? image.className : undefined;
  return classesOf([image]).find(saysNoDefect);
}

/** Why an image cannot be written, if so. */
function refusal(image: PartImage, target: WriterOf, twins: ReadonlySet<string>): string | undefined {
  const { name, label, mask } = image;
  const odd = misleading(image, target);
  if (odd !== undefined)
    return `${name}: its class '${odd}' would be read as no defect, or not understood; call it by a name for the defect`;
  if (twins.has(withExtension(name, '')))
    return `${name}: another image has this name with another extension, and annotations go by the name alone; rename one`;
  if (label === 'defective' && mask === undefined && !target.bare)
    return `${name}: defective without a mask, which the format could only write as good; mark its defect, or convert to manifest`;
  return undefined;
}

function twinStems(images: readonly PartImage[]): Set<string> {
  const seen = new Set<string>();
  const twins = new Set<string>();
  for (const { name } of images) {
    const bare = withExtension(name, '');
    if (seen.has(bare)) twins.add(bare);
    seen.add(bare);
  }
  return twins;
}

interface Written {
  /** Images that were written, under their new names. */
  readonly images: readonly PartImage[];
  readonly problems: readonly Problem[];
}

async function write(
  dataSet: DataSet,
  out: OutFolder,
  writer: Writer,
  target: WriterOf,
  options: ConversionOptions,
): Promise<Written> {
  const nameOf = outNames(dataSet.images);
  const twins = twinStems(dataSet.images);
  const images: PartImage[] = [];
  const problems: Problem[] = [];
  for (const [i, image] of dataSet.images.entries()) {
    if (options.signal?.aborted) throw new FelfriError('INTERRUPTED', `stopped; ${out.root} is incomplete: remove it`);
    const name = nameOf(image);
    const why = refusal(image, target, twins);
    try {
      if (why !== undefined) throw new FelfriError('ANNOTATION_MISSING', why, { subject: image.name });
      const { label, className, partGroup } = image;
      await writer.add({ name, label, className, partGroup, ...(await layersOf(image)) });
      const copy = join(out.root, target.imageFolder, name);
      await makeFolder(dirname(copy));
      await copyFile(image.path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch((error: unknown) => {
        throw systemError(error, copy) ?? error;
      });
      images.push({ ...image, name: `${target.imageFolder}/${name}` });
    } catch (error) {
      problems.push(problemOf(image.name, error));
    }
    options.onProgress?.(i + 1, dataSet.images.length);
  }
  await writer.end();
  return { images, problems };
}

/**
 * Writes a data set in another format into a new folder, images with it, and reads it back. Images that the format cannot say
 * truly are left out and named. Throws OUTPUT_EXISTS for a folder that holds something or lies within the data set, OPTION_INVALID for too many classes.
 */
export async function convertDataSet(
  dataSet: DataSet,
  output: string,
  format: ConversionTarget,
  options: ConversionOptions = {},
): Promise<Conversion> {
  const target = writerOf(format);
  const classes = classesOf(dataSet.images);
  const numbered = format === 'png' || format === 'voc';
  if (numbered && classes.length > 254) {
    const message = `${classes.length} classes; legal are 254 for masks by class number: convert to another format`;
    throw new FelfriError('OPTION_INVALID', message, { subject: 'to' });
  }
  await requireNewFolder(output, dataSet.root);
  const out = new OutFolder(output);
  options.onPhase?.('Writing images and annotations');
  const writer = target.open(out, { polygons: options.polygons ?? false, classes });
  const written = await write(dataSet, out, writer, target, options);
  options.onPhase?.('Reading them back');
  const back = await readBack(written.images, output, format !== 'manifest', options.onProgress);
  return {
    output,
    format,
    images: written.images.length,
    defective: written.images.filter(({ label }) => label === 'defective').length,
    pixels: back.pixels,
    lost: back.lost,
    added: back.added,
    changed: back.changed,
    problems: [...written.problems, ...back.problems],
  };
}
