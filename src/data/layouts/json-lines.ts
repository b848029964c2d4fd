/**
 * Manifests of JSON lines, as SageMaker Ground Truth and Lookout for Vision write them: an object a line, with the image's address in
 * S3. The files are looked for below the folder by the end of their address.
 */
import { basename, join } from 'node:path';
import { type Static, Type, Value } from '../../core/schema.ts';
import { ImageFinder } from '../annotations/folder.ts';
import type { Listing, Problem } from '../listing.ts';
import { readTextFile } from '../text-file.ts';
import { GoodClasses } from './good-classes.ts';
import type { LabelledImage, LayoutResult, Unannotated } from './layout.ts';
import { masksOf } from './masks-alone.ts';
import { settleUnannotated } from './unannotated.ts';
import { isDefectiveName, sideOf } from './words.ts';

const METADATA = '-metadata';

const word = Type.Optional(Type.String());
const metadataSchema = Type.Object({
  'class-name': word,
  'internal-color-map': Type.Optional(
    Type.Record(Type.String(), Type.Object({ 'class-name': word, 'hex-color': word })),
  ),
});
const lineSchema = Type.Record(Type.String(), Type.Unknown());

type Metadata = Static<typeof metadataSchema>;
type Line = Static<typeof lineSchema>;

/** The line of a manifest, or what keeps it from being one. */
function lineOf(text: string): Line | string {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    return `not JSON (${(cause as Error).message})`;
  }
  if (!Value.Check(lineSchema, line)) return "should be an object with a 'source-ref'";
  const odd = Object.keys(line).find((key) => key.endsWith(METADATA) && !Value.Check(metadataSchema, line[key]));
  if (odd === undefined) return line;
  return `its '${odd}' should be an object, in which a class-name is a word and an internal-color-map holds such objects`;
}

/** `lineOf` has checked it. */
const metadataOf = (line: Line, attribute: string): Metadata => (line[`${attribute}${METADATA}`] ?? {}) as Metadata;

/** What a line's classifications say: the class's name in the metadata of each attribute that holds a number. */
const classesOf = (line: Line): string[] =>
  Object.entries(line).flatMap(([attribute, value]) =>
    typeof value === 'number' ? (metadataOf(line, attribute)['class-name'] ?? []) : [],
  );

interface StatedMask {
  readonly reference: string;
  readonly background: string | undefined;
  /** Names of what is not background. */
  readonly classes: readonly string[];
}

function maskOf(line: Line): StatedMask | undefined {
  for (const [attribute, value] of Object.entries(line)) {
    if (typeof value !== 'string' || attribute === 'source-ref' || !attribute.endsWith('-ref')) continue;
    const colours = Object.values(metadataOf(line, attribute)['internal-color-map'] ?? {});
    const isBackground = (name = ''): boolean => name.toLowerCase() === 'background';
    return {
      reference: value,
      background: colours.find((colour) => isBackground(colour['class-name']))?.['hex-color'],
      classes: colours.flatMap((colour) => (isBackground(colour['class-name']) ? [] : (colour['class-name'] ?? []))),
    };
  }
  return undefined;
}

