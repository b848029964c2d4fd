/**
 * The station under load, through HTTP on this machine: how many images it takes, how long answers take near that, what happens beyond it,
 * and whether a record is ever lost or made twice.
 *
 *     tsx bench/station-load.ts [--minutes 10] [--threads 1] [--record] [--bundle bundles/flow --images photos/]
 *
 * Without --bundle it trains a flow at 256 px on simulated parts first, and sends those. Images are sent at fixed times, whether or not earlier
 * ones were answered, and latency counts from the time at which an image was due, so that a station that stalls cannot make its clients wait and
 * look quick. Client and station share the machine. `--record` writes bench/results/station.json; the table in docs/station.md is printed. Fails where an acknowledged inspection is lost or on record twice, or an image got neither a decision nor a 503.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { makeSimulatedRecipe } from '../scripts/simulated-recipe.ts';
import { repositoryPath } from '../scripts/write-document.ts';
import { writeJson } from '../src/core/files.ts';
import { latencyOf } from '../src/jobs/bench-bundle.ts';
import type { Inspection } from '../src/station/contract/inspections.ts';
import type { PartRecordPage } from '../src/station/contract/not-inspected.ts';
import { isDecided } from '../src/station/decided.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    images: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    threads: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
  },
});
if ((values.bundle === undefined) !== (values.images === undefined))
  throw new Error('give --bundle DIR and --images DIR, or neither');

const main = repositoryPath('src/cli/main.ts');
const data = await mkdtemp(join(tmpdir(), 'felfri-load-'));

async function felfri(...args: string[]): Promise<void> {
  console.log(`felfri ${args.join(' ')}`);
  await promisify(execFile)(process.execPath, ['--import', 'tsx', main, ...args]);
}

let { bundle, images: folder } = values;
if (bundle === undefined || folder === undefined) {
  const parts = join(data, 'parts');
  [bundle, folder] = [join(data, 'bundle'), join(parts, 'images')];
  await makeSimulatedRecipe(felfri, parts, bundle, 256);
}

const images = await Promise.all(
  (await readdir(folder))
    .filter((name) => /\.(png|jpe?g)$/i.test(name))
    .sort()
    .slice(0, 40)
    .map(async (name) => new Uint8Array(await readFile(join(folder, name)))),
);
if (images.length === 0) throw new Error(`${folder} holds no PNG or JPEG`);

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
}

function start(data: string): Promise<Running> {
  const options = ['--data', data, '--port', '0', '--threads', values.threads, '--rate', '1000000', '--store', 'all'];
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'serve', bundle!, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const address = /felfri station at (\S+):/.exec(text)?.[1];
      if (address !== undefined) resolve({ child, address });
    });
    child.on('exit', () => reject(new Error(`the station did not start:\n${text}`)));
  });
}

const CEILING_SECONDS = 20;
const OVER_SECONDS = 20;
const CUT_SECONDS = 8;

/** What became of each image that was sent, by its resultId. */
interface Tally {
  /** Milliseconds from when it was due to its answer. */
  readonly times: number[];
  readonly acknowledged: Set<string>;
  /** Answers of 503. */
  shed: number;
  /** No answer, or another one. */
  failed: number;
}

const newTally = (): Tally => ({ times: [], acknowledged: new Set(), shed: 0, failed: 0 });

async function send({ address }: Running, index: number, resultId: string, due: number, tally: Tally): Promise<void> {
  try {
    const answer = await fetch(`${address}/api/inspections?resultId=${resultId}`, {
      method: 'POST',
      body: images[index % images.length]!,
      headers: { 'content-type': 'image/png' },
    });
    const { id } = (await answer.json()) as Partial<Inspection>;
    if (answer.status === 503) tally.shed++;
    else if (id === undefined) tally.failed++;
    else {
      tally.acknowledged.add(resultId);
      tally.times.push(performance.now() - due);
    }
  } catch {
    tally.failed++;
  }
}

/** Sends without a pause from two clients, so that the station always has a next image. Gives images a second. */
async function ceiling(station: Running, seconds: number, label: string): Promise<number> {
  const tally = newTally();
  const begin = performance.now();
  const client = async (name: number): Promise<void> => {
    for (let i = 0; performance.now() - begin < seconds * 1000; i++)
      await send(station, i * 2 + name, `${label}-${name}-${i}`, performance.now(), tally);
  };
  await Promise.all([client(0), client(1)]);
  return tally.acknowledged.size / ((performance.now() - begin) / 1000);
}

/** Sends so many images a second at fixed times; every hundredth is sent twice at once. */
async function steady(station: Running, name: string, rate: number, seconds: number, tally: Tally): Promise<number> {
  const begin = performance.now();
  const count = Math.round(rate * seconds);
  const under: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const due = begin + (i * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    if (station.child.exitCode !== null || station.child.signalCode !== null) break;
    under.push(send(station, i, `${name}-${i}`, due, tally));
    if (i % 100 === 50) under.push(send(station, i, `${name}-${i}`, due, tally));
  }
  await Promise.all(under);
  return count;
}

/** Asks ten times a second whether the station lives, until it is told to stop; gives the times of its answers. */
async function pulse({ address }: Running, stop: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!stop.aborted) {
    const begin = performance.now();
    await (await fetch(`${address}/health`)).arrayBuffer();
    times.push(performance.now() - begin);
    await sleep(100);
  }
  return times;
}

