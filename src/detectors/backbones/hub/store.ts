/** Fetched weights in the cache folder, and what they are checked against. */
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { sha256File } from '../../../core/files.ts';
import { defaultCacheDirectory } from '../feature-cache.ts';
import type { KnownBackbone } from './catalogue.ts';
import { lockName, readLock } from './lock.ts';
import type { Pin } from './lock-schema.ts';

export interface StoreOptions {
  /** Folder of caches; the user's unless told. */
  readonly cache?: string;
  /** The project's lock file; `backbones.lock.json` in the working folder unless told, where there is one. */
  readonly lock?: string;
}

export interface Store {
  readonly folder: string;
  readonly lock: string;
  /** The project's lock file, when there is to be one. */
  readonly projectLock: string | undefined;
}

export function storeOf({ cache = defaultCacheDirectory(), lock }: StoreOptions): Store {
  const folder = join(cache, 'backbones');
  const usual = resolve(lockName);
  const projectLock = lock === undefined ? (existsSync(usual) ? usual : undefined) : resolve(lock);
  return { folder, lock: join(folder, lockName), projectLock };
}

/** Where a backbone's file lies in the cache, or would lie. */
export function cachedPath({ folder }: Store, { source, repository, file }: KnownBackbone): string {
  return join(folder, source === 'packages' ? file : `${repository.replaceAll('/', '--')}.safetensors`);
}

export interface Expectation {
  readonly sha256: string;
  /** Who says so, for messages. */
  readonly by: string;
  /** Whether a lock file says so, not the catalogue. */
  readonly isPin: boolean;
  readonly commit: string | null;
}

/** What the file must be: as the project pins it, else as the cache's lock file does, else as the catalogue states. */
export async function expectationOf(store: Store, known: KnownBackbone): Promise<Expectation | undefined> {
  for (const path of [store.projectLock, store.lock]) {
    if (path === undefined) continue;
    const pin = (await readLock(path))[known.name];
    if (pin === undefined) continue;
    if (pin.repository !== known.repository || pin.file !== known.file) {
      throw new FelfriError(
        'LOCK_MISMATCH',
        `${path}: pins ${known.name} to ${pin.repository}/${pin.file}, but this version of felfri takes it from ` +
          `${known.repository}/${known.file}; remove the entry to take the new one`,
        { subject: path },
      );
    }
    return { sha256: pin.sha256, by: path, isPin: true, commit: pin.commit };
  }
  return known.sha256 === undefined
    ? undefined
    : { sha256: known.sha256, by: 'the catalogue of felfri', isPin: false, commit: null };
}

/**
 * The path of a backbone's file when it is in the cache, whole and as pinned, else undefined. A file that is not is deleted, and said
 * to be so by throwing DOWNLOAD_CORRUPT.
 */
export async function findCached(known: KnownBackbone, options: StoreOptions = {}): Promise<string | undefined> {
  const store = storeOf(options);
  const path = cachedPath(store, known);
  if (!existsSync(path)) return undefined;
  const expected = await expectationOf(store, known);
  const found = await sha256File(path);
  if (found === expected?.sha256) return path;
  const own = (await readLock(store.lock))[known.name];
  if (expected && own?.sha256 === found) throw otherPinned(path, known, expected);
  await rm(path, { force: true });
  throw new FelfriError(
    'DOWNLOAD_CORRUPT',
    `${path}: has SHA-256 ${found}, but ${expected ? `${expected.by} says ${expected.sha256}` : 'no lock file knows it'}; it was ` +
      `deleted; get it again by felfri backbone fetch ${known.name}`,
    { subject: path },
  );
}

/** The cached file is sound, but the project wants another. It is left alone: other projects may use it. */
function otherPinned(path: string, { name }: KnownBackbone, { by, sha256 }: Expectation): FelfriError {
  return new FelfriError(
    'LOCK_MISMATCH',
    `${path}: is ${name} as this machine pinned it, but ${by} pins another file (SHA-256 ${sha256}); fetch that one into a cache of ` +
      'its own (FELFRI_CACHE), or change the lock file',
    { subject: path },
  );
}

/** BACKBONE_MISSING, naming the command that helps. */
export function notFetched({ name, megabytes }: KnownBackbone): FelfriError {
  return new FelfriError(
    'BACKBONE_MISSING',
    `${name} needs its weights, which are not in the cache; get them once by felfri backbone fetch ${name} (${megabytes} MB), or give a ` +
      'safetensors file by --weights; the backbone wavelet needs none',
    { subject: 'weights' },
  );
}

/** A pin of a file as it lies there. */
export async function pinOf(known: KnownBackbone, path: string, sha256: string, commit: string | null): Promise<Pin> {
  return { repository: known.repository, commit, file: known.file, bytes: (await stat(path)).size, sha256 };
}
