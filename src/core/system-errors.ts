/** What the operating system refuses, as errors of felfri's own that name the path: a user can meet them, and none is a fault of the program. */
import { type ErrorCode, FelfriError } from './errors.ts';

interface Refusal {
  readonly code: Extract<ErrorCode, 'DISK_FULL' | 'PATH_UNUSABLE'>;
  /** After the path, in a message. */
  readonly says: string;
  readonly remedy: string;
}

const unusable = (says: string, remedy: string): Refusal => ({ code: 'PATH_UNUSABLE', says, remedy });
const full: Refusal = {
  code: 'DISK_FULL',
  says: 'there is no space left to write it',
  remedy: 'free some, or raise the limit, and run again (a training with --resume)',
};
const rights = unusable('the right to use it is missing', 'change its permissions, or give another path');
const busy = unusable('too many files are open', 'close other programs, or raise the limit (ulimit -n)');

/** By the system's own name of the error. */
const refusals: Readonly<Record<string, Refusal>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: rights,
  EPERM: rights,
  EROFS: unusable('the file system is read-only', 'give a path elsewhere'),
  ENOTDIR: unusable('a file stands where a folder should be', 'give another path'),
  EEXIST: unusable('something of that name is there already', 'give another path'),
  EISDIR: unusable('a folder stands where a file should be', 'give the path of a file'),
  ENOTEMPTY: unusable('the folder is not empty', 'give another folder, or empty it'),
  ENOENT: unusable('there is nothing of that name', 'check the path'),
  ENAMETOOLONG: unusable('the name is too long', 'give a shorter one'),
  ELOOP: unusable('its links lead round in a circle', 'check where they lead'),
  EMFILE: busy,
  ENFILE: busy,
  EBUSY: unusable('another program uses it', 'end that program, and run again'),
  ETXTBSY: unusable('another program uses it', 'end that program, and run again'),
  EXDEV: unusable('it lies on another file system', 'give a path on the same one'),
  EIO: unusable('the device cannot read or write it', 'check the disk, or the share'),
  ESTALE: unusable('the share that it lies on has changed', 'mount it again'),
};

/**
 * The coded error that an error of the file system means, naming the path that it is about: the one given, else the system's. Undefined for
 * all other errors, also those of the network.
 */
export function systemError(error: unknown, path?: string): FelfriError | undefined {
  const { code, path: own, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const about = path ?? own;
  const refusal = code === undefined ? undefined : refusals[code];
  if (refusal === undefined || syscall === undefined || (about === undefined && refusal !== full)) return undefined;
  const where = about === undefined ? 'the output' : about;
  const through = own !== undefined && path !== undefined && own !== path && !own.startsWith(path) ? ` at ${own}` : '';
  return new FelfriError(refusal.code, `${where}: ${refusal.says}${through} (${code}); ${refusal.remedy}`, {
    ...(about !== undefined && { subject: about }),
    cause: error,
  });
}

/** DISK_FULL when that is what the error of writing `path` means, else undefined. */
export function diskFull(path: string, error: unknown): FelfriError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || refusals[code] !== full) return undefined;
  return new FelfriError('DISK_FULL', `${path}: ${full.says} (${code}); ${full.remedy}`, {
    subject: path,
    cause: error,
  });
}
