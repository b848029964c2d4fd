/**
 * One file over an unreliable network: resumed by ranges (RFC 9110, section 14), tried again after stalls, cut-offs and busy answers.
 * What the bytes are worth is for the caller to check.
 */
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FelfriError } from '../../../core/errors.ts';
import { networkFailure, PassingFault, retryAfter, statusFailure } from './failures.ts';
import { findPart, type Identity, notePart, type Part, removePart } from './part.ts';
import { type Answer, get, type Statement } from './request.ts';
import { unwritable } from './unwritable.ts';

export interface DownloadProgress {
  /** Bytes that are here, those of earlier runs among them. */
  readonly done: number;
  /** Bytes of the whole, where the server states them. */
  readonly total: number | undefined;
  /** Bytes that came in this run. */
  readonly fetched: number;
}

export interface DownloadPatience {
  /** Seconds without a byte after which a connection is given up. */
  readonly stallSeconds: number;
  /** Tries in a row that bring nothing new before the download fails. */
  readonly tries: number;
  /** Seconds before the second try; doubled each time, at most a minute. */
  readonly pauseSeconds: number;
  /** The longest wait that a server may ask for. */
  readonly longestWaitSeconds: number;
}

const usualPatience: DownloadPatience = {
  stallSeconds: 30,
  tries: 5,
  pauseSeconds: 1,
  longestWaitSeconds: 300,
};

export interface DownloadRequest {
  readonly address: URL;
  /** Where the bytes go; what lies there from an earlier try is gone on from when it is of the same file. */
  readonly part: string;
  /** Most bytes that are taken. */
  readonly limitBytes: number;
  readonly patience?: DownloadPatience;
  readonly signal?: AbortSignal;
  /** Called with what the hub states before any byte is stored; what it throws ends the download. */
  readonly onStated?: (stated: Statement) => void;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** A fault that will be tried again. */
  readonly onFault?: (message: string) => void;
}

const MOST_PAUSE_SECONDS = 60;

/**
 * Brings a file to `part`, whole, and gives what the hub stated of it. Throws DOWNLOAD_FAILED (what failed and what to do; the part
 * stays), DISK_FULL, CACHE_UNWRITABLE, INTERRUPTED when the signal is aborted, and what `onStated` throws.
 */
export async function download(request: DownloadRequest): Promise<Statement> {
  const patience = request.patience ?? usualPatience;
  const run = { fetched: 0 };
  let furthest = (await findPart(request.part, request.address.href)).bytes;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(request, patience, run);
    } catch (error) {
      if (request.signal?.aborted) throw interrupted(request);
      const failure = networkFailure(request.address, error);
      if (!(failure instanceof PassingFault)) throw failure;
      // a server that sends the same beginning again and again makes no progress
      const { bytes } = await findPart(request.part, request.address.href);
      if (bytes > furthest) tries = 1;
      furthest = Math.max(furthest, bytes);
      const wait = failure.waitSeconds ?? 0;
      if (tries >= patience.tries || wait > patience.longestWaitSeconds) throw givenUp(request, failure, tries);
      const pause = Math.max(wait, Math.min(MOST_PAUSE_SECONDS, patience.pauseSeconds * 2 ** (tries - 1)));
      request.onFault?.(`${failure.message}; trying again in ${Math.ceil(pause)} s`);
      await sleep(pause * 1000, undefined, { ...(request.signal && { signal: request.signal }) }).catch(() => {
        throw interrupted(request);
      });
    }
  }
}

function interrupted({ address }: DownloadRequest): FelfriError {
  return new FelfriError('INTERRUPTED', `${address}: stopped; run again to go on from here`, { subject: address.href });
}

function givenUp({ address }: DownloadRequest, fault: PassingFault, tries: number): FelfriError {
  const waiting = fault.waitSeconds === undefined ? '' : `, and asks to wait ${Math.ceil(fault.waitSeconds)} s`;
  return new FelfriError(
    'DOWNLOAD_FAILED',
    `${address}: ${fault.message}${waiting} (tried ${tries} ${tries === 1 ? 'time' : 'times'}); check the network and the proxy ` +
      '(HTTPS_PROXY), run again to go on from here, or bring the file from another machine (--from)',
    { subject: address.href, cause: fault },
  );
}

