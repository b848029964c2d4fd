/**
 * Every reader of files that others write, with whole files to damage: a row for each image format, form of annotation and kind of list.
 * A reader without a row does not compile. The test beside the readers and `bench/fuzz.ts` go through the table.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { FelfriError } from '../../src/core/errors.ts';
import { Random } from '../../src/core/random.ts';
import { convertDataSet } from '../../src/data/annotations/convert.ts';
import type { AnnotationFormatName } from '../../src/data/annotations/formats/table.ts';
import { recogniseDataSet } from '../../src/data/dataset.ts';
import { decodePixels } from '../../src/data/image/decode.ts';
import { encodePng } from '../../src/data/image/encode.ts';
import { formatOf, imageFormats } from '../../src/data/image/formats.ts';
import { stateFrame } from '../../src/data/image/raw/stated-frame.ts';
import type { FormatName } from '../../src/data/image/reader.ts';
import type { Layout } from '../../src/data/layouts/asked.ts';
import type { FolderLayoutName } from '../../src/data/layouts/table.ts';
import { readTrustedMask } from '../../src/data/masks/read.ts';
import { plainPng, writeTree } from './folder.ts';
import { mutated, mutatedText } from './mutated.ts';

/** Reads the i-th damaged file of a case; gives a code for each thing that was refused, or 'read'. */
type ReadDamaged = (i: number) => Promise<readonly string[]>;

export interface FuzzCase {
  /** Makes whole files below `scratch`, to be damaged one after another. */
  readonly open: (scratch: string) => Promise<ReadDamaged>;
}

const seeded = (i: number, name: string): Random => Random.of(i, 'fuzz', name);

/** A code for an error of felfri's; anything else is a crash, and thrown. */
function codeOf(error: unknown): string {
  if (error instanceof FelfriError) return error.code;
  throw error;
}

