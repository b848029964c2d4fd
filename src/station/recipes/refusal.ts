/** What a change of a recipe that failed says of the records, and what its clients hear of it. */
import { errorCodes, FelfriError } from '../../core/errors.ts';

/** Whether a change was refused before anything was written; else it may be on record all the same. */
export const isRefusal = (error: unknown): boolean => error instanceof FelfriError && errorCodes[error.code].http < 500;

/** An error without the folder in it: where the station keeps things is not its clients' business. */
export function withoutPath(error: unknown, folder: string): unknown {
  if (!(error instanceof FelfriError)) return error;
  return new FelfriError(error.code, error.message.replaceAll(folder, 'the bundle'), { cause: error });
}
