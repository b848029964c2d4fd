/** What an endpoint may refuse: what all of its kind do, and what its row says. */
import { type ErrorCode, errorCodes } from '../../../core/errors.ts';
import { type Endpoint, paramsOf, queryOf } from './endpoint.ts';

/** Codes of images that lie in files; an image that is sent is none. */
const ofFiles: readonly ErrorCode[] = ['IMAGE_MISSING', 'IMAGE_IS_DIRECTORY', 'IMAGE_NAME'];

const ofImages = (Object.keys(errorCodes) as ErrorCode[]).filter(
  (code) => code.startsWith('IMAGE_') && !ofFiles.includes(code),
);

/** The codes, each once, by HTTP status. */
export function refusalsOf(row: Endpoint, method: string, path: string): Map<number, ErrorCode[]> {
  const params = paramsOf(path);
  const codes: ErrorCode[] = ['ORIGIN_REFUSED', 'STATION_FAILED', ...(row.refuses ?? [])];
  if (row.least !== 'anyone') codes.push('UNAUTHORISED', 'RECORDS_UNAVAILABLE');
  // every user is at least an operator
  if (row.least === 'engineer' || row.least === 'admin') codes.push('FORBIDDEN');
  if (row.perMinute !== 'unlimited') codes.push('RATE_EXCEEDED');
  if (params ?? queryOf(row) ?? row.body ?? row.upload) codes.push('REQUEST_INVALID');
  if (params) codes.push('NOT_FOUND');
  if (row.body ?? row.upload) codes.push('REQUEST_TOO_LARGE');
  if (method !== 'GET' && row.least !== 'anyone') codes.push('DISK_FULL');
  if (row.upload?.file === 'image') codes.push('REQUEST_TOO_SLOW', 'TOO_BUSY', ...ofImages);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes))
    byStatus.set(errorCodes[code].http, [...(byStatus.get(errorCodes[code].http) ?? []), code]);
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}
