/**
 * The station under load, through HTTP on this machine: how many images it takes, how long answers take near that, what happens beyond it,
 * and whether a record is ever lost or made twice.
 *
 *     tsx bench/station-load.ts --bundle bundles/flow --images photos/ [--minutes 3] [--threads 1] [--record]
 *
 * Images are sent at fixed times, whether or not earlier ones were answered, and latency counts from the time at which an image was due, so
 * that a station that stalls cannot make its clients wait and look quick. Client and station share the machine. `--record` writes
 * bench/results/station.json.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/write-document.ts';
import { writeJson } from '../src/core/files.ts';
import { latencyOf } from '../src/jobs/bench-bundle.ts';
import type { Inspection, InspectionPage } from '../src/station/contract/inspections.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    images: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
  },
});
const { bundle, images: folder } = values;
if (bundle === undefined || folder === undefined) throw new Error('give --bundle DIR and --images DIR');

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
  const main = repositoryPath('src/cli/main.ts');
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

/** How often each resultId is on record. */
async function recorded({ address }: Running): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let before: string | null | undefined; before !== null; ) {
    const more: string = before === undefined ? '' : `&before=${before}`;
    const page = (await (await fetch(`${address}/api/inspections?limit=500${more}`)).json()) as InspectionPage;
    for (const { resultId } of page.inspections) found.set(resultId, (found.get(resultId) ?? 0) + 1);
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

const rounded = (times: readonly number[]) =>
  Object.fromEntries(Object.entries(latencyOf(times)).map(([name, value]) => [name, Math.round(value)]));

const data = await mkdtemp(join(tmpdir(), 'felfri-load-'));
const load = [loadavg()[0]!];
const date = new Date().toISOString();
let station = await start(data);
try {
  await ceiling(station, 5, 'warm');
  const most = await ceiling(station, 20, 'before');
  console.log(`ceiling: ${most.toFixed(1)} images a second`);

  const near = newTally();
  const megabytes = [await memory(station)];
  const seconds = Number(values.minutes) * 60;
  const sent = await steady(station, 'steady', 0.9 * most, seconds, near);
  megabytes.push(await memory(station));
  const nearResult = { sent, shed: near.shed, failed: near.failed, ...(await againstRecords(station, near)) };
  console.log(`90 %: ${JSON.stringify({ ...nearResult, ...rounded(near.times), megabytes })}`);

  // other work on the machine shows in the difference from the first
  const after = await ceiling(station, 15, 'after');
  console.log(`ceiling then: ${after.toFixed(1)} images a second`);

  const over = newTally();
  const offered = await steady(station, 'over', 3 * most, 20, over);
  const overResult = { sent: offered, shed: over.shed, failed: over.failed, ...(await againstRecords(station, over)) };
  console.log(`300 %: ${JSON.stringify({ ...overResult, ...rounded(over.times) })}`);

  const cut = newTally();
  const sending = steady(station, 'cut', 0.9 * most, 20, cut);
  await sleep(8000);
  station.child.kill('SIGKILL');
  await Promise.all([sending, once(station.child, 'exit')]);
  station = await start(data);
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
    near: { minutes: Number(values.minutes), ...nearResult, latencyMillis: rounded(near.times), megabytes },
    over: { seconds: 20, ...overResult, latencyMillis: rounded(over.times) },
    killed: cutResult,
  };
  if (values.record) await writeJson(repositoryPath('bench/results/station.json'), result);
  const lost = nearResult.lost + overResult.lost + cutResult.lost;
  const twice = nearResult.duplicate + overResult.duplicate + cutResult.duplicate;
  if (lost + twice > 0) throw new Error(`${lost} acknowledged inspections are lost, ${twice} are recorded twice`);
} finally {
  if (station.child.exitCode === null && station.child.signalCode === null) {
    station.child.kill('SIGTERM');
    await once(station.child, 'exit');
  }
  await rm(data, { recursive: true, force: true });
}
