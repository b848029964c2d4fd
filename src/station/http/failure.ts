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

export function statusOf({ code }: FelfriError): number {
  return errorCodes[code].http;
}

export const bodyOf = (error: FelfriError): ErrorBody => error.toJSON();
