/**
 * Writing so that a reader never sees half a file: a kill or a full disk in the middle leaves the previous one whole.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FelfriError } from './errors.ts';

/** What systems say when no more can be written: disk full, quota used up, file size limit reached. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Writes to a temporary file beside `path`, syncs it, and renames it into place. Throws DISK_FULL when there is no space. */
export async function writeFileAtomic(
  path: string,
  chunks: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
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
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskFull(path, error, ' with --resume') ?? error;
  }
}

/** DISK_FULL when that is what the error of writing `path` means, else undefined. */
export function diskFull(path: string, error: unknown, again = ''): FelfriError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !full.has(code)) return undefined;
  return new FelfriError(
    'DISK_FULL',
    `no space left to write ${path} (${code}); free some, or raise the limit, and run again${again}`,
    { subject: path, cause: error },
  );
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
