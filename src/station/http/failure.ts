/** From an error to an answer: every code has one HTTP status. */
import { type ErrorCode, errorCodes, FelfriError } from '../../core/errors.ts';
import { diskFull } from '../../core/system-errors.ts';
import type { ErrorBody } from '../contract/common.ts';
import { recordsError } from '../records/database-errors.ts';

/** What Fastify and its plugins raise, by their status; their texts name the limit. */
const foreign: Record<number, ErrorCode> = { 404: 'NOT_FOUND', 413: 'REQUEST_TOO_LARGE', 429: 'RATE_EXCEEDED' };

/** The error as felfri's own; what nobody foresaw becomes STATION_FAILED, whose text tells nothing of the inside. */
export function knownError(error: unknown): FelfriError {
  if (error instanceof FelfriError) return error;
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  const full = diskFull('the data folder', error);
  if (full) return full;
  const records = recordsError(error);
  if (records) return records;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new FelfriError(foreign[statusCode] ?? 'REQUEST_INVALID', message ?? 'the request cannot be understood');
  return new FelfriError('STATION_FAILED', 'the station met an error of its own; its log has more', { cause: error });
}

/** The error for a body of a content type that its address does not take, or of none. */
export function untakenBody(got: string | undefined, takes: readonly string[]): FelfriError {
  const what = got === undefined ? 'a body without a content type' : `a body of the content type ${got.slice(0, 100)}`;
  const legal = takes.length === 0 ? 'none: send no body' : takes.join(', ');
  return new FelfriError('REQUEST_INVALID', `got ${what}; legal here is ${legal}`, { subject: 'content-type' });
}

/** Throws REQUEST_INVALID for a body that says that it is packed: the station takes bytes as they are, and would not know which were meant. */
export function requirePlainBody(encoding: string | undefined): void {
  if (encoding === undefined || ['', 'identity'].includes(encoding.trim().toLowerCase())) return;
  throw new FelfriError(
    'REQUEST_INVALID',
    `got the header content-encoding: ${encoding.slice(0, 100)}; legal is none: send the body unpacked, without that header`,
    { subject: 'content-encoding' },
  );
}

export function statusOf({ code }: FelfriError): number {
  return errorCodes[code].http;
}

export const bodyOf = (error: FelfriError): ErrorBody => error.toJSON();
