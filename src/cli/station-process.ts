/** What `felfri serve` and `felfri audit verify` do; loaded when they are asked for, so that other commands start without a server. */
import { once } from 'node:events';
import { createServer, isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { formerHash } from '../bundle/content.ts';
import { FelfriError } from '../core/errors.ts';
import type { StorePolicy } from '../station/contract/station.ts';
import { buildServer } from '../station/http/server.ts';
import { readTls, type Tls } from '../station/http/tls.ts';
import { openRecords, recordsPlace } from '../station/records/open-records.ts';
import type { AuditState, Records } from '../station/records/records.ts';
import { Retention, type RetentionLimits } from '../station/retention.ts';
import { Station, type StationSettings } from '../station/station.ts';
import type { DeviceOption } from './options.ts';
import { closeFolder, keepPrivate } from './private-files.ts';
import { isLoopback, requireStrong } from './reachable.ts';

export interface ServeOptions extends DeviceOption {
  readonly data: string;
  readonly comparisons?: string;
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowHost: readonly string[];
  readonly store: StorePolicy;
  readonly keepDays?: number;
  readonly keepGigabytes?: number;
  readonly keepRecordsDays?: number;
  readonly keepRecords?: number;
  readonly decideWithin: number;
  readonly showFor: number;
  readonly queue: number;
  readonly workers: number;
  readonly threads?: number;
  readonly imageMegabytes: number;
  readonly imageMegapixels: number;
  readonly rate: number;
  readonly log: 'info' | 'warn' | 'error' | 'silent';
}

/** What TLS is spoken by, if it is. Throws OPTION_INVALID. */
async function tlsOf({ tlsCert, tlsKey }: ServeOptions): Promise<Tls | undefined> {
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

/** Makes recipes of the bundles that are none yet, and the first of them the active one where none is. */
async function addBundles(station: Station, bundles: readonly string[]): Promise<void> {
  const change = () => ({ by: 'felfri serve', at: new Date() });
  const given: string[] = [];
  for (const bundle of bundles) {
    const { manifest, hash } = await station.queue.check(bundle);
    const hashes = [hash, formerHash(manifest)];
    const known = (await station.records.recipes()).find((recipe) => hashes.includes(recipe.bundleHash));
    if (known) given.push(known.id);
    else {
      const received = await station.bundles.copyOf(bundle, manifest);
      given.push((await station.addRecipe(received, basename(resolve(bundle)), change())).id);
    }
  }
  if (!station.active && given[0] !== undefined) await station.activate(given[0], change());
}

function addressTaken({ host, port }: ServeOptions, cause: unknown): FelfriError {
  const { code } = cause as NodeJS.ErrnoException;
  return new FelfriError(
    'ADDRESS_TAKEN',
    `cannot listen on ${host} port ${port} (${code}); choose another --port, or end what listens there`,
    { subject: 'port', cause },
  );
}

/** Throws ADDRESS_TAKEN where it could not listen, before anything is opened or changed for it. */
async function requireFreeAddress(options: ServeOptions): Promise<void> {
  const { host, port } = options;
  const trial = createServer();
  try {
    trial.listen({ host, port });
    await once(trial, 'listening');
  } catch (cause) {
    throw addressTaken(options, cause);
  } finally {
    trial.close();
  }
}

async function listen(app: FastifyInstance, options: ServeOptions): Promise<string> {
  try {
    return await app.listen({ host: options.host, port: options.port });
  } catch (cause) {
    throw addressTaken(options, cause);
  }
}

function startLine(address: string, { active, settings, records }: Station): string {
  const recipe = active ? `recipe ${active.name} (${active.detector})` : 'no recipe';
  return `felfri station at ${address}: ${recipe}, data in ${settings.folder} (${records.kind}). Ctrl-C stops it.\n`;
}

function retentionOf({ keepDays, keepGigabytes, keepRecordsDays, keepRecords }: ServeOptions): RetentionLimits {
  return {
    ...(keepDays !== undefined && { days: keepDays }),
    ...(keepGigabytes !== undefined && { bytes: keepGigabytes * 1e9 }),
    ...(keepRecordsDays !== undefined && { recordDays: keepRecordsDays }),
    ...(keepRecords !== undefined && { recordCount: keepRecords }),
  };
}

function settingsOf(options: ServeOptions, token: string | null): StationSettings {
  const folder = resolve(options.data);
  const cores = availableParallelism();
  return {
    folder,
    records: recordsPlace(folder, process.env),
    admit: (records) => requireAccess(records, options, token),
    store: options.store,
    retention: retentionOf(options),
    decideSeconds: options.decideWithin,
    showSeconds: options.showFor,
    ...(options.comparisons !== undefined && { comparisons: resolve(options.comparisons) }),
    queue: {
      limit: options.queue,
      workers: options.workers,
      threads: options.threads ?? Math.max(1, Math.floor(cores / options.workers)),
      device: options.device,
    },
    maxPixels: options.imageMegapixels * 1_000_000,
    train: {
      command: [process.execPath, ...process.execArgv, process.argv[1]!],
      threads: Math.max(1, Math.floor(cores / 2)),
    },
  };
}

/**
 * Runs the station until the signal; then answers what it accepted. A start that fails changes nothing. Throws OPTION_INVALID, ADDRESS_TAKEN,
 * FOLDER_IN_USE, RECORDS_UNAVAILABLE and BUNDLE_ codes.
 */
export async function serve(bundles: readonly string[], options: ServeOptions, signal: AbortSignal): Promise<void> {
  const token = requireStrong(options.token ?? process.env['FELFRI_TOKEN']);
  keepPrivate();
  const tls = await tlsOf(options);
  await requireFreeAddress(options);
  const station = await Station.open(settingsOf(options, token));
  await closeFolder(options.data);
  const retention = new Retention(station, retentionOf(options));
  let app: FastifyInstance | undefined;
  try {
    await addBundles(station, bundles);
    app = await buildServer(station, {
      hosts: [...options.allowHost, ...(isIP(options.host) === 0 ? [options.host] : [])],
      token,
      ...(tls && { tls }),
      local: await isLoopback(options.host),
      imageBytes: options.imageMegabytes * 1024 * 1024,
      requestsPerMinute: options.rate,
      logger: { level: options.log, stream: process.stderr },
    });
    const address = await listen(app, options);
    const { log } = app;
    station.alarms.listen((alarm) => log.error(alarm, 'alarm'));
    station.begin();
    retention.start((err) => log.error({ err }, 'what is kept no longer could not be removed'));
    process.stdout.write(startLine(address, station));
    for (const { message } of station.alarms.all) process.stderr.write(`Alarm: ${message}\n`);
    if (!station.active && station.inactiveReason === null)
      process.stdout.write(
        `It has no recipe yet. Give it a bundle: felfri serve bundles/flow --data ${options.data}, or upload one on the page.\n`,
      );
    if (!signal.aborted)
      await new Promise<void>((stop) => signal.addEventListener('abort', () => stop(), { once: true }));
  } finally {
    // first no more images, then the answers to those that were taken
    await Promise.all([station.queue.drain(), app?.close(), retention.stop()]);
    await station.close();
  }
}

/** Follows the chain of the audit log of a data folder. Throws AUDIT_BROKEN or RECORDS_UNAVAILABLE. */
export async function verifyAudit(folder: string, head: string | undefined): Promise<AuditState> {
  const records = await openRecords(recordsPlace(resolve(folder), process.env), 'existing');
  try {
    return await records.verifyAudit(head);
  } finally {
    await records.close();
  }
}
