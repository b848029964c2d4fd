/** `felfri serve` and `felfri audit verify`. */
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { StorePolicy } from '../../station/contract/station.ts';
import { buildServer } from '../../station/http/server.ts';
import { bundleHash } from '../../station/recipe-bundles.ts';
import { openRecords, recordsPlace } from '../../station/records/open-records.ts';
import { Station } from '../../station/station.ts';
import { oneOf, whole } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface ServeOptions {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly allowHost: readonly string[];
  readonly store: StorePolicy;
  readonly queue: number;
  readonly workers: number;
  readonly threads?: number;
  readonly imageMegabytes: number;
  readonly imageMegapixels: number;
  readonly rate: number;
  readonly log: 'info' | 'warn' | 'error' | 'silent';
}

const TOKEN_LENGTH = 16;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** The token that is demanded; null where only this machine can reach the station and none is given. Throws OPTION_INVALID. */
function tokenOf({ host, token = process.env['FELFRI_TOKEN'] }: ServeOptions): string | null {
  if (token === undefined) {
    if (isLoopback(host)) return null;
    throw new FelfriError(
      'OPTION_INVALID',
      `--host ${host} lets other machines in, so a token is needed: give one by FELFRI_TOKEN or --token, such as one made by: openssl rand -hex 32`,
      { subject: 'token' },
    );
  }
  if (token.length >= TOKEN_LENGTH) return token;
  throw new FelfriError(
    'OPTION_INVALID',
    `the token has ${token.length} characters; legal are at least ${TOKEN_LENGTH}`,
    {
      subject: 'token',
    },
  );
}

/** Makes recipes of the bundles that are none yet, and the first of them the active one where none is. */
async function addBundles(station: Station, bundles: readonly string[]): Promise<void> {
  const change = () => ({ by: 'felfri serve', at: new Date() });
  const given: string[] = [];
  for (const bundle of bundles) {
    const manifest = await station.queue.check(bundle);
    const hash = bundleHash(manifest);
    const known = (await station.records.recipes()).find((recipe) => recipe.bundleHash === hash);
    if (known) given.push(known.id);
    else {
      const received = await station.bundles.copyOf(bundle, manifest);
      given.push((await station.addRecipe(received, basename(resolve(bundle)), change())).id);
    }
  }
  if (!station.active && given[0] !== undefined) await station.activate(given[0], change());
}

async function listen(app: FastifyInstance, { host, port }: ServeOptions): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new FelfriError(
      'ADDRESS_TAKEN',
      `cannot listen on ${host} port ${port} (${code}); choose another --port, or end what listens there`,
      { subject: 'port', cause },
    );
  }
}

function startLine(address: string, { active, settings, records }: Station): string {
  const recipe = active ? `recipe ${active.name} (${active.detector})` : 'no recipe';
  return `felfri station at ${address}: ${recipe}, data in ${settings.folder} (${records.kind}). Ctrl-C stops it.\n`;
}

async function serve(bundles: readonly string[], options: ServeOptions, signal: AbortSignal): Promise<number> {
  const token = tokenOf(options);
  const folder = resolve(options.data);
  const cores = availableParallelism();
  const station = await Station.open({
    folder,
    records: recordsPlace(folder, process.env),
    store: options.store,
    queue: {
      limit: options.queue,
      workers: options.workers,
      threads: options.threads ?? Math.max(1, Math.floor(cores / options.workers)),
    },
    maxPixels: options.imageMegapixels * 1_000_000,
  });
  let app: FastifyInstance | undefined;
  try {
    await addBundles(station, bundles);
    app = await buildServer(station, {
      hosts: [...options.allowHost, ...(isIP(options.host) === 0 ? [options.host] : [])],
      token,
      imageBytes: options.imageMegabytes * 1024 * 1024,
      requestsPerMinute: options.rate,
      logger: { level: options.log, stream: process.stderr },
    });
    const address = await listen(app, options);
    process.stdout.write(startLine(address, station));
    if (!station.active)
      process.stdout.write(
        `It has no recipe yet. Give it a bundle: felfri serve bundles/flow --data ${options.data}, or upload one on the page.\n`,
      );
    if (!signal.aborted)
      await new Promise<void>((stop) => signal.addEventListener('abort', () => stop(), { once: true }));
    return exitCode.ok;
  } finally {
    // first no more images, then the answers to those that were taken
    await Promise.all([station.queue.drain(), app?.close()]);
    await station.close();
  }
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description('the station: inspect, review and tune by a web page and HTTP; keeps every result')
    .argument('[bundles...]', 'folders that felfri train wrote; each becomes a recipe, the first the active one')
    .option('--data <folder>', 'where recipes, records and images are kept', 'felfri-station')
    .option('--port <n>', 'port to listen on; 0 takes a free one', whole(0), 7350)
    .option('--host <address>', 'address to listen on; other than loopback needs a token', '127.0.0.1')
    .option('--token <text>', 'what every request must bring (default: FELFRI_TOKEN)')
    .option(
      '--allow-host <name>',
      'a further host name by which browsers address it; may be repeated',
      (name: string, names: string[]) => [...names, name],
      [],
    )
    .option('--store <which>', 'images to keep: all, ng (NG and REVIEW), none', oneOf('all', 'ng', 'none'), 'ng')
    .option('--queue <n>', 'images that may wait at a time; more are turned away with 503', whole(1), 32)
    .option('--workers <n>', 'images that are inspected at a time', whole(1), 1)
    .option('--threads <n>', 'threads of each worker (default: all cores, shared out)', whole(1))
    .option('--image-megabytes <n>', 'largest image file', whole(1), 32)
    .option('--image-megapixels <n>', 'largest image', whole(1), 50)
    .option('--rate <n>', 'requests a minute from one address', whole(1), 6000)
    .option('--log <level>', 'JSON lines on standard error', oneOf('info', 'warn', 'error', 'silent'), 'warn')
    .addHelpText(
      'after',
      '\nDATABASE_URL=postgres://... keeps the records in PostgreSQL instead of SQLite in the data folder.',
    )
    .action((bundles: string[], options: ServeOptions) =>
      runCommand({ quiet: true }, ({ signal }) => serve(bundles, options, signal)),
    );
}

function addAudit(program: Command): void {
  program
    .command('audit')
    .description('the station’s log of who changed what')
    .command('verify')
    .description('follow its chain of hashes and say whether it holds')
    .option('--data <folder>', 'data folder of the station', 'felfri-station')
    .option('--head <hash>', 'hash noted at an earlier time, which must still be in the chain')
    .option('--json', 'one JSON object')
    .action((options: OutputOptions & { data: string; head?: string }) =>
      runCommand(options, async () => {
        const records = await openRecords(recordsPlace(resolve(options.data), process.env), 'existing');
        try {
          const state = await records.verifyAudit(options.head);
          print(
            options,
            state,
            `The chain holds: ${state.entries} entries. Note its head, to prove later that none was cut off:\n${state.head}`,
          );
          return exitCode.ok;
        } finally {
          await records.close();
        }
      }),
    );
}

export function addStationCommands(program: Command): void {
  addServe(program);
  addAudit(program);
}