/** What a phase of so many images a second gives: what became of the images, and how long answers took, those of /health too. */
async function phase(name: string, rate: number, seconds: number) {
  const tally = newTally();
  const over = new AbortController();
  const health = pulse(station, over.signal);
  const megabytes = [await memory(station)];
  const sent = await steady(station, name, rate, seconds, tally);
  over.abort();
  megabytes.push(await memory(station));
  return {
    sent,
    shed: tally.shed,
    failed: tally.failed,
    ...(await againstRecords(station, tally)),
    latencyMillis: rounded(tally.times),
    healthMillis: rounded(await health),
    megabytes,
  };
}

/** How often each resultId is on record. */
async function recorded({ address }: Running): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let before: string | null | undefined; before !== null; ) {
    const more: string = before === undefined ? '' : `&before=${before}`;
    const page = (await (await fetch(`${address}/api/inspections?limit=500${more}`)).json()) as PartRecordPage;
    for (const { resultId } of page.inspections.filter(isDecided)) found.set(resultId, (found.get(resultId) ?? 0) + 1);
    before = page.next;
  }
  return found;
}

async function againstRecords(station: Running, { acknowledged }: Tally) {
  const found = await recorded(station);
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !found.has(id)).length,
    duplicate: [...found.values()].filter((count) => count > 1).length,
  };
}

async function memory({ address }: Running): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Math.round(Number(/^felfri_process_resident_memory_bytes (\S+)/m.exec(text)![1]) / 1e6);
}

type Phase = Awaited<ReturnType<typeof phase>>;

interface Result {
  readonly ceilingPerSecond: { readonly before: number; readonly after: number };
  readonly near: Phase & { readonly minutes: number };
  readonly over: Phase & { readonly seconds: number };
  readonly killed: Awaited<ReturnType<typeof againstRecords>> & { readonly seconds: number };
}

/** The table in docs/station.md. */
function table({ ceilingPerSecond: { before, after }, near, over, killed }: Result): string {
  const cells = (one: Result['near' | 'over']) => {
    const { p50, p95, p99 } = one.latencyMillis;
    return [
      one.sent,
      one.acknowledged,
      one.shed,
      one.lost,
      one.duplicate,
      `${p50}, ${p95}, ${p99}`,
      one.healthMillis.p99,
    ];
  };
  const rows = [
    [
      '',
      'sent',
      'acknowledged',
      'shed (503)',
      'lost',
      'twice on record',
      'p50, p95, p99 in ms',
      'p99 of /health in ms',
    ],
    Array.from({ length: 8 }, () => '---'),
    ['as many as it takes, before and after', '', `${before} and ${after} a second`, '', '', '', '', ''],
    [`90 % of that, ${near.minutes} minutes`, ...cells(near)],
    [`300 %, ${over.seconds} seconds`, ...cells(over)],
    [
      `90 %, then SIGKILL after ${killed.seconds} seconds`,
      '',
      killed.acknowledged,
      '',
      killed.lost,
      killed.duplicate,
      '',
      '',
    ],
  ];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Milliseconds: median, the slow ones, the slowest. */
function rounded(times: readonly number[]) {
  const { p50, p95, p99, largest } = latencyOf(times);
  const [median, slow, slower, slowest] = [p50, p95, p99, largest].map(Math.round) as [number, number, number, number];
  return { p50: median, p95: slow, p99: slower, largest: slowest };
}

const load = [loadavg()[0]!];
const date = new Date().toISOString();
let station = await start(join(data, 'station'));
try {
  await ceiling(station, 5, 'warm');
  const most = await ceiling(station, CEILING_SECONDS, 'before');
  console.log(`ceiling: ${most.toFixed(1)} images a second`);

  const minutes = Number(values.minutes);
  const near = await phase('steady', 0.9 * most, minutes * 60);
  console.log(`90 %: ${JSON.stringify(near)}`);

  const over = await phase('over', 3 * most, OVER_SECONDS);
  console.log(`300 %: ${JSON.stringify(over)}`);

  // that it recovered, and other work on the machine, show in the difference from the first
  const after = await ceiling(station, CEILING_SECONDS, 'after');
  console.log(`ceiling then: ${after.toFixed(1)} images a second`);

  const cut = newTally();
  const sending = steady(station, 'cut', 0.9 * most, 2 * CUT_SECONDS, cut);
  await sleep(CUT_SECONDS * 1000);
  station.child.kill('SIGKILL');
  await Promise.all([sending, once(station.child, 'exit')]);
  station = await start(join(data, 'station'));
  const cutResult = { unanswered: cut.failed, ...(await againstRecords(station, cut)) };
  console.log(`SIGKILL: ${JSON.stringify(cutResult)}`);
  load.push(loadavg()[0]!);

  const result = {
    date,
    machine: {
      cpu: cpus()[0]!.model,
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
    },
    node: process.version,
    threads: Number(values.threads),
    load: load.map((value) => Math.round(value * 10) / 10),
    ceilingPerSecond: { before: Math.round(most * 10) / 10, after: Math.round(after * 10) / 10 },
    near: { minutes, ...near },
    over: { seconds: OVER_SECONDS, ...over },
    killed: { seconds: CUT_SECONDS, ...cutResult },
  };
  if (values.record) await writeJson(repositoryPath('bench/results/station.json'), result);
  console.log(`\n${table(result)}\n`);
  const all = [near, over, cutResult];
  const sum = (of: (one: (typeof all)[number]) => number): number => all.reduce((total, one) => total + of(one), 0);
  const [lost, twice, failed] = [sum((one) => one.lost), sum((one) => one.duplicate), near.failed + over.failed];
  if (lost + twice + failed > 0)
    throw new Error(`${lost} acknowledged inspections are lost, ${twice} are recorded twice, ${failed} images failed`);
} finally {
  if (station.child.exitCode === null && station.child.signalCode === null) {
    station.child.kill('SIGTERM');
    await once(station.child, 'exit');
  }
  await rm(data, { recursive: true, force: true });
}
