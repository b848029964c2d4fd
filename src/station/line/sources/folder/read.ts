/** The bytes of a file of a watched folder, read once and whole: what changes while it is read is not whole yet. */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FelfriError } from '../../../../core/errors.ts';
import { type FoundFile, isFile } from './scan.ts';

/** A link is not followed, and a pipe does not keep who opens it. Windows knows neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Null where the file is gone or is not what was seen. `root` has no links in it. Throws REQUEST_TOO_LARGE, and what the system says where it
 * cannot be read.
 */
export async function readWhole(
  root: string,
  seen: FoundFile,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { name, size } = seen;
  const path = join(root, name);
  const file = await open(path, FLAGS).catch((error: NodeJS.ErrnoException) => {
    // ELOOP: it became a link
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null;
    throw error;
  });
  if (!file) return null;
  try {
    const isSame = async (): Promise<boolean> => {
      const now = await file.stat();
      return now.isFile() && isFile(seen, now);
    };
    if (!(await isSame()) || (await realpath(dirname(path))) !== dirname(path)) return null;
    if (size > mostBytes)
      throw new FelfriError('REQUEST_TOO_LARGE', `${name} has ${size} bytes, more than ${mostBytes}`, {
        subject: name,
      });
    const bytes = new Uint8Array(size);
    let length = 0;
    for (let read = 1; length < size && read > 0; length += read)
      read = (await file.read(bytes, length, size - length, length)).bytesRead;
    return length === size && (await isSame()) ? bytes : null;
  } finally {
    await file.close();
  }
}
