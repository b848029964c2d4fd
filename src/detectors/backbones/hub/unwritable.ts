/** What a failure to write into the cache means. */
import { FelfriError } from '../../../core/errors.ts';
import { diskFull } from '../../../core/system-errors.ts';

/** DISK_FULL, or CACHE_UNWRITABLE for all else. */
export function unwritable(path: string, error: unknown): FelfriError {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    diskFull(path, error) ??
    new FelfriError(
      'CACHE_UNWRITABLE',
      `${path}: cannot be written (${code ?? message}); give another folder (FELFRI_CACHE)`,
      { subject: path, cause: error },
    )
  );
}
