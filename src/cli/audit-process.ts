/** What `felfri audit` does; loaded when it is asked for. */
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FelfriError } from '../core/errors.ts';
import { given } from '../core/given.ts';
import { systemError } from '../core/system-errors.ts';
import { exportedAudit } from '../station/audit/export.ts';
import { parseHeads } from '../station/audit/heads/head.ts';
import { auditSearchOf } from '../station/audit/search.ts';
import type { AuditFilter, AuditFormat } from '../station/contract/audit.ts';
import { openRecords, recordsPlace } from '../station/records/open-records.ts';
import type { AuditState, NotedHead, Records } from '../station/records/records.ts';

async function withRecords<T>(folder: string, work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openRecords(recordsPlace(resolve(folder), process.env), { mustExist: true });
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}

/** Follows the chain of the audit log of a data folder, and compares the records with it. Throws AUDIT_BROKEN, RECORDS_ALTERED, RECORDS_UNAVAILABLE, OPTION_INVALID. */
export async function verifyAudit(
  folder: string,
  { head, heads }: { readonly head?: string; readonly heads?: string },
): Promise<AuditState> {
  const noted: NotedHead[] = head === undefined ? [] : [{ head }];
  if (heads !== undefined) noted.push(...parseHeads(await readFile(heads, 'utf8'), heads));
  return withRecords(folder, async (records) => {
    const state = await records.verifyAudit(noted);
    await records.verifyRecords(undefined, noted);
    return state;
  });
}

export interface ExportWish extends Omit<AuditFilter, 'from' | 'to'> {
  readonly format: AuditFormat;
  readonly out?: string;
  readonly from?: Date;
  /** The whole of this day is in it. */
  readonly to?: Date;
}

const DAY = 24 * 3600 * 1000;

function searchOf({ action, about, subject, by, from, to }: ExportWish) {
  const last = to && new Date(to.getTime() + DAY - 1);
  return auditSearchOf(
    given({ action, about, subject, by, from: from?.toISOString(), to: last?.toISOString() }) as AuditFilter,
  );
}

/**
 * Writes the entries to a new file, or to standard output, and counts them. Throws PATH_UNUSABLE where something is there already, REQUEST_INVALID
 * for an action that there is not, RECORDS_UNAVAILABLE, INTERRUPTED.
 */
export function exportAudit(folder: string, wish: ExportWish, signal: AbortSignal): Promise<number> {
  const search = searchOf(wish);
  return withRecords(folder, async (records) => {
    const names = new Map((await records.recipes()).map(({ id, name }) => [id, name]));
    let entries = 0;
    const counted = {
      allAuditEntries: async function* (asked: typeof search) {
        for await (const entry of records.allAuditEntries(asked)) {
          entries++;
          yield entry;
        }
      },
    };
    const pieces = exportedAudit(counted, { format: wish.format, search, names });
    if (wish.out === undefined) await toOutput(pieces, signal);
    else await toFile(pieces, wish.out, signal);
    return entries;
  });
}

const interrupted = (): FelfriError => new FelfriError('INTERRUPTED', 'stopped before the last entry was written');

async function toOutput(pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  for await (const piece of pieces) {
    if (signal.aborted) throw interrupted();
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain', { signal }).catch(() => undefined);
  }
}

async function toFile(pieces: AsyncIterable<string>, path: string, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw systemError(error, path) ?? error;
  });
  try {
    await pipeline(Readable.from(pieces), file.createWriteStream(), { signal });
  } catch (error) {
    // half of a log must not be taken for all of it
    await rm(path, { force: true });
    if (signal.aborted) throw interrupted();
    throw systemError(error, path) ?? error;
  }
}
