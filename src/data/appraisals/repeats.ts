/**
 * A computer says the same of the same file for ever, so a file that is given again proves nothing of repeatability: a repeat is the part,
 * presented and photographed again. Here each presentation must be another picture, by bytes and by pixels.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { sha256, sha256File } from '../../core/files.ts';
import { decodePixels } from '../image/decode.ts';
import type { InspectedAppraisal } from './inspections.ts';

/** The file of an image, where it still lies: as it was given, or beside the results. */
async function fileOf({ image, from }: InspectedAppraisal): Promise<string | undefined> {
  for (const path of [resolve(image), resolve(dirname(from), image)]) {
    if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  }
  return undefined;
}

/** Hash of the pixels of a file; its bytes' where it cannot be decoded. */
async function pixelHash(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    const { data, width, height } = await decodePixels(bytes, path);
    return sha256(
      Buffer.concat([Buffer.from(`${width}x${height}:`), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]),
    );
  } catch {
    return sha256(bytes);
  }
}

const place = ({ from, line, image }: InspectedAppraisal): string => `${image} (${from}, line ${line})`;

function twice(one: InspectedAppraisal, other: InspectedAppraisal, how: string): FelfriError {
  const parts = one.part === other.part ? `part ${one.part}` : `parts ${one.part} and ${other.part}`;
  return new FelfriError(
    'PRESENTED_TWICE',
    `${parts}: ${place(other)} ${how} ${place(one)}; a file that is inspected again repeats nothing: present the part again and take another picture`,
    { subject: other.image },
  );
}

/**
 * Whether one path gave both scores by one picture. A path may have held several in turn, and the file that is there tells of the last alone:
 * their scores then differ by more than processors do.
 */
function isSameScore({ score: a = 0 }: InspectedAppraisal, { score: b = 0 }: InspectedAppraisal): boolean {
  return Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b));
}

/** Groups of more than one, by key. */
function shared<T>(all: readonly T[], key: (one: T) => string | undefined): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const name = key(one);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/**
 * Throws PRESENTED_TWICE where two presentations to one bundle are one picture: files of equal bytes, or of equal score and equal pixels.
 * Where the files are gone an equal score says so, since other pixels hardly get the same number to its last digit.
 */
export async function requireOtherPictures(appraisals: readonly InspectedAppraisal[]): Promise<void> {
  const found = await Promise.all(appraisals.map(async (each) => ({ each, path: await fileOf(each) })));
  const hashed: { each: InspectedAppraisal; path: string | undefined; hash: string | undefined }[] = [];
  for (const one of found)
    hashed.push({ ...one, hash: one.path === undefined ? undefined : await sha256File(one.path) });
  for (const [one, ...others] of shared(hashed, ({ each, hash }) => hash && `${each.bundle} ${hash}`)) {
    const other = others.find(({ each, path }) => path !== one!.path || isSameScore(each, one!.each));
    if (other) throw twice(one!.each, other.each, 'has the same bytes as');
  }
  for (const alike of shared(hashed, ({ each }) =>
    each.score === undefined ? undefined : `${each.bundle} ${each.score}`,
  )) {
    const gone = alike.find(({ path }) => path === undefined);
    if (gone) {
      const other = alike.find((one) => one !== gone)!;
      throw twice(
        other.each,
        gone.each,
        'has the same score, to the last digit, and the files are not there to compare, as',
      );
    }
    const pixels = new Map<string, InspectedAppraisal>();
    for (const { each, path } of alike) {
      const hash = await pixelHash(path!);
      const before = pixels.get(hash);
      if (before) throw twice(before, each, 'has the same pixels as');
      pixels.set(hash, each);
    }
  }
}
