/** Bringing a known backbone's weights into the cache: from the hub, or from a file that was carried here; checked, pinned, kept. */
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { sha256File } from '../../../core/files.ts';
import { diskFull } from '../../../core/system-errors.ts';
import { readEfficientNet } from '../efficientnet-weights.ts';
import { fileAddress, hubAddress } from './address.ts';
import type { KnownBackbone } from './catalogue.ts';
import { type DownloadPatience, type DownloadProgress, download } from './download.ts';
import { holding } from './holding.ts';
import { readLock, writePin } from './lock.ts';
import type { Pin } from './lock-schema.ts';
import { removePart } from './part.ts';
import type { Statement } from './request.ts';
import {
  cachedPath,
  type Expectation,
  expectationOf,
  findCached,
  pinOf,
  type Store,
  type StoreOptions,
  storeOf,
} from './store.ts';

/** No EfficientNet is near this; a hub that offers more offers something else. */
const LIMIT_BYTES = 2 ** 30;

export interface FetchOptions extends StoreOptions {
  /** Address of the hub, or of the packages: FELFRI_HUB or FELFRI_PACKAGES unless told, else the public hub; of packages there is no other. */
  readonly hub?: string;
  /** Never go to the network; also when FELFRI_OFFLINE is set to anything but 0. */
  readonly offline?: boolean;
  /** A file to take instead of the hub's, brought from another machine. */
  readonly from?: string;
  readonly limitBytes?: number;
  readonly patience?: DownloadPatience;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly onWarning?: (message: string) => void;
}

export interface FetchedBackbone extends Pin {
  readonly name: string;
  /** The file, in the cache. */
  readonly path: string;
  readonly origin: 'cache' | 'hub' | 'file';
}

function isOffline({ offline }: FetchOptions): boolean {
  const { FELFRI_OFFLINE: set = '' } = process.env;
  return offline ?? (set !== '' && set !== '0');
}

/**
 * The weights in the cache, brought there if need be. Whatever comes is checked against the project's lock file, the cache's, the catalogue
 * and what the hub states, read as the network that it claims to be, pinned, and only then put in place. Throws OFFLINE, DOWNLOAD_FAILED,
 * DOWNLOAD_CORRUPT, LOCK_MISMATCH, LOCK_INVALID, TENSOR_FILE, WEIGHTS_MISMATCH, DISK_FULL and INTERRUPTED.
 */
export async function fetchBackbone(known: KnownBackbone, options: FetchOptions = {}): Promise<FetchedBackbone> {
  const store = storeOf(options);
  const path = cachedPath(store, known);
  const waiting = {
    ...(options.signal && { signal: options.signal }),
    onWait: () => options.onWarning?.(`another process is fetching ${known.name}; waiting for it`),
  };
  return holding(`${path}.held`, waiting, async () => {
    const present = await cachedOrSaid(known, options);
    if (present !== undefined) {
      const pin = (await readLock(store.lock))[known.name];
      const kept = pin ?? (await pinOf(known, present, await sha256File(present), null));
      await writePins(store, known, kept);
      return { name: known.name, path, origin: 'cache', ...kept };
    }
    const part = `${path}.part`;
    const expected = await expectationOf(store, known);
    await mkdir(dirname(part), { recursive: true });
    const stated =
      options.from === undefined ? await bring(known, part, expected, options) : await carry(options.from, part);
    const pin = await examine(known, part, expected, stated, options);
    // pinned before it is in place: a file that no lock file knows would not be trusted
    await writePins(store, known, pin);
    await rename(part, path);
    await removePart(part);
    return { name: known.name, path, origin: options.from === undefined ? 'hub' : 'file', ...pin };
  });
}

/** A damaged file in the cache has been deleted and is said to be; unless offline, another takes its place. */
async function cachedOrSaid(known: KnownBackbone, options: FetchOptions): Promise<string | undefined> {
  try {
    return await findCached(known, options);
  } catch (error) {
    if (!(error instanceof FelfriError) || error.code !== 'DOWNLOAD_CORRUPT') throw error;
    options.onWarning?.(error.message);
    return undefined;
  }
}

