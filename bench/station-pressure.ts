/**
 * The station under pressure, through HTTP on this machine: how long inspections take near what it can do while pages are open, how long they stop
 * while others send slowly, what a page of thumbnails costs them, and how much memory large pictures take.
 *
 *     npm run build && npm run bench:station -- [--minutes 5] [--only latency,outage,thumbnails,memory] [--threads 1] [--bundle DIR --images DIR]
 *
 * Without --bundle it trains a flow at 192 px on simulated parts first, and sends those. Prints the table of docs/station-load.md; `--record` writes
 * bench/results/station-pressure.json too. Client and station share the machine, and other work on it counts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeJson } from '../src/core/files.ts';
import { latencyOf } from '../src/jobs/bench/bench-bundle.ts';
import { ceiling, type Images, memory, openPage, outage, steady, thumbnails } from './pressure-tasks.ts';
import { imagesAndRecipe } from './sent-images.ts';
import { type ServedStation, serveStation } from './served-station.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    images: { type: 'string' },
    minutes: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    only: { type: 'string', default: 'latency,outage,thumbnails,memory' },
    record: { type: 'boolean', default: false },
  },
});
const PAGES = 3;
const SENDERS = 32;
const ROUNDS = 5;

type Rows = readonly (readonly [what: string, value: number, unit: string, aim: string])[];
const round = (value: number): number => Math.round(value * 10) / 10;

async function latency(station: ServedStation, images: Images): Promise<Rows> {
  await ceiling(station, images, 5);
  const most = await ceiling(station, images, 20);
  const closed = new AbortController();
  const pages = Array.from({ length: PAGES }, () => openPage(station, closed.signal));
  const times = await steady(station, images, 0.7 * most, Number(values.minutes) * 60);
  closed.abort();
  await Promise.all(pages);
  const { p50, p95, p99, largest } = latencyOf(times);
  return [
    ['as many as it takes', round(most), 'a second', ''],
    [`70 % of that, ${values.minutes} minutes, ${PAGES} pages open: p50`, round(p50), 'ms', ''],
    ['the same, p95', round(p95), 'ms', ''],
    ['the same, p99', round(p99), 'ms', 'at most 3 x p50'],
    ['the same, p99 over p50', round(p99 / p50), '', 'at most 3'],
    ['the same, longest', round(largest), 'ms', ''],
  ];
}

async function outages(station: ServedStation, images: Images): Promise<Rows> {
  const millis = await outage(station, images, SENDERS, 60);
  return [[`longest time without a decision beside ${SENDERS} slow senders`, round(millis), 'ms', 'at most 2000']];
}

async function thumbnailRows(station: ServedStation, images: Images): Promise<Rows> {
  const { without, beside } = await thumbnails(station, images, ROUNDS);
  const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
  const [a, b] = [middle(without), middle(beside)];
  return [
    [`longest wait of an inspection, median of ${ROUNDS} rounds`, round(a), 'ms', ''],
    ['the same beside a page of 24 thumbnails of 12 megapixels', round(b), 'ms', ''],
    ['difference', round(b - a), 'ms', 'below 20'],
  ];
}

async function memoryRows(station: ServedStation): Promise<Rows> {
  return (await memory(station)).map(([what, megabytes]) => [
    `49 megapixels: ${what}`,
    megabytes,
    'MB',
    'at most 1500',
  ]);
}

const tasks: Readonly<Record<string, (station: ServedStation, images: Images) => Promise<Rows>>> = {
  latency,
  outage: outages,
  thumbnails: thumbnailRows,
  memory: memoryRows,
};

const data = await mkdtemp(join(tmpdir(), 'felfri-pressure-'));
try {
  const { bundle, images } = await imagesAndRecipe(values, data);
  const rows: Rows[number][] = [];
  for (const name of values.only.split(',')) {
    const task = tasks[name];
    if (!task) throw new Error(`--only ${name}: legal are ${Object.keys(tasks).join(', ')}`);
    // each begins with a station that did nothing yet
    const station = await serveStation(bundle, join(data, name), ['--threads', values.threads]);
    try {
      const found = await task(station, images);
      for (const row of found) console.error(row.join(' '));
      rows.push(...found);
    } finally {
      await station.stop();
    }
  }
  const machine = `${cpus()[0]!.model}, ${availableParallelism()} cores, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)} at the end`;
  console.log(`${machine}\n\n| what | measured | aim |\n| --- | --- | --- |`);
  for (const [what, value, unit, aim] of rows) console.log(`| ${what} | ${value} ${unit} | ${aim} |`);
  if (values.record)
    await writeJson(repositoryPath('bench/results/station-pressure.json'), {
      date: new Date().toISOString(),
      machine,
      rows,
    });
} finally {
  await rm(data, { recursive: true, force: true });
}