/** One connection's worth. Leaves in the part whatever came. */
async function attempt(
  request: DownloadRequest,
  { stallSeconds }: DownloadPatience,
  run: { fetched: number },
): Promise<Statement> {
  const { address, part } = request;
  const stop = new AbortController();
  const stall = setTimeout(() => {
    stop.abort(new PassingFault(`no byte came for ${stallSeconds} s`));
  }, stallSeconds * 1000);
  const onAbort = (): void => stop.abort();
  request.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (request.signal?.aborted) stop.abort();
    const present = await findPart(part, address.href);
    const answer = await get(address, rangeOf(present), stop.signal);
    try {
      await receive(request, present, answer, () => stall.refresh(), run);
    } finally {
      answer.response.destroy();
    }
    return answer.stated;
  } catch (error) {
    // an abort surfaces as whatever the connection made of it; its reason is what happened
    throw stop.signal.reason instanceof PassingFault ? stop.signal.reason : error;
  } finally {
    clearTimeout(stall);
    request.signal?.removeEventListener('abort', onAbort);
  }
}

function rangeOf({ bytes, of }: Part): Record<string, string> {
  if (bytes === 0 || of === undefined) return {};
  // without a strong tag the range is safe too: it is kept only if the hub states the same SHA-256 again
  return { Range: `bytes=${bytes}-`, ...(of.etag !== undefined && { 'If-Range': of.etag }) };
}

async function receive(
  request: DownloadRequest,
  present: Part,
  { response, body, broken, stated }: Answer,
  alive: () => void,
  run: { fetched: number },
): Promise<void> {
  const { address, part, limitBytes } = request;
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200 && statusCode !== 206 && statusCode !== 416) {
    throw statusFailure(address, statusCode, retryAfter(headers['retry-after'], Date.now()));
  }
  request.onStated?.(stated);
  const changed = present.of?.sha256 !== stated.sha256;
  const unsure = present.of?.etag === undefined && stated.sha256 === undefined;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const goesOn = statusCode === 206 && Number(range?.[1]) === present.bytes && !changed && !unsure;
  if (statusCode !== 200 && !goesOn) {
    const whole = stated.bytes ?? Number(/^bytes \*\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1]);
    if (statusCode === 416 && !changed && whole === present.bytes) return;
    // the part is of another version of the file, or longer than it
    await removePart(part);
    throw new PassingFault('the file on the hub has changed; starting over');
  }
  const start = goesOn ? present.bytes : 0;
  const length = headers['content-length'];
  const total = length === undefined ? stated.bytes : start + Number(length);
  if ((total ?? 0) > limitBytes) throw tooLarge(address, total!, limitBytes);
  // in this order: notes of the new version never stand beside bytes of the old one
  if (!goesOn) await removePart(part);
  if (!goesOn) await notePart(part, identityOf(address, headers.etag, stated));
  let done = start;
  const meter = new Transform({
    transform(chunk: Buffer, _, next) {
      alive();
      done += chunk.length;
      run.fetched += chunk.length;
      if (done > limitBytes) return next(tooLarge(address, done, limitBytes));
      request.onProgress?.({ done, total, fetched: run.fetched });
      next(null, chunk);
    },
  });
  await pipeline(body, meter, createWriteStream(part, { flags: goesOn ? 'a' : 'w' })).catch((error) => {
    throw error instanceof FelfriError ? error : unwritable(part, error);
  });
  const fault = broken();
  if (fault) throw fault;
  if (done !== (total ?? done)) throw new PassingFault(`the connection ended after ${done} of ${total} bytes`);
}

function identityOf(address: URL, etag: string | undefined, { sha256 }: Statement): Identity {
  const strong = etag !== undefined && !etag.startsWith('W/');
  return { address: address.href, ...(strong && { etag }), ...(sha256 !== undefined && { sha256 }) };
}

function tooLarge(address: URL, bytes: number, limit: number): FelfriError {
  return new FelfriError(
    'DOWNLOAD_FAILED',
    `${address}: is of at least ${bytes} bytes, more than the ${limit} that such a file may have; check the hub address`,
    { subject: address.href },
  );
}
