/** What an error on an image says of the image: whether it, the station, or neither for sure is at fault. */
import { type ErrorCode, FelfriError } from '../../../core/errors.ts';

/** image: it will never be inspected; doubtful: it may be the image, after some tries it is; station: any image would have met it. */
export type Fault = 'image' | 'doubtful' | 'station';

const ofImage: ReadonlySet<ErrorCode> = new Set([
  'REQUEST_TOO_LARGE',
  'CONFLICT',
  'SCORE_INVALID',
  'SOURCE_NAME',
  'PRODUCT_UNKNOWN',
  'RECIPE_UNRELEASED',
]);
const doubtful: ReadonlySet<ErrorCode> = new Set(['TOO_LATE', 'PROCESS_ENDED', 'STATION_FAILED', 'INSPECTION_FAILED']);

export function faultOf(error: unknown): Fault {
  if (!(error instanceof FelfriError)) return 'doubtful';
  if (error.code.startsWith('IMAGE_') || ofImage.has(error.code)) return 'image';
  return doubtful.has(error.code) ? 'doubtful' : 'station';
}

/** As an error of felfri's, for the record. */
export const asFelfriError = (error: unknown): FelfriError =>
  error instanceof FelfriError
    ? error
    : new FelfriError('STATION_FAILED', `an error of the station: ${(error as Error).message}`, { cause: error });
