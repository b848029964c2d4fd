/** The options of `felfri serve`, and what they mean for the station. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { given } from '../core/given.ts';
import { isLoopback } from '../core/loopback.ts';
import type { ReleasePolicy } from '../station/contract/releases.ts';
import type { StorePolicy } from '../station/contract/station.ts';
import { readTls, type Tls } from '../station/http/tls.ts';
import { ROOM_BYTES } from '../station/line/sources/room.ts';
import { recordsPlace } from '../station/records/open-records.ts';
import type { Records } from '../station/records/records.ts';
import type { RetentionLimits } from '../station/retention/retention.ts';
import type { StationSettings } from '../station/settings.ts';
import type { DeviceOption } from './options.ts';

export interface ServeOptions extends DeviceOption {
  readonly data: string;
  readonly comparisons?: string;
  readonly trustedKeys?: string;
  readonly release: ReleasePolicy;
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowHost: readonly string[];
  readonly auditHeads: readonly string[];
  readonly idleMinutes: number;
  readonly store: StorePolicy;
  readonly keepDays?: number;
  readonly keepGigabytes?: number;
  readonly keepRecordsDays?: number;
  readonly keepRecords?: number;
  readonly upgradeWithoutCopy?: boolean;
  readonly line?: string;
  readonly today?: Date;
  readonly decideWithin: number;
  readonly showFor: number;
  readonly queue: number;
  readonly workers: number;
  readonly threads?: number;
  readonly imageMegabytes: number;
  readonly imageMegapixels: number;
  readonly memory: number;
  readonly rate: number;
  readonly log: 'info' | 'warn' | 'error' | 'silent';
}

/** What TLS is spoken by, if it is. Throws OPTION_INVALID. */
export async function tlsOf({ tlsCert, tlsKey }: ServeOptions): Promise<Tls | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) return readTls(tlsCert, tlsKey);
  const missing = tlsCert === undefined ? 'tls-cert' : 'tls-key';
  throw new FelfriError('OPTION_INVALID', `TLS takes a certificate and its key: --${missing} is missing`, {
    subject: missing,
  });
}

/** Throws OPTION_INVALID where other machines could come in without saying who they are. */
async function requireAccess(records: Records, { host, data }: ServeOptions, token: string | null): Promise<void> {
  if ((await isLoopback(host)) || token !== null || (await records.users.any())) return;
  throw new FelfriError(
    'OPTION_INVALID',
    `--host ${host} lets other machines in, so a token or users are needed: give a token by FELFRI_TOKEN or --token, such as one made by: openssl rand -hex 32; or add a user: felfri user add NAME --role admin --data ${data}`,
    { subject: 'token' },
  );
}

export function retentionOf({ keepDays, keepGigabytes, keepRecordsDays, keepRecords }: ServeOptions): RetentionLimits {
  return {
    ...given({ days: keepDays }),
    ...(keepGigabytes !== undefined && { bytes: keepGigabytes * 1e9 }),
    ...given({ recordDays: keepRecordsDays, recordCount: keepRecords }),
  };
}

/** `hasSources`: whether the line gives images by itself. */
export function settingsOf(options: ServeOptions, token: string | null, hasSources: boolean): StationSettings {
  const folder = resolve(options.data);
  const cores = availableParallelism();
  return {
    folder,
    records: recordsPlace(folder, process.env),
    admit: (records) => requireAccess(records, options, token),
    store: options.store,
    release: options.release,
    retention: retentionOf(options),
    decideSeconds: options.decideWithin,
    showSeconds: options.showFor,
    ...(options.comparisons !== undefined && { comparisons: resolve(options.comparisons) }),
    ...(options.trustedKeys !== undefined && { trustedKeys: resolve(options.trustedKeys) }),
    queue: {
      limit: options.queue,
      workers: options.workers,
      threads: options.threads ?? Math.max(1, Math.floor(cores / options.workers)),
      device: options.device,
      memoryBytes: options.memory * 1e6,
      heldBytes: hasSources ? ROOM_BYTES : 0,
    },
    ...given({ upgradeWithoutCopy: options.upgradeWithoutCopy }),
    maxPixels: options.imageMegapixels * 1_000_000,
    train: {
      command: [process.execPath, ...process.execArgv, process.argv[1]!],
      threads: Math.max(1, Math.floor(cores / 2)),
    },
  };
}
