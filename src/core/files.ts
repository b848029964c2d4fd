/**
 * Writing so that a reader never sees half a file: a kill or a full disk in the middle leaves the previous one whole.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemError } from './system-errors.ts';

/** Makes a folder and those above it, where they are not. Throws DISK_FULL or PATH_UNUSABLE. */
export async function makeFolder(path: string): Promise<void> {
  await makeBelow(resolve(path)).catch((error: unknown) => {
    throw systemError(error, path) ?? error;
  });
}

/**
 * One folder after another: Node's own `recursive` tries for ever where a system says of a folder in one that is there that there is no such
 * place, as /proc does.
 */
async function makeBelow(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
    });
  const above = dirname(path);
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || above === path) throw error;
    await makeBelow(above);
    await make();
  });
}

/**
 * Writes to a temporary file beside `path`, or in another folder of the same disk, syncs it, renames it into place, and puts the new name on
 * the disk too. Throws DISK_FULL or PATH_UNUSABLE.
 */
export async function writeFileAtomic(
  path: string,
  chunks: string | Uint8Array | readonly Uint8Array[],
  unfinished = dirname(path),
): Promise<void> {
  for (const folder of new Set([dirname(path), unfinished])) await makeFolder(folder);
  const temporary = join(unfinished, `${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      const parts = typeof chunks === 'string' || chunks instanceof Uint8Array ? [chunks] : chunks;
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw systemError(error, path) ?? error;
  }
}

/** What a system says that syncs no folders, or of one that may be written and not listed. */
const UNSYNCED = new Set(['EACCES', 'EPERM', 'EINVAL', 'ENOTSUP']);

/** Puts what a folder lists on the disk: names of files that were made or renamed. Windows does so by itself, and opens no folders. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if (!UNSYNCED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Puts all files of a folder, and of those within, on the disk. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) await syncTree(inner);
    else if (entry.isFile()) {
      const file = await open(inner, 'r+');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  }
  await syncFolder(path);
}

/** JSON with two-space indentation and a final newline, written atomically. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Lower-case hexadecimal SHA-256 of some bytes or text. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of a file, streamed. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Whether a file or folder is there and can be reached. */
export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
