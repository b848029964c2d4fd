/**
 * Parts through every output of a line at once, while the station, its workers and the other sides are killed at random, the disk is full, and
 * PostgreSQL goes away: how many were lost, doubled, or falsely OK at the other side.
 *
 *     tsx bench/line-faults.ts [--store sqlite|postgresql] [--parts 200] [--seed 1] [--each 0] [--pause 120] [--seconds 0]
 *       [--only OUTPUT]... [--network] [--record]
 *
 * `--each`: goes on, also beyond `--parts`, until every kind of fault came so many times. `--pause`: most milliseconds between two parts.
 * `--network` cuts the network between all of them too; it asks for one of its own:
 *
 *     unshare --net sh -c 'ip link set lo up && npm run bench:line -- --network'
 *
 * Needs mosquitto, PostgreSQL for its part, and the right to mount a disk in memory. `opcua` is left out unless it is named by `--only`, since it
 * needs test/line/environment.sh (FELFRI_TEST_LINE). `--seconds`: sends no more parts after so many. Fails where a promise of
 * docs/guide/integrator.md was not kept. `--record` adds the run to bench/results/line-faults-STORE.json, with its seed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeJson } from '../src/core/files.ts';
import { Random } from '../src/core/random.ts';
import type { Line } from '../src/station/contract/line.ts';
import type { PartRecord } from '../src/station/contract/not-inspected.ts';
import setup from '../test/support/compile-sources.ts';
import { freePort } from '../test/support/line.ts';
import { Mosquitto } from '../test/support/mosquitto.ts';
import { partPng, smallBundle } from '../test/support/station.ts';
import { until } from '../test/support/until.ts';
import { linePlace } from './faults/line-place.ts';
import { countedRow, type Row } from './faults/line-row.ts';
import { cutNetwork, requireOwnNetwork } from './faults/network.ts';
import { StationProcess } from './faults/station.ts';
import { LinesReader, ModbusReader, MqttReader, type Reader, WebhookReader } from './line-readers.ts';
import { thisMachine } from './machine.ts';
import { OpcuaReader } from './opcua-reader.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string', default: 'sqlite' },
    each: { type: 'string', default: '0' },
    pause: { type: 'string', default: '120' },
    seconds: { type: 'string', default: '0' },
    network: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    record: { type: 'boolean', default: false },
  },
});
const { store } = values;
if (store !== 'sqlite' && store !== 'postgresql') throw new Error('--store is sqlite or postgresql');
const mostParts = Number(values.parts);
const mostSeconds = Number(values.seconds) || Number.POSITIVE_INFINITY;
if (values.network) requireOwnNetwork();
const random = Random.of(Number(values.seed), 'line faults');
const pauseMillis = Number(values.pause);
const each = Number(values.each);

await setup();
const folder = await mkdtemp(join(tmpdir(), 'felfri-line-faults-'));
const place = await linePlace(folder, store);
const { data, troubles } = place;
const [hook, text, plc, ua] = [await freePort(), await freePort(), await freePort(), await freePort()];
const broker = await Mosquitto.start(await mkdtemp(join(folder, 'broker-')));
const second = await Mosquitto.start(await mkdtemp(join(folder, 'broker-')));
const readers = {
  webhook: new WebhookReader(hook),
  lines: new LinesReader(text),
  'mqtt, broker alone': new MqttReader(broker, 'felfri/bench', false),
  'mqtt, acknowledged': new MqttReader(second, 'felfri/bench', true),
  modbus: new ModbusReader(plc),
  opcua: new OpcuaReader(ua),
} satisfies Record<string, Reader>;
type Output = keyof typeof readers;
const outputs = (Object.keys(readers) as Output[]).filter((one) => values.only?.includes(one) ?? one !== 'opcua');
const nameOf = (output: Output): string => output.replaceAll(/[ ,]+/g, '-');
const settings: Record<Output, object> = {
  webhook: { kind: 'webhook', url: `http://127.0.0.1:${hook}/`, secret: 'x'.repeat(32), states: false },
  lines: { kind: 'lines', port: text, acknowledgeSeconds: 1 },
  'mqtt, broker alone': { kind: 'mqtt', url: broker.url },
  'mqtt, acknowledged': { kind: 'mqtt', url: second.url, acknowledge: true, acknowledgeSeconds: 1 },
  modbus: { kind: 'modbus', port: plc },
  opcua: { kind: 'opcua', port: ua, anonymous: true },
};
const file = { station: 'bench', outputs: Object.fromEntries(outputs.map((one) => [nameOf(one), settings[one]])) };

const bundle = await smallBundle(join(folder, 'passes'), 2);
const database = place.database === undefined ? {} : { database: place.database };
const station = new StationProcess({ bundle, data, log: join(folder, 'station.log'), ...database });
await station.start();
const ask = async <T>(path: string): Promise<T> => (await (await fetch(`${station.address}${path}`)).json()) as T;
const { recipes } = await ask<{ recipes: { id: string }[] }>('/api/recipes');
const recipe = recipes[0]!.id;
await station.end('SIGTERM');
await writeFile(join(data, 'line.json'), JSON.stringify(file));
await station.start();
for (const output of outputs) await readers[output].start();

/** Sends a part until it has a decision on record, as the client does: always under the same resultId. */
async function send(number: number, image: Uint8Array<ArrayBuffer>): Promise<void> {
  const resultId = `part-${number}`;
  for (;;) {
    const path = `/api/inspections?resultId=${resultId}&part=${resultId}`;
    const answer = await fetch(`${station.address}${path}`, {
      method: 'POST',
      body: image,
      headers: { 'content-type': 'image/png' },
      signal: AbortSignal.timeout(15_000),
    }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
}

/** By which all parts that follow are OK, or NG. */
async function setThreshold(ng: number): Promise<void> {
  await fetch(`${station.address}/api/recipes/${recipe}`, {
    method: 'PATCH',
    body: JSON.stringify({ ng }),
    headers: { 'content-type': 'application/json' },
  }).catch(() => undefined);
}

/** Ends processes that the station started, by what they run. */
const endChildren = (program: string) => async (): Promise<void> => {
  for (const pid of station.children()) {
    const path = `/proc/${pid}/cmdline`;
    if (existsSync(path) && readFileSync(path, 'utf8').includes(program)) process.kill(pid, 'SIGKILL');
  }
};
const kills: Record<string, (random: Random) => Promise<void>> = {
  ...troubles,
  worker: endChildren('inspecting/process'),
  ...(outputs.includes('opcua') && { 'opcua server': endChildren('opcua/process') }),
  ...(values.network && { network: cutNetwork }),
};
const victims = ['station', ...Object.keys(kills), ...outputs];

const faults: Record<string, number> = {};
/** What has not met its faults yet. */
const due = () => victims.filter((one) => (faults[one] ?? 0) < each);
let isOver = false;
async function trouble(): Promise<void> {
  while (!isOver) {
    await sleep(random.uniform(500, 1500));
    const left = due();
    const victim = random.pick(left.length > 0 ? left : victims);
    faults[victim] = (faults[victim] ?? 0) + 1;
    if (victim === 'station') {
      await station.end('SIGKILL');
      await station.start();
    } else if (kills[victim]) {
      await kills[victim](random);
    } else {
      const reader = readers[victim as Output];
      await reader.kill();
      await sleep(random.uniform(100, 900));
      await reader.start();
    }
  }
}

const images = (await Promise.all([1, 2, 3, 4].map((part) => partPng(part)))).map((png) => new Uint8Array(png));
const begin = performance.now();
const troubling = trouble();
let parts = 0;
const isTime = () => performance.now() - begin < 1000 * mostSeconds;
for (let number = 0; (number < mostParts || due().length > 0) && isTime(); number++) {
  if (number % 5 === 0) await setThreshold(number % 10 ? 0 : 2);
  await send(number, images[number % images.length]!);
  parts++;
  if (parts % 100 === 0)
    console.error(`${parts} parts, ${Object.values(faults).reduce((sum, one) => sum + one, 0)} faults`);
  await sleep(random.uniform(0, pauseMillis));
}
isOver = true;
await troubling;
const told = async () => (await ask<Line>('/api/line')).outputs;
await until(async () => (await told()).every(({ waiting }) => waiting === 0), 'nothing waits', 180_000).catch(
  async (error: unknown) => {
    console.error(JSON.stringify(await told(), null, 1), folder);
    throw error;
  },
);
await sleep(500);

const records: PartRecord[] = [];
for (let before = ''; ; ) {
  const page = await ask<{ inspections: PartRecord[]; next: string | null }>(`/api/inspections?limit=100${before}`);
  records.push(...page.inspections);
  if (page.next === null) break;
  before = `&before=${page.next}`;
}
const decided = new Map(
  records.filter(({ decision }) => decision !== 'NOT_INSPECTED').map((one) => [one.resultId!, one]),
);
const noted = await place.noted();
const rows = Object.fromEntries(
  outputs.map((output) => [
    output,
    countedRow(
      decided,
      noted.filter((one) => one.output === nameOf(output)),
      readers[output].received,
    ),
  ]),
) as Record<Output, Row>;
const unsent = outputs.filter(
  (output) => noted.filter((one) => one.output === nameOf(output)).length !== records.length,
);
const result = {
  at: new Date().toISOString(),
  machine: thisMachine(),
  store,
  parts,
  seed: Number(values.seed),
  seconds: Math.round((performance.now() - begin) / 1000),
  decisions: Object.fromEntries(
    ['OK', 'NG'].map((d) => [d, [...decided.values()].filter((one) => one.decision === d).length]),
  ),
  faults,
  outputs: rows,
};
console.log(JSON.stringify(result, null, 1));
if (values.record) {
  const path = repositoryPath(`bench/results/line-faults-${store}.json`);
  const { runs } = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as { runs: unknown[] }) : { runs: [] };
  await writeJson(path, { runs: [...runs, result] });
}

await station.end('SIGTERM');
for (const output of outputs) await readers[output].kill();
readers['mqtt, broker alone'].end();
readers['mqtt, acknowledged'].end();
for (const one of [broker, second]) await one.stop('SIGKILL');
await place.end();
await rm(folder, { recursive: true, force: true });
// what a killed broker had acknowledged is gone with it, which nothing but the reader's word survives
const promised = outputs.filter((output) => output !== 'mqtt, broker alone');
const broken = outputs.some((output) => rows[output]!.falselyOk + rows[output]!.doubledUnseen > 0);
if (broken || unsent.length > 0 || promised.some((output) => rows[output]!.lost !== 0)) {
  console.error('A promise was not kept.');
  process.exit(1);
}
process.exit(0);
