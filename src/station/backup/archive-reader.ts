/**
 * Reads a backup from its first byte to its last. Nothing of it is believed: it must be of felfri, hold regular files alone, whose names lie
 * below one folder, each once, and every one must be as long as and have the hash that the list at its end says.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Entry, extract } from 'tar-stream';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { type Static, type TSchema, Value } from '../../core/schema.ts';
import { systemError } from '../../core/system-errors.ts';
import {
  BACKUP_SCHEMA,
  BackupHead,
  BackupList,
  dataPrefix,
  dumpEntry,
  headEntry,
  isWithin,
  listEntry,
  refusedArchive,
  sealEntry,
} from './contents.ts';

export interface ReadBackup {
  readonly head: BackupHead;
  readonly list: BackupList;
  /** Of the archive itself. */
  readonly sha256: string;
}

/** Where a file goes; what is not asked for is hashed alone. */
export type Place = (name: string, chunks: AsyncIterable<Uint8Array>) => Promise<void>;

/** Most bytes of an entry that is read as a whole. */
const MOST_TEXT = 2 ** 30;

async function textOf(entry: Entry, path: string): Promise<string> {
  if ((entry.header.size ?? 0) > MOST_TEXT) throw refusedArchive(path, `${entry.header.name} is too large`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parsed<S extends TSchema>(text: string, schema: S, path: string, what: string): Static<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refusedArchive(path, `${what} is not JSON`, cause);
  }
  if (!Value.Check(schema, json)) throw refusedArchive(path, `${what} is not what a backup says there`);
  return json;
}

async function headOf(entry: Entry, path: string): Promise<BackupHead> {
  if (entry.header.name !== headEntry) throw refusedArchive(path, 'it is no backup that felfri made');
  const head = parsed(await textOf(entry, path), BackupHead, path, headEntry);
  if (head.schema > BACKUP_SCHEMA)
    throw refusedArchive(path, `felfri ${head.felfri} made it in a form that this felfri does not know; take that one`);
  return head;
}

function requireLegal(name: string, type: string | null | undefined, seen: ReadonlySet<string>, path: string): void {
  if (type !== 'file') throw refusedArchive(path, `${JSON.stringify(name)} is a ${type}, and a backup has files alone`);
  const isLegal = isWithin(name) && (name.startsWith(dataPrefix) || name === dumpEntry);
  if (!isLegal) throw refusedArchive(path, `a backup has no file of the name ${JSON.stringify(name)}`);
  if (seen.has(name)) throw refusedArchive(path, `${name} is in it twice`);
}

/** What is found against what the list says. */
function requireListed(found: BackupList['files'], list: BackupList, path: string): void {
  for (const [name, { bytes, sha256: hash }] of Object.entries(list.files)) {
    const own = Object.hasOwn(found, name) ? found[name]! : undefined;
    if (!own) throw refusedArchive(path, `${name} is missing`);
    if (own.bytes !== bytes || own.sha256 !== hash) throw refusedArchive(path, `${name} is damaged`);
  }
  const [more] = Object.keys(found).filter((name) => !Object.hasOwn(list.files, name));
  if (more !== undefined) throw refusedArchive(path, `${more} was added to it`);
}

async function read(entries: AsyncIterable<Entry>, path: string, place?: Place) {
  const found: BackupList['files'] = {};
  const seen = new Set<string>();
  let head: BackupHead | undefined;
  let listText: string | undefined;
  let seal: string | undefined;
  for await (const entry of entries) {
    const { name, type } = entry.header;
    if (!head) head = await headOf(entry, path);
    else if (seal !== undefined) throw refusedArchive(path, `${name} was added behind its end`);
    else if (name === sealEntry && listText !== undefined) seal = (await textOf(entry, path)).trim();
    else if (name === listEntry && listText === undefined) listText = await textOf(entry, path);
    else {
      requireLegal(name, type, seen, path);
      seen.add(name);
      const hash = createHash('sha256');
      let bytes = 0;
      const hashed = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of entry) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      };
      if (place) await place(name, hashed());
      else for await (const _ of hashed());
      found[name] = { bytes, sha256: hash.digest('hex') };
    }
  }
  if (!head) throw refusedArchive(path, 'it is no backup that felfri made');
  if (listText === undefined || seal === undefined) throw refusedArchive(path, 'its end is missing');
  if (sha256(listText) !== seal) throw refusedArchive(path, 'its list of files is damaged');
  const list = parsed(listText, BackupList, path, listEntry);
  requireListed(found, list, path);
  return { head, list };
}

/** Throws BACKUP_INVALID, also after `place` was given files: whoever places them removes them then. */
export async function readArchive(path: string, place?: Place): Promise<ReadBackup> {
  const hash = createHash('sha256');
  const unpacked = extract();
  const hashing = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const feeding = pipeline(createReadStream(path), hashing, unpacked);
  feeding.catch(() => undefined);
  try {
    const { head, list } = await read(unpacked as AsyncIterable<Entry>, path, place);
    await feeding;
    return { head, list, sha256: hash.digest('hex') };
  } catch (error) {
    unpacked.destroy();
    if (error instanceof FelfriError) throw error;
    const known = systemError(error);
    if (known) throw known;
    throw refusedArchive(path, `it is damaged, or no tar file (${(error as Error).message})`, error);
  }
}
