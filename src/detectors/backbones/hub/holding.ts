/**
 * One process at a time: the holder is who made a file. A holder that died is noticed by the file's age, which a living one keeps young,
 * and sooner by its process number when it ran on this machine.
 * This saves double work; that no wrong bytes are used rests on their SHA-256 alone.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FelfriError } from '../../../core/errors.ts';
import { unwritable } from './unwritable.ts';

const REFRESH_SECONDS = 1;
/** A living holder may be slow: it hashes and parses hundreds of megabytes. */
const DEAD_AFTER_SECONDS = 30;
/** For one whose process is gone. Not at once, because machines that share a folder may share a name. */
const GONE_AFTER_SECONDS = 3;
const LOOK_SECONDS = 0.2;

export interface HoldingOptions {
  readonly signal?: AbortSignal;
  /** Called once when another process holds the file. */
  readonly onWait?: () => void;
}

/** Runs `body` while this process alone holds `path`. Throws INTERRUPTED when the signal is aborted while waiting, CACHE_UNWRITABLE and DISK_FULL. */
export async function holding<T>(path: string, options: HoldingOptions, body: () => Promise<T>): Promise<T> {
  const token = `${process.pid} ${hostname()} ${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw unwritable(path, error);
  });
  for (let waits = 0; !(await take(path, token)); waits++) {
    if (waits === 0) options.onWait?.();
    if (options.signal?.aborted) {
      throw new FelfriError('INTERRUPTED', `stopped while another process held ${path}`, { subject: path });
    }
    await removeDead(path);
    await sleep(LOOK_SECONDS * 1000);
  }
  const refresh = setInterval(() => {
    const now = new Date();
    // a file that another process took for dead is no longer ours to refresh; the body goes on and is checked by its hash
    utimes(path, now, now).catch(() => clearInterval(refresh));
  }, REFRESH_SECONDS * 1000);
  try {
    return await body();
  } finally {
    clearInterval(refresh);
    if ((await contentOf(path)) === token) await rm(path, { force: true });
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(path, error);
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** Removes the file of a holder that died, and no other: it is moved aside and looked at before it goes. */
async function removeDead(path: string): Promise<void> {
  const found = await contentOf(path);
  const age = await stat(path).then(
    ({ mtimeMs }) => (Date.now() - mtimeMs) / 1000,
    () => 0,
  );
  if (found === undefined || age < (isGone(found) ? GONE_AFTER_SECONDS : DEAD_AFTER_SECONDS)) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    // another process was faster
    return;
  }
  if ((await contentOf(aside)) !== found) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function isGone(token: string): boolean {
  const [pid, host] = token.split(' ');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
