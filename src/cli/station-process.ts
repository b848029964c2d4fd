/** What `felfri serve` does; loaded when it is asked for, so that other commands start without a server. */
import { once } from 'node:events';
import { createServer, isIP } from 'node:net';
import { basename, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { formerHash } from '../bundle/content.ts';
import { readTrustedKeys } from '../bundle/signature/trusted-keys.ts';
import { FelfriError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import { mostPixels } from '../data/image/memory.ts';
import { headPlace } from '../station/audit/heads/places.ts';
import { AuditWatch } from '../station/audit/watch.ts';
import { buildServer } from '../station/http/server.ts';
import { findLineFile } from '../station/line/file.ts';
import { Line } from '../station/line/line.ts';
import { RetentionClock } from '../station/retention/clock.ts';
import { Retention } from '../station/retention/retention.ts';
import { Station } from '../station/station.ts';
import { Warnings } from '../station/warnings/warnings.ts';
import { closeFolder, keepPrivate } from './private-files.ts';
import { requireStrong } from './reachable.ts';
import { retentionOf, type ServeOptions, settingsOf, tlsOf } from './serve-settings.ts';

/** Makes recipes of the bundles that are none yet, and the first of them the active one where none is. */
async function addBundles({ recipes, records, queue }: Station, bundles: readonly string[]): Promise<void> {
  const change = () => ({ by: 'felfri serve', at: new Date() });
  const given: string[] = [];
  for (const bundle of bundles) {
    const { manifest, hash } = await queue.beside.check(bundle);
    const hashes = [hash, formerHash(manifest)];
    const same = (await records.recipes()).filter((recipe) => hashes.includes(recipe.bundleHash));
    const trusted = await Promise.all(same.map(({ id }) => recipes.isTrusted(id)));
    const known = same.find((_, i) => trusted[i]);
    if (known) given.push(known.id);
    else {
      const received = await recipes.bundles.copyOf(bundle, manifest);
      given.push((await recipes.add(received, basename(resolve(bundle)), change())).id);
    }
  }
  const first = given[0];
  if (recipes.active || first === undefined) return;
  await recipes.activate(first, change()).catch((error: unknown) => {
    if (!(error instanceof FelfriError && error.code === 'RECIPE_UNRELEASED')) throw error;
    process.stderr.write(`Not activated: ${error.message}\n`);
  });
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

/** The largest images that memory allows, beside what the active recipe takes. */
function memoryLine({ recipes, settings, queue }: Station): string {
  const { memoryBytes } = queue.settings;
  if (!recipes.active || memoryBytes === undefined) return '';
  const largest = (sample: 'uint8' | 'uint16'): number =>
    Math.floor(Math.min(settings.maxPixels, mostPixels(queue.memory.bytes, sample)) / 1e6);
  const [all, images] = [memoryBytes, queue.memory.bytes].map((bytes) => Math.round(bytes / 1e6));
  return `Images of up to ${largest('uint8')} megapixels of 8 bits or ${largest('uint16')} of 16: ${images} of ${all} MB of memory are for them (--memory).\n`;
}

function startLine(address: string, station: Station): string {
  const { settings, records } = station;
  const { active } = station.recipes;
  const recipe = active ? `recipe ${active.name} (${active.detector})` : 'no recipe';
  return `felfri station at ${address}: ${recipe}, data in ${settings.folder} (${records.kind}). Ctrl-C stops it.\n${memoryLine(station)}`;
}

/** Where the records of before are, for who wants to go back. */
function upgradeLine({ upgraded }: Station): string {
  if (!upgraded) return '';
  const { from, to, copy } = upgraded;
  const before = copy === null ? 'No copy of before was made.' : `As they were before they are in ${copy}.`;
  return `The records were of an older felfri and were brought from step ${from} to ${to}. ${before}\n`;
}

/** In which a stop in order must be over: what supervisors such as systemd allow at the least. */
const STOP_MILLIS = 18_000;

/** A database or disk that does not answer must not keep a stopped station: what was acknowledged is on record, and the rest was not. */
function endHardLater(): void {
  const end = (): void => {
    process.stderr.write(`The station did not stop within ${STOP_MILLIS / 1000} seconds and is ended hard.\n`);
    // an exit would wait for threads that wait themselves
    process.kill(process.pid, 'SIGKILL');
  };
  setTimeout(end, STOP_MILLIS).unref();
}

/**
 * Runs the station until the signal; then answers what it accepted. A start that fails changes nothing. Throws OPTION_INVALID, ADDRESS_TAKEN,
 * FOLDER_IN_USE, RECORDS_UNAVAILABLE and BUNDLE_ codes.
 */
export async function serve(bundles: readonly string[], options: ServeOptions, signal: AbortSignal): Promise<void> {
  const token = requireStrong(options.token ?? process.env['FELFRI_TOKEN']);
  keepPrivate();
  // other accounts see the arguments of a process, until they are written over
  if (options.token !== undefined) process.title = 'felfri serve';
  const tls = await tlsOf(options);
  const lineFile = await findLineFile(options.line, resolve(options.data));
  const places = options.auditHeads.map((place) => headPlace(place, resolve(options.data)));
  if (options.trustedKeys !== undefined) await readTrustedKeys(options.trustedKeys);
  await requireFreeAddress(options);
  const station = await Station.open(settingsOf(options, token, (lineFile?.sources.length ?? 0) > 0));
  await closeFolder(options.data);
  const retention = new Retention(station, retentionOf(options));
  const { alarms } = station;
  const newest = (await station.records.newest()).at;
  const clock = await RetentionClock.open(resolve(options.data), {
    alarms,
    newest,
    ...(options.today && { today: options.today }),
  });
  const watch = new AuditWatch(station, places);
  const { records } = station;
  const warnings = new Warnings({
    alarms,
    records,
    folder: station.settings.folder,
    ...(tls && { certificate: tls.cert }),
  });
  const line = lineFile && new Line(lineFile, station, token);
  let app: FastifyInstance | undefined;
  try {
    await addBundles(station, bundles);
    app = await buildServer(station, {
      hosts: [...options.allowHost, ...(isIP(options.host) === 0 ? [options.host] : [])],
      token,
      ...(tls && { tls }),
      local: await isLoopback(options.host),
      idleMinutes: options.idleMinutes,
      imageBytes: options.imageMegabytes * 1024 * 1024,
      requestsPerMinute: options.rate,
      ...(line && { line }),
      warnings,
      logger: { level: options.log, stream: process.stderr },
    });
    const address = await listen(app, options);
    const { log } = app;
    station.alarms.listen((alarm) => log.error(alarm, 'alarm'));
    station.begin();
    line?.begin();
    watch.start();
    warnings.start((err) => log.error({ err }, 'what may hurt soon could not be looked at'));
    retention.start(clock, (err) => log.error({ err }, 'what is kept no longer could not be removed'));
    process.stdout.write(startLine(address, station) + upgradeLine(station));
    for (const { message } of station.alarms.all) process.stderr.write(`Alarm: ${message}\n`);
    if (!station.recipes.active && station.recipes.inactiveReason === null)
      process.stdout.write(
        `It has no recipe yet. Give it a bundle: felfri serve bundles/flow --data ${options.data}, or upload one on the page.\n`,
      );
    if (!signal.aborted)
      await new Promise<void>((stop) => signal.addEventListener('abort', () => stop(), { once: true }));
  } finally {
    endHardLater();
    // first no more images, then the answers to those that were taken
    await Promise.all([line?.closeSources(), station.queue.drain(), app?.close(), retention.stop()]);
    await line?.close();
    await Promise.all([watch.stop(), warnings.stop()]);
    await station.close();
  }
}