const keyOf = (address: string): string => address.replace(/^[a-z0-9]+:\/\/[^/]+\//i, '');

/** Good or defective by the classification, else by the classes that the mask's colours are given; a sentence where neither says. */
function verdictOf(
  line: Line,
  mask: StatedMask | undefined,
  classes: GoodClasses,
): Pick<LabelledImage, 'label' | 'className'> | string {
  const names = classesOf(line);
  const [name] = names;
  // a second job may have corrected the first, or be about something else
  const other = names.find((one) => classes.isGood(one) !== classes.isGood(name!));
  if (other !== undefined) return `is called ${name} and ${other}; keep the class that is right`;
  const [only, ...more] = mask?.classes ?? [];
  const defect = only !== undefined && more.length === 0 ? only : 'defective';
  if (name !== undefined && classes.isGood(name)) return { label: 'good', className: 'good' };
  if (name !== undefined && classes.saysNothing(name))
    return `has the class '${name}'; legal is a word, or say which is good: --good-classes`;
  if (name !== undefined) return { label: 'defective', className: isDefectiveName(name) ? defect : name };
  if (mask === undefined) return 'has neither a class-name in its metadata nor a mask';
  return mask.classes.length > 0 ? { label: 'defective', className: defect } : { label: 'good', className: 'good' };
}

interface Files {
  readonly root: string;
  readonly finder: ImageFinder;
  readonly classes: GoodClasses;
  /** Addresses of images that are not here. */
  readonly absent: string[];
}

/** The image of one line, or why there is none. */
function imageOf(
  text: string,
  where: string,
  side: 'train' | 'test' | undefined,
  files: Files,
): LabelledImage | Problem {
  const fail = (message: string, name = where): Problem => ({
    name,
    code: 'DATASET_MANIFEST',
    message: `${where}: ${message}`,
  });
  const line = lineOf(text);
  if (typeof line === 'string') return fail(line);
  const source = line['source-ref'];
  if (typeof source !== 'string') return fail("has no 'source-ref'");
  const found = files.finder.find(keyOf(source), '');
  if (found.length === 0) files.absent.push(source);
  if (found.length !== 1)
    return fail(`${source} ${found.length === 0 ? 'is not below the folder' : `may be any of ${found.join(', ')}`}`);
  const name = found[0]!;
  const stated = maskOf(line);
  const verdict = verdictOf(line, stated, files.classes);
  if (typeof verdict === 'string') return fail(verdict, name);
  const mask = stated && files.finder.find(keyOf(stated.reference), '');
  if (mask && mask.length !== 1) return fail(`its mask ${stated.reference} is not below the folder`, name);
  const path = join(files.root, name);
  const marks = mask && {
    mask: join(files.root, mask[0]!),
    ...(stated.background && { maskBackground: stated.background }),
  };
  return { path, name, ...verdict, ...(side && { publishedSplit: side }), ...marks };
}

/**
 * Reads every such file of the folder; train.manifest and test.manifest are the published split. `whole` says that the files are to
 * speak of all images of the folder.
 */
export async function readJsonLines(
  root: string,
  manifests: readonly string[],
  listing: Listing,
  { goodClasses, unannotated }: { readonly goodClasses?: readonly string[]; readonly unannotated?: Unannotated },
  whole: boolean,
): Promise<LayoutResult> {
  const classes = new GoodClasses(goodClasses);
  const files: Files = { root, finder: new ImageFinder(listing.images), classes, absent: [] };
  const images = new Map<string, LabelledImage>();
  const problems: Problem[] = [];
  for (const file of manifests) {
    const side = basename(file).split(/[._-]/).map(sideOf).find(Boolean);
    const lines = (await readTextFile(join(root, file))).split(/\r?\n/);
    for (const [i, text] of lines.entries()) {
      if (text.trim() === '') continue;
      const one = imageOf(
        text,
        `${file}, line ${i + 1}`,
        side === 'train' || side === 'test' ? side : undefined,
        files,
      );
      if ('code' in one) problems.push(one);
      else if (!images.has(one.name)) images.set(one.name, one);
      else
        problems.push({
          name: one.name,
          code: 'DATASET_MANIFEST',
          message: `${file}, line ${i + 1}: ${one.name} stands twice; the first counts`,
        });
    }
  }
  classes.requireUsed('line');
  const named = [...images.values()];
  const spoken = new Set([
    ...named.flatMap(({ name, mask }) => (mask === undefined ? [name] : [name, mask.slice(root.length + 1)])),
    ...problems.map(({ name }) => name),
  ]);
  const unnamed = masksOf(listing.images).parts.filter((path) => !spoken.has(path));
  const notes = [`${manifests.join(', ')} name the images.`];
  if (!whole) {
    return { images: named, notes, problems, unusedMasks: [], unlisted: unnamed };
  }
  const rest = settleUnannotated(root, unnamed, unannotated, files.absent);
  return {
    images: [...named, ...rest.images],
    notes: [...notes, ...rest.notes],
    problems: [...problems, ...rest.problems],
    unusedMasks: [],
  };
}