interface Whole {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files of test/golden/formats.json, or another list there, in one format. */
const golden =
  (format: FormatName, list = 'formats') =>
  async (): Promise<Whole[]> => {
    const text = await readFile(new URL(`../golden/${list}.json`, import.meta.url), 'utf8');
    const found: Whole[] = [];
    for (const { name, file } of JSON.parse(text) as readonly { name: string; file: string }[]) {
      const bytes = Buffer.from(file, 'base64');
      if (formatOf(bytes) === format) found.push({ name, bytes });
    }
    return found;
  };

const noise = async (format: 'webp' | 'gif'): Promise<Whole[]> => {
  const data = Uint8Array.from({ length: 48 * 40 * 3 }, (_, i) => (i * 7919) % 251);
  const image = sharp(data, { raw: { width: 48, height: 40, channels: 3 } });
  return [{ name: format, bytes: await image.toFormat(format).toBuffer() }];
};

const wholeImages: Readonly<Record<FormatName, () => Promise<Whole[]>>> = {
  jpeg: golden('jpeg', 'jpegs'),
  png: golden('png'),
  webp: () => noise('webp'),
  tiff: golden('tiff'),
  gif: () => noise('gif'),
  bmp: golden('bmp'),
  pnm: golden('pnm'),
  npy: golden('npy'),
  jp2: golden('jp2'),
  dcm: golden('dcm'),
  frame: async () => [
    { name: 'frame', bytes: Buffer.from(stateFrame(new Uint8Array(48 * 40 * 1.5), '48x40:BayerRG12p')) },
  ],
};

const imageCase = (format: FormatName): FuzzCase => ({
  open: async () => {
    const files = await wholeImages[format]();
    if (files.length === 0) throw new Error(`${format}: no file to damage`);
    return async (i) => {
      const { name, bytes } = files[i % files.length]!;
      const damaged = mutated(bytes, seeded(i, name));
      return decodePixels(damaged, name, { maxPixels: 1e8 }).then(
        () => ['read'],
        (error: unknown) => [codeOf(error)],
      );
    };
  },
});

const size = { width: 12, height: 9 };

/** Recognises a folder and reads all masks of it; gives the codes of what was refused. */
async function readFolder(folder: string): Promise<string[]> {
  try {
    const { images, problems } = await recogniseDataSet(folder);
    const codes: string[] = problems.map(({ code }) => code);
    for (const image of images) {
      if (image.mask === undefined) continue;
      await readTrustedMask({ ...image, mask: image.mask }, size).catch((error: unknown) => codes.push(codeOf(error)));
    }
    return codes.length > 0 ? codes : ['read'];
  } catch (error) {
    return [codeOf(error)];
  }
}

/** A folder that `make` fills, of which one file is damaged again and again. */
const folderCase = (name: string, make: (folder: string) => Promise<string>): FuzzCase => ({
  open: async (scratch) => {
    const folder = join(scratch, 'set');
    await mkdir(folder);
    const file = await make(folder);
    const whole = await readFile(file);
    return async (i) => {
      await writeFile(file, mutatedText(whole, seeded(i, name)));
      return readFolder(folder);
    };
  },
});

/** The file of each form that is damaged, where a converted set has it; `without` is taken away first, as it would stand in for the file. */
const annotationFiles: Readonly<
  Record<AnnotationFormatName, { readonly file: string; readonly polygons?: true; readonly without?: string }>
> = {
  coco: { file: 'annotations/instances_default.json' },
  labelme: { file: 'images/b.json' },
  cvat: { file: 'annotations.xml', polygons: true },
  voc: { file: 'Annotations/b.xml', without: 'SegmentationClass' },
  yolo: { file: 'labels/b.txt' },
  'label-studio': { file: 'tasks.json' },
  severstal: { file: 'train.csv' },
  png: { file: 'SegmentationClass/b.png' },
};

async function mask(): Promise<Uint8Array> {
  const data = new Uint8Array(size.width * size.height);
  for (const i of [14, 15, 16, 27, 28, 40, 77]) data[i] = 255;
  return encodePng({ ...size, channels: 1, data });
}

async function annotated(folder: string, format: AnnotationFormatName): Promise<string> {
  const { file, polygons, without } = annotationFiles[format];
  const source = await mkdtemp(join(tmpdir(), 'felfri-'));
  await writeTree(source, {
    'a.png': await plainPng(80, size.width, size.height),
    'a_mask.png': await plainPng(0, size.width, size.height),
    'b.png': await plainPng(90, size.width, size.height),
    'b_mask.png': await mask(),
  });
  await rm(folder, { recursive: true });
  await convertDataSet(await recogniseDataSet(source), folder, format, { ...(polygons && { polygons }) });
  await rm(source, { recursive: true });
  if (without !== undefined) await rm(join(folder, without), { recursive: true });
  return join(folder, file);
}

type ListName = Exclude<Layout, FolderLayoutName | 'annotated' | 'stated-good'>;

const classified = (image: string, name: string): string =>
  JSON.stringify({ 'source-ref': `s3://b/${image}`, c: 1, 'c-metadata': { 'class-name': name } });

const lists: Readonly<Record<ListName, readonly [file: string, text: string]>> = {
  manifest: [
    'manifest.csv',
    'image,mask,class,part_group,fold,published_split\na.png,,good,1,0,train\nb.png,b_mask.png,dent,2,1,test\n',
  ],
  'json-lines': ['all.manifest', `${classified('a.png', 'normal')}\n${classified('b.png', 'anomaly')}\n`],
};

async function listed(folder: string, name: ListName): Promise<string> {
  const [file, text] = lists[name];
  const photographs = { 'a.png': await plainPng(80, size.width, size.height), 'b.png': await plainPng(90, 12, 9) };
  await writeTree(folder, { ...photographs, 'b_mask.png': await mask(), [file]: text });
  return join(folder, file);
}

/** All cases, called as documents call them. */
export const fuzzCases: ReadonlyMap<string, FuzzCase> = new Map([
  ...(Object.keys(wholeImages) as FormatName[]).map(
    (format) => [imageFormats[format].title, imageCase(format)] as const,
  ),
  ...(Object.keys(annotationFiles) as AnnotationFormatName[]).map(
    (format) => [`annotations: ${format}`, folderCase(format, (folder) => annotated(folder, format))] as const,
  ),
  ...(Object.keys(lists) as ListName[]).map(
    (name) => [`list: ${name}`, folderCase(name, (folder) => listed(folder, name))] as const,
  ),
]);
