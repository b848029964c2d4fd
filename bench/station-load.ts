/**
 * The station under load, through HTTP on this machine: how many images it takes, how long answers take near that, what happens beyond it,
 * and whether a record is ever lost or made twice.
 *
 *     npm run build && tsx bench/station-load.ts [--minutes 10] [--threads 1] [--record] [--bundle bundles/flow --images photos/]
 *
 * Without --bundle it trains a flow at 256 px on simulated parts first, and sends those. Images are sent at fixed times, whether or not earlier
 * ones were answered, and latency counts from the time at which an image was due, so that a station that stalls cannot make its clients wait and
 * look quick. Client and station share the machine. `--record` writes bench/results/station.json; the table in docs/station.md is printed. Fails where an acknowledged inspection is lost or on record twice, or an image got neither a decision nor a 503.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeJson } from '../src/core/files.ts';
import { latencyOf } from '../src/jobs/bench/bench-bundle.ts';
import { againstRecords, ceiling, memory, newTally, pulse, type Sending, steady } from './load-tally.ts';
import { imagesAndRecipe } from './sent-images.ts';
import { type ServedStation, serveStation } from './served-station.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    images: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    threads: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
  },
});
const data = await mkdtemp(join(tmpdir(), 'felfri-load-'));
const { images, bundle } = await imagesAndRecipe(values, data, 256);

const serve = (): Promise<ServedStation> => serveStation(bundle, join(data, 'station'), ['--threads', values.threads]);
let station = await serve();

const CEILING_SECONDS = 20;
const OVER_SECONDS = 20;
const CUT_SECONDS = 8;

/** What a phase of so many images a second gives: what became of the images, and how long answers took, those of /health too. */
async function phase(sending: Sending) {
  const tally = newTally();
  const over = new AbortController();
  const health = pulse(station, over.signal);
  const megabytes = [await memory(station)];
  const sent = await steady(station, images, sending, tally);
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
try {
  await ceiling(station, images, 5, 'warm');
  const most = await ceiling(station, images, CEILING_SECONDS, 'before');
  console.log(`ceiling: ${most.toFixed(1)} images a second`);

  const minutes = Number(values.minutes);
  const near = await phase({ name: 'steady', rate: 0.9 * most, seconds: minutes * 60 });
  console.log(`90 %: ${JSON.stringify(near)}`);

  const over = await phase({ name: 'over', rate: 3 * most, seconds: OVER_SECONDS });
  console.log(`300 %: ${JSON.stringify(over)}`);

  // that it recovered, and other work on the machine, show in the difference from the first
  const after = await ceiling(station, images, CEILING_SECONDS, 'after');
  console.log(`ceiling then: ${after.toFixed(1)} images a second`);

  const cut = newTally();
  const sending = steady(station, images, { name: 'cut', rate: 0.9 * most, seconds: 2 * CUT_SECONDS }, cut);
  await sleep(CUT_SECONDS * 1000);
  station.child.kill('SIGKILL');
  await Promise.all([sending, once(station.child, 'exit')]);
  station = await serve();
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
  await station.stop();
  await rm(data, { recursive: true, force: true });
}
