/**
 * `npm run bench`: fills the table of docs/benchmarks.md, task by task, and writes it and bench/results/latest.json after each.
 *
 *     npm run bench -- [--quick] [--resume] [--only TASK,...] [--threads N] [--minutes N]
 *     npm run bench -- --write-docs       docs/benchmarks.md from the results that are there
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeFileAtomic, writeJson } from '../src/core/files.ts';
import { felfriVersion } from '../src/core/version.ts';
import { onnxruntimeVersion } from '../src/engine/runtime/onnxruntime.ts';
import { type DeviceResults, deviceResultsPath } from './device-results.ts';
import { aimsTable, benchmarksDocument, benchmarksPath } from './document.ts';
import { busyCores, thisMachine } from './machine.ts';
import { findPeer, measureOwn, measurePeer, type Peer } from './processes.ts';
import type { BenchResults, Measurement, TaskResult } from './results.ts';
import { type Task, tasks } from './tasks.ts';

const latest = repositoryPath('bench/results/latest.json');
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    only: { type: 'string' },
    threads: { type: 'string', default: `${availableParallelism()}` },
    minutes: { type: 'string', default: '30' },
    'write-docs': { type: 'boolean', default: false },
  },
});

/** Progress and advice go to stderr, results to stdout. */
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

function above(name: 'threads' | 'minutes', least: number): number {
  const value = Number(options[name]);
  if (!(value >= least)) throw new Error(`--${name} ${options[name]}: legal is a number from ${least}`);
  return value;
}

function chosenTasks(): Task[] {
  const names = options.only?.split(',');
  const unknown = names?.filter((name) => !tasks.some((t) => t.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`--only ${unknown.join(',')}: legal are ${tasks.map((t) => t.name).join(', ')}`);
  }
  return tasks.filter((t) => (names ? names.includes(t.name) : !options.quick || t.repeats.quick > 0));
}

/** Runs a task until it is done, fails or the time is up; what was measured by then counts. */
async function measureTask(task: Task, found: Peer | string, threads: number, end: number): Promise<TaskResult> {
  const peer = task.peer && typeof found !== 'string' ? found : undefined;
  const repeats = options.quick ? Math.max(1, task.repeats.quick) : task.repeats.full;
  const date = new Date().toISOString();
  const begun = performance.now();
  const before = await busyCores();
  const [own, theirs]: [Measurement[], Measurement[]] = [[], []];
  let problem = task.peer && typeof found === 'string' ? found : undefined;
  try {
    for (let i = 0; i < repeats; i++) {
      if (performance.now() > end) {
        problem = `the time was up after ${i} of ${repeats}`;
        break;
      }
      say(`${task.title}: ${i + 1} of ${repeats}`);
      own.push(await measureOwn(task, threads));
      if (peer) theirs.push(await measurePeer(peer, task, threads));
    }
  } catch (error) {
    problem = (error as Error).message;
    say(problem);
  }
  const seconds = (performance.now() - begun) / 1000;
  return {
    date,
    machine: thisMachine(),
    versions: {
      felfri: felfriVersion,
      node: process.versions.node,
      onnxruntime: onnxruntimeVersion,
      ...(peer && { PyTorch: peer.version }),
    },
    threads,
    others: [before, await busyCores()],
    seconds,
    own,
    peer: theirs,
    ...(problem !== undefined && { problem }),
  };
}

async function writeAll(results: BenchResults): Promise<void> {
  await writeJson(latest, results);
  await writeFileAtomic(repositoryPath(benchmarksPath), benchmarksDocument(results, await readCard()));
}

async function measureAll(): Promise<void> {
  const threads = above('threads', 1);
  const end = performance.now() + above('minutes', 0) * 60_000;
  const chosen = chosenTasks();
  const peer = await findPeer();
  if (typeof peer === 'string') say(`Without the PyTorch peer, so own times only: ${peer}.`);
  const others = await busyCores();
  if (others > 0.3) say(`Other work keeps ${others.toFixed(1)} cores busy: it blurs the results.`);
  const keep = options.resume || options.only !== undefined;
  let results: BenchResults = keep ? await readResults().catch(() => ({})) : {};
  for (const task of chosen) {
    const known = results[task.name];
    if (options.resume && known && known.problem === undefined) continue;
    results = { ...results, [task.name]: await measureTask(task, peer, threads, end) };
    await writeAll(results);
  }
  console.log(aimsTable(results));
}

const readResults = async (): Promise<BenchResults> => JSON.parse(await readFile(latest, 'utf8')) as BenchResults;

/** What bench/device.ts found, if it ever ran. */
async function readCard(): Promise<DeviceResults | undefined> {
  const text = await readFile(repositoryPath(deviceResultsPath), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DeviceResults);
}

if (options['write-docs']) {
  await writeAll(await readResults());
  say(`wrote ${benchmarksPath}`);
} else {
  await measureAll();
}
