/**
 * `npm run bench`: training step and inference of flow, U-Net and features beside the same networks in PyTorch.
 *
 *     npm run bench -- [--quick] [--only NAME,...] [--threads N] [--json]    measure
 *     npm run bench -- --write-docs                                         docs/benchmarks.md from the latest results
 *
 * A whole run goes to bench/results/latest.json; with --only nothing is written, since parts of two sittings do not compare.
 */
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/write-document.ts';
import { writeFileAtomic, writeJson } from '../src/core/files.ts';
import { onnxruntimeVersion } from '../src/engine/runtime/onnxruntime.ts';
import { type Case, cases } from './cases.ts';
import { benchmarksDocument, benchmarksPath, circumstances, memoryTable, timesTable } from './document.ts';
import { findPeer, measureOwn, measurePeer, type Peer } from './processes.ts';
import type { BenchResults, CaseResult, Measurement } from './results.ts';

const latest = repositoryPath('bench/results/latest.json');
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    threads: { type: 'string', default: '2' },
    'write-docs': { type: 'boolean', default: false },
  },
});

/** Progress and advice go to stderr, results to stdout. */
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

function chosenCases(): Case[] {
  const names = options.only?.split(',');
  const unknown = names?.filter((name) => !cases.some((c) => c.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`--only ${unknown.join(',')}: legal are ${cases.map((c) => c.name).join(', ')}`);
  }
  return cases.filter((c) => (names ? names.includes(c.name) : !options.quick || c.repeats.quick > 0));
}

async function measureCase(item: Case, peer: Peer | undefined, threads: number): Promise<CaseResult> {
  const repeats = options.quick ? Math.max(1, item.repeats.quick) : item.repeats.full;
  const own: Measurement[] = [];
  const theirs: Measurement[] = [];
  for (let i = 0; i < repeats; i++) {
    say(`${item.title}: ${i + 1} of ${repeats}`);
    own.push(await measureOwn(item.arguments, threads));
    if (peer) theirs.push(await measurePeer(peer, item.arguments, threads));
  }
  return { name: item.name, title: item.title, arguments: item.arguments, own, peer: theirs };
}

async function measureAll(): Promise<BenchResults> {
  const threads = Number(options.threads);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new Error(`--threads ${options.threads}: legal is a whole number, 1 or more`);
  }
  const chosen = chosenCases();
  const peer = await findPeer();
  if (typeof peer === 'string') say(`Without the PyTorch peer, so own times only: ${peer}.`);
  const processors = cpus();
  const loadBefore = loadavg()[0]!;
  if (loadBefore > 0.5) say(`The load is ${loadBefore.toFixed(2)}: other work on this machine blurs the results.`);
  const { version } = JSON.parse(await readFile(repositoryPath('package.json'), 'utf8')) as { version: string };
  const date = new Date().toISOString();
  const results: CaseResult[] = [];
  for (const item of chosen) {
    results.push(await measureCase(item, typeof peer === 'string' ? undefined : peer, threads));
  }
  return {
    date,
    quick: options.quick,
    machine: {
      cpu: processors[0]?.model ?? 'unknown CPU',
      cores: processors.length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
      loadBefore,
    },
    versions: {
      felfri: version,
      node: process.versions.node,
      onnxruntime: onnxruntimeVersion,
      ...(typeof peer === 'string' ? {} : { PyTorch: peer.version }),
    },
    threads,
    cases: results,
  };
}

if (options['write-docs']) {
  const results = JSON.parse(await readFile(latest, 'utf8')) as BenchResults;
  await writeFileAtomic(repositoryPath(benchmarksPath), benchmarksDocument(results));
  say(`wrote ${benchmarksPath}`);
} else {
  const results = await measureAll();
  if (options.only === undefined) await writeJson(latest, results);
  console.log(
    options.json
      ? JSON.stringify(results)
      : [...circumstances(results), '', timesTable(results), '', memoryTable(results)].join('\n'),
  );
}
