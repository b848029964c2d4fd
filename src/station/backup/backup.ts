/** A backup of a station: its data folder and records as one archive, read back and compared before it counts. */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { isThere, sha256, syncFolder } from '../../core/files.ts';
import { realPathOf, requireWritableFile } from '../../core/outputs.ts';
import { felfriVersion } from '../../core/version.ts';
import { type RecordsPlace, recordsFile } from '../records/open-records.ts';
import type { RecordCounts } from '../records/records.ts';
import { readArchive } from './archive-reader.ts';
import { ArchiveWriter } from './archive-writer.ts';
import {
  BACKUP_SCHEMA,
  type BackupHead,
  type BackupList,
  dataPrefix,
  headEntry,
  listEntry,
  refusedArchive,
  sealEntry,
} from './contents.ts';
import { folderFiles } from './folder-files.ts';
import { copyRecords, type RecordsCopy } from './records-copy.ts';

export interface BackupResult {
  readonly file: string;
  /** Of the archive. */
  readonly sha256: string;
  readonly files: number;
  readonly bytes: number;
  readonly counts: RecordCounts;
  /** Of records that say so, and that are gone. */
  readonly missingPictures: number;
  /** Recipes on record whose bundle is gone. */
  readonly missingRecipes: readonly string[];
  readonly madeAt: string;
}

async function requireDataFolder(folder: string, place: RecordsPlace): Promise<void> {
  const sign = 'folder' in place ? join(folder, recordsFile) : folder;
  if (await isThere(sign)) return;
  throw new FelfriError('RECORDS_UNAVAILABLE', `${folder} is no data folder of a station: there is no ${sign}`, {
    subject: folder,
  });
}

const imageEntry = (hash: string): string => `${dataPrefix}images/${hash.slice(0, 2)}/${hash}`;

async function write(
  writer: ArchiveWriter,
  folder: string,
  copy: RecordsCopy,
  head: BackupHead,
  { except, signal }: { readonly except: ReadonlySet<string>; readonly signal: AbortSignal | undefined },
): Promise<Pick<BackupResult, 'missingPictures' | 'missingRecipes'>> {
  await writer.text(headEntry, `${JSON.stringify(head, null, 2)}\n`);
  if (!(await writer.file(copy.entry, copy.file)))
    throw new FelfriError('RECORDS_UNAVAILABLE', `${copy.file} is gone`, { subject: copy.file });
  for await (const path of folderFiles(folder, except)) {
    if (signal?.aborted) throw new FelfriError('INTERRUPTED', 'stopped; there is no backup');
    await writer.file(`${dataPrefix}${path}`, join(folder, path));
  }
  const missingPictures = copy.kept.filter(
    ({ imageHash }) => !Object.hasOwn(writer.files, imageEntry(imageHash)),
  ).length;
  const missingRecipes = copy.recipes.filter(
    (id) => !Object.hasOwn(writer.files, `${dataPrefix}recipes/${id}/bundle.json`),
  );
  const list: BackupList = { counts: copy.counts, missingPictures, files: writer.files };
  const text = `${JSON.stringify(list)}\n`;
  await writer.text(listEntry, text);
  await writer.text(sealEntry, `${sha256(text)}\n`);
  await writer.end();
  return { missingPictures, missingRecipes };
}

/**
 * Makes the file, beside a station that runs or not. Throws OUTPUT_EXISTS where it is there, RECORDS_UNAVAILABLE, AUDIT_BROKEN and
 * RECORDS_ALTERED where the records are not whole, DISK_FULL and PATH_UNUSABLE, and INTERRUPTED; then there is no file.
 */
export async function backup(
  folder: string,
  place: RecordsPlace,
  output: string,
  signal?: AbortSignal,
): Promise<BackupResult> {
  const file = resolve(output);
  await requireWritableFile(file);
  await requireDataFolder(folder, place);
  const work = await mkdtemp(join(dirname(file), `.${basename(file)}.`));
  const unfinished = join(work, 'archive');
  try {
    const copy = await copyRecords(place, work);
    const head: BackupHead = {
      format: 'felfri station backup',
      schema: BACKUP_SCHEMA,
      felfri: felfriVersion,
      madeAt: new Date().toISOString(),
      records: 'url' in place ? 'postgresql' : 'sqlite',
    };
    const writer = new ArchiveWriter(unfinished);
    const missing = await write(writer, folder, copy, head, { except: await ownFiles(work, copy), signal }).catch(
      async (error: unknown) => {
        await writer.abandon();
        throw error;
      },
    );
    const { list, sha256: hash } = await readArchive(unfinished);
    if (JSON.stringify(list.files) !== JSON.stringify(writer.files))
      throw refusedArchive(file, 'it was read back, and is not what was written: the disk cannot be relied on');
    await rename(unfinished, file);
    await syncFolder(dirname(file));
    const all = Object.values(writer.files);
    const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    return { file, sha256: hash, files: all.length, bytes, counts: copy.counts, ...missing, madeAt: head.madeAt };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What this backup itself wrote, by real path: it may lie in the data folder. */
async function ownFiles(work: string, copy: RecordsCopy): Promise<ReadonlySet<string>> {
  const real = await realPathOf(work);
  return new Set([join(real, 'archive'), join(real, basename(copy.file)), join(real, 'look', recordsFile)]);
}
