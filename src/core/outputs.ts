/**
 * Places to write to, looked at before long work: a place that cannot be written is refused at once, and nothing that felfri did not write is
 * ever replaced, unless that was asked for.
 */
import { constants } from 'node:fs';
import { access, lstat, open, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FelfriError } from './errors.ts';
import { systemError } from './system-errors.ts';

async function kindOf(path: string): Promise<'folder' | 'other' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw systemError(error, path) ?? error;
  }
  const link = await lstat(path).catch(() => undefined);
  if (!link?.isSymbolicLink()) return undefined;
  // what it leads to may be a drive that is not there today; a file renamed onto it would take its place
  throw new FelfriError('PATH_UNUSABLE', `${path} is a link that leads nowhere; remove it, or give another path`, {
    subject: path,
  });
}

/** Throws PATH_UNUSABLE unless a folder can be made at the path, or there is one that can be written into. */
export async function requireWritableFolder(path: string): Promise<void> {
  const kind = await kindOf(path);
  const above = dirname(resolve(path));
  if (kind === undefined && above !== resolve(path)) return requireWritableFolder(above);
  if (kind === 'other') {
    throw new FelfriError('PATH_UNUSABLE', `${path} is a file; give a folder, or a path that is free`, {
      subject: path,
    });
  }
  await access(path, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw systemError(error, path) ?? error;
  });
}

/** Bytes that tell what a file is. */
const BEGINNING = 65_536;

/** The first bytes of a file, at most so many. Throws PATH_UNUSABLE. */
export async function beginningOf(path: string, length = BEGINNING): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw systemError(error, path) ?? error;
  }
}

export interface OwnFile {
  /** Whether these first bytes are of a file that felfri wrote as this one; without it none is. */
  readonly isOwn?: (bytes: Uint8Array) => boolean;
  /** What the file would have to be, in a refusal. */
  readonly own?: string;
  /** Replace whatever is there, as the user said. */
  readonly overwrite?: boolean;
}

/** Throws PATH_UNUSABLE unless a file can be written at the path, OUTPUT_EXISTS where one is that felfri did not write. */
export async function requireWritableFile(
  path: string,
  { isOwn, own = 'such file that felfri wrote', overwrite = false }: OwnFile = {},
): Promise<void> {
  const kind = await kindOf(path);
  if (kind === 'folder') {
    throw new FelfriError('PATH_UNUSABLE', `${path} is a folder; give the path of a file in it`, { subject: path });
  }
  await requireWritableFolder(dirname(resolve(path)));
  if (kind === undefined || overwrite) return;
  if (isOwn?.(await beginningOf(path))) return;
  throw new FelfriError(
    'OUTPUT_EXISTS',
    `${path} is there already, and is no ${own}; it was left as it is: give another path, or --overwrite`,
    { subject: path },
  );
}

/** The real path of what is there, or of where it will be: links in the folders above are followed. */
export async function realPathOf(path: string): Promise<string> {
  const whole = resolve(path);
  const real = await realpath(whole).catch(() => undefined);
  if (real !== undefined) return real;
  const above = dirname(whole);
  return above === whole ? whole : `${await realPathOf(above)}${whole.slice(above.length)}`;
}
