/**
 * A thousand faults: a station in a process of its own, while cameras send images and a controller asks whether it is ready, is killed, frozen,
 * and robbed of its disk and database; what it acknowledged is then read by another connection.
 *
 *     tsx bench/station-faults.ts --store sqlite|postgresql [--faults 500] [--seed 1] [--folder DIR] [--only TEXT,TEXT] [--with DIR,DIR] [--record]
 *
 * The same command with the same --folder goes on where it was broken off; --with adds what other runs found, of other seeds. Needs the right to mount a disk in memory, and PostgreSQL for its
 * part. Fails where a promise was not kept. `--record` writes bench/results/station-faults-STORE.json; the table in docs/evidence.md is printed.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeJson } from '../src/core/files.ts';
import { Random } from '../src/core/random.ts';
import setup from '../test/support/compile-sources.ts';
import { compiledFile } from '../test/support/compiled.ts';
import { SilentNetwork } from '../test/support/silent-network.ts';
import { partPng, smallBundle } from '../test/support/station.ts';
import { check, type Found } from './faults/check.ts';
import { Clients } from './faults/clients.ts';
import { Disk } from './faults/disk.ts';
import { type HerePostgres, postgresFaults } from './faults/of-postgres.ts';
import { sqliteFaults } from './faults/of-sqlite.ts';
import type { Outage } from './faults/of-station.ts';
import { Postgres } from './faults/postgres.ts';
import { readyInVain } from './faults/ready.ts';
import { StationProcess } from './faults/station.ts';
import type { Suffered } from './faults/table.ts';
import { sufferedIn, totalsOf } from './faults/totals.ts';
import { thisMachine } from './machine.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    faults: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
    with: { type: 'string', default: '' },
    record: { type: 'boolean', default: false },
  },
});
const store = values.store;
if (store !== 'sqlite' && store !== 'postgresql') throw new Error('--store is sqlite or postgresql');
const seed = Number(values.seed);
const folder = resolve(values.folder ?? `/tmp/felfri-faults-${store}`);

/** After so long without a record something is stuck. */
const STUCK_MILLIS = 90_000;
const CHECK_EVERY = 20;

mkdirSync(folder, { recursive: true });
const log = join(folder, 'faults.jsonl');
const promises = join(folder, 'promises.jsonl');
for (const file of [log, promises]) if (!existsSync(file)) writeFileSync(file, '');
await setup();

const bundle = join(folder, 'bundle');
if (!existsSync(bundle)) await smallBundle(bundle, 0.5);
const images = (await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((part) => partPng(part)))).map((b) => new Uint8Array(b));

const disk = await Disk.mount(join(folder, 'disk'));
const data = join(disk.folder, 'data');
const postgres = store === 'postgresql' ? new Postgres(join(disk.folder, 'pg')) : undefined;
await postgres?.start();
await postgres?.with((client) => client.query('alter system reset default_transaction_read_only'));
const between = join(folder, 'pg');
mkdirSync(between, { recursive: true });
const proxy = postgres && (await SilentNetwork.start(between, postgres.folder));
const database = postgres && { database: postgres.url.replace(postgres.folder, between) };
const station = new StationProcess({ bundle, data, log: join(folder, 'station.log'), ...database });
await station.start();

/** Every kind comes in a random order, and what ends or stops a process once where others come three times: it takes longer than they. */
function kindOf(index: number): string {
  const kinds = Object.keys(postgres ? postgresFaults : sqliteFaults).filter((name) =>
    values.only.split(',').some((text) => name.includes(text)),
  );
  const all = kinds.flatMap((kind) => (/SIG(KILL|TERM|STOP)/.test(kind) ? [kind] : [kind, kind, kind]));
  return Random.of(seed, 'round', Math.floor(index / all.length)).shuffle(all)[index % all.length]!;
}

function suffer(kind: string, random: Random): Promise<Outage> {
  const here = { station, disk, data, random };
  return postgres
    ? postgresFaults[kind]!({ ...here, postgres, proxy: proxy! } satisfies HerePostgres)
    : sqliteFaults[kind]!(here);
}

async function checked(): Promise<Found> {
  const now = await check(promises, data, postgres);
  await writeJson(join(folder, 'found.json'), now);
  return now;
}

/** Throws where what was left by so many ends does not hold together: the audit log, and the records' own chains. */
async function requireChains(): Promise<void> {
  const env = { ...process.env, ...(postgres && { DATABASE_URL: postgres.url }) };
  await promisify(execFile)(process.execPath, [compiledFile('cli/main'), 'audit', 'verify', '--data', data], { env });
}

let found: Found;
const begin = sufferedIn(folder).length;
const clients = new Clients(() => station.address, images, `${Date.now().toString(36)}`, promises);
try {
  await clients.recovered(performance.now(), STUCK_MILLIS);
  for (let index = begin; index < Number(values.faults); index++) {
    const kind = kindOf(index);
    const random = Random.of(seed, 'fault', index);
    await sleep(random.uniform(100, 1500));
    clients.sendings.length = 0;
    clients.askings.length = 0;
    const unasked = station.unasked;
    const at = new Date().toISOString();
    const outage = await suffer(kind, random);
    const over = performance.now();
    const recovery = await clients.recovered(over, STUCK_MILLIS);
    const wrong = outage ? readyInVain(clients, outage) : 0;
    const ended = station.unasked - unasked;
    const one: Suffered = {
      index,
      at,
      kind,
      recovery: recovery === undefined ? null : Math.round(recovery),
      readyAsked: outage
        ? clients.askings.filter((a) => a.askedAt >= outage.from && a.answeredAt <= outage.to).length
        : 0,
      readyInVain: wrong,
      unasked: ended,
    };
    appendFileSync(log, `${JSON.stringify(one)}\n`);
    console.log(`${index + 1}: ${kind}: ${JSON.stringify(one)}`);
    if (ended > 0 && !station.isRunning) await station.start();
    if (recovery === undefined) throw new Error(`nothing is recorded ${STUCK_MILLIS / 1000} s after: ${kind}`);
    if ((index + 1) % CHECK_EVERY === 0) {
      found = await checked();
      console.log(JSON.stringify({ ...found, statuses: clients.statuses }));
      if (found.lost + found.doubled + found.altered > 0)
        throw new Error(`promises are broken: ${JSON.stringify(found)}`);
    }
  }
  await clients.end();
  await station.end('SIGTERM');
  found = await checked();
  await requireChains();
} finally {
  await clients.end();
  await station.end('SIGKILL');
  proxy?.end();
  await postgres?.stop('fast').catch(() => undefined);
}
const folders = [folder, ...values.with.split(',').filter(Boolean)];
const all = folders.map((one) => JSON.parse(readFileSync(join(one, 'found.json'), 'utf8')) as Found);
const result = {
  date: new Date().toISOString(),
  machine: thisMachine(),
  node: process.version,
  store,
  seed,
  ...totalsOf(folders, all),
};
console.log(JSON.stringify(result, null, 2));
if (values.record) await writeJson(repositoryPath(`bench/results/station-faults-${store}.json`), result);
const { lost, doubled, altered, readyInVain: inVain, unasked } = result;
if (lost + doubled + altered + inVain + unasked > 0) process.exitCode = 1;
process.exit();
