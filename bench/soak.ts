/**
 * A station for hours at 80 % of what it can do, killed every ten minutes: whether anything is lost or doubled, and whether memory, files or
 * answers grow.
 *
 *     npm run build && npm run bench:soak -- --minutes 1440 --kill-every 10 [--share 0.8] [--threads 1] [--bundle DIR --images DIR] [--folder DIR]
 *
 * Without --bundle it trains a flow at 128 px on simulated parts first. The station is the built one, in processes of its own; cameras send at
 * fixed times and send again what was not decided; pages, a person who searches and a collector of metrics look on. All share the machine. What
 * is acknowledged is read by another connection after each kill; `soak.jsonl` in the folder has a line for each start, `result.json` the whole, and the table of
 * docs/station-load.md is printed. Linux and SQLite. Fails where something was lost, doubled or altered, where the station ended by itself, or
 * where the records do not hold together.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeJson } from '../src/core/files.ts';
import { latencyOf } from '../src/jobs/bench/bench-bundle.ts';
import { StationProcess } from './faults/station.ts';
import { ceiling } from './load-tally.ts';
import { thisMachine } from './machine.ts';
import { imagesAndRecipe } from './sent-images.ts';
import type { ServedStation } from './served-station.ts';
import { Cameras } from './soak/cameras.ts';
import { promisesKept } from './soak/promises.ts';
import { readers } from './soak/readers.ts';
import { bytesBelow, memoryOf, type Sample, sampleOf } from './soak/samples.ts';
import { type Span, soakTable } from './soak/table.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1440' },
    'kill-every': { type: 'string', default: '10' },
    share: { type: 'string', default: '0.8' },
    cameras: { type: 'string', default: '4' },
    pages: { type: 'string', default: '2' },
    threads: { type: 'string', default: '1' },
    bundle: { type: 'string' },
    images: { type: 'string' },
    folder: { type: 'string', default: '/tmp/felfri-soak' },
    record: { type: 'boolean', default: false },
  },
});
const WARM_SECONDS = 20;
const CEILING_SECONDS = 60;
const SAMPLE_MILLIS = 5000;
/** Of the images that are counted. */
const NAME = 'soak';

const folder = resolve(values.folder);
// a folder of an earlier run would mix what both promised
mkdirSync(folder);
const { images, bundle } = await imagesAndRecipe(values, folder, 128);
const [data, promises] = [join(folder, 'data'), join(folder, 'promises.jsonl')];
writeFileSync(promises, '');
const program = repositoryPath('dist/cli/main.js');
const log = join(folder, 'station.log');
const options = ['--threads', values.threads, '--rate', '1000000', '--store', 'all', '--log', 'info'];
const station = new StationProcess({ bundle, data, log, program, options });
const address = (): string => station.address;

const closed = new AbortController();
await station.start();
const served = { address: station.address } as ServedStation;
const looking = readers(address, Number(values.pages), closed.signal);
await ceiling(served, images, WARM_SECONDS, 'warm');
const most = await ceiling(served, images, CEILING_SECONDS, 'ceiling');
const perSecond = Number(values.share) * most;
console.log(`ceiling: ${most.toFixed(2)} images a second; sending ${perSecond.toFixed(2)}`);

const cameras = new Cameras({
  address,
  images,
  name: NAME,
  perSecond,
  cameras: Number(values.cameras),
  promises,
});

/** Watches one start for so long. */
async function watch(seconds: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const begin = performance.now();
  const over = (): number => (performance.now() - begin) / 1000;
  while (over() < seconds && station.isRunning) {
    samples.push(await sampleOf(station.pid, Math.round(over())));
    await sleep(SAMPLE_MILLIS);
  }
  return samples;
}

/** Starts the station that was killed; gives the milliseconds from then until a picture that was taken since is decided. */
async function startedAgain(since: number): Promise<number> {
  await station.start();
  for (;;) {
    const first = cameras.decided().find(({ due }) => due >= since);
    if (first) return Math.round(first.due + first.millis - since);
    await sleep(50);
  }
}

const rounded = (times: readonly number[]) => {
  const { p50, p99, largest } = latencyOf(times);
  return { p50: Math.round(p50), p99: Math.round(p99), largest: Math.round(largest) };
};
const tenth = (value: number): number => Math.round(value * 10) / 10;

const spans: Span[] = [];
const begin = performance.now();
const minutes = (): number => (performance.now() - begin) / 60_000;
let before = await bytesBelow(data);
try {
  for (let left = Number(values.minutes); left > 0; left = Number(values.minutes) - minutes()) {
    const samples = await watch(60 * Math.min(Number(values['kill-every']), left));
    const decided = cameras.decided();
    const once = decided.filter(({ sent }) => sent === 1).map(({ millis }) => millis);
    const isLast = minutes() >= Number(values.minutes);
    const killedAt = performance.now();
    if (!isLast) await station.end('SIGKILL');
    const bytes = await bytesBelow(data);
    const back = isLast ? null : await startedAgain(killedAt);
    const kept = await promisesKept(promises, data, NAME);
    const span: Span = {
      minute: Math.round(minutes()),
      decided: decided.length,
      sentAgain: decided.length - once.length,
      latencyMillis: rounded(once),
      ...memoryOf(samples),
      diskMegabytes: tenth((bytes - before) / 1e6),
      logMegabytes: tenth(statSync(log).size / 1e6),
      load: tenth(loadavg()[0]!),
      recoveryMillis: back,
      ...kept,
    };
    spans.push(span);
    before = bytes;
    appendFileSync(join(folder, 'soak.jsonl'), `${JSON.stringify({ ...span, samples })}\n`);
    console.log(JSON.stringify(span));
    if (isLast) break;
  }
  await cameras.end();
} finally {
  closed.abort();
  await Promise.all([looking, station.end('SIGTERM')]);
}
const kept = await promisesKept(promises, data, NAME);
await promisify(execFile)(process.execPath, [program, 'audit', 'verify', '--data', data]);
const result = {
  date: new Date().toISOString(),
  machine: thisMachine(),
  node: process.version,
  minutes: tenth(minutes()),
  killEvery: Number(values['kill-every']),
  threads: Number(values.threads),
  ceilingPerSecond: tenth(most),
  sentPerSecond: tenth(perSecond),
  taken: cameras.taken,
  statuses: cameras.statuses,
  ...kept,
  unasked: station.unasked,
  spans,
};
await writeJson(join(folder, 'result.json'), result);
if (values.record) await writeJson(repositoryPath('bench/results/soak.json'), result);
console.log(`\n${soakTable(spans)}\n`);
console.log(JSON.stringify({ ...result, spans: spans.length }));
if (kept.lost + kept.doubled + kept.altered + station.unasked > 0) process.exitCode = 1;