async function writePins(store: Store, known: KnownBackbone, pin: Pin): Promise<void> {
  for (const lock of [store.lock, store.projectLock]) {
    if (lock === undefined) continue;
    const pinned = (await readLock(lock))[known.name];
    if (pinned?.sha256 !== pin.sha256) await writePin(lock, known.name, pin);
  }
}

async function carry(from: string, part: string): Promise<Statement> {
  await removePart(part);
  try {
    await copyFile(from, part);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw (
      diskFull(part, error) ??
      new FelfriError('TENSOR_FILE', `${from}: cannot be read (${code ?? message}); check the path`, {
        subject: from,
        cause: error,
      })
    );
  }
  return {};
}

/** Downloads to `part`; once more from the beginning when what has come is not what the hub states. */
async function bring(
  known: KnownBackbone,
  part: string,
  expected: Expectation | undefined,
  options: FetchOptions,
): Promise<Statement> {
  if (isOffline(options)) {
    throw new FelfriError(
      'OFFLINE',
      `${known.name} is not in the cache, and offline mode is on; fetch it without --offline and FELFRI_OFFLINE, or bring the file from ` +
        `another machine: felfri backbone fetch ${known.name} --from FILE`,
      { subject: known.name },
    );
  }
  const address = fileAddress(hubAddress(known, options.hub), known, expected?.commit ?? known.revision);
  const { onProgress, onWarning, patience, signal } = options;
  const once = (): Promise<Statement> =>
    download({
      address,
      part,
      limitBytes: options.limitBytes ?? LIMIT_BYTES,
      onStated: (stated) => refuseOther(known, stated, expected),
      ...(patience && { patience }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...(onWarning && { onFault: onWarning }),
    });
  const stated = await once();
  const wanted = expected?.sha256 ?? stated.sha256;
  if (wanted === undefined || (await sha256File(part)) === wanted) return stated;
  onWarning?.(`what came of ${known.name} is corrupt; it was deleted and is fetched anew`);
  await removePart(part);
  return once();
}

function refuseOther(known: KnownBackbone, stated: Statement, expected: Expectation | undefined): void {
  if (!expected || stated.sha256 === undefined || stated.sha256 === expected.sha256) return;
  const otherwise = expected.isPin
    ? 'to take the new one, remove the entry from that lock file'
    : 'to take the new one, download it yourself and give it by --weights and --padding';
  throw new FelfriError(
    'LOCK_MISMATCH',
    `the hub states SHA-256 ${stated.sha256} for ${known.repository}/${known.file}, but ${expected.by} has ${expected.sha256}; nothing was ` +
      `downloaded. Find out why it changed; ${otherwise}`,
    { subject: known.name },
  );
}

/** Checks hash, names and shapes of what has come; what fails is deleted. */
async function examine(
  known: KnownBackbone,
  part: string,
  expected: Expectation | undefined,
  stated: Statement,
  { from, onWarning }: FetchOptions,
): Promise<Pin> {
  const what = from ?? `what came from the hub for ${known.name}`;
  const found = await sha256File(part);
  const wanted = expected?.sha256 ?? stated.sha256;
  try {
    if (wanted !== undefined && found !== wanted) {
      throw new FelfriError(
        'DOWNLOAD_CORRUPT',
        `${what}: has SHA-256 ${found}, but ${expected?.by ?? 'the hub'} says ${wanted}; ${from ? 'it was not taken' : 'it was deleted'}; ` +
          'try again later, over another network, or bring the file from another machine (--from)',
        { subject: known.name },
      );
    }
    const { scheme } = await readEfficientNet(part, known.variant);
    if (scheme.name !== known.naming) {
      throw new FelfriError(
        'WEIGHTS_MISMATCH',
        `${what}: its tensors are named as ${scheme.name} names them, not ${known.naming}; give it to felfri train by --weights instead`,
        { subject: known.name },
      );
    }
  } catch (error) {
    await removePart(part);
    throw error;
  }
  if (wanted === undefined) {
    onWarning?.(
      `neither a lock file, nor the catalogue, nor the hub states a SHA-256 for ${known.name}; it is pinned as it came: ${found}`,
    );
  }
  return pinOf(known, part, found, stated.commit ?? expected?.commit ?? null);
}
