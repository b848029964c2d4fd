/**
 * What a graphics card gains: the networks of `npm run bench` on a device, on the processor and, where it is one of NVIDIA's and PyTorch has
 * CUDA, by the peer on the same card, in turn; writes bench/results/device.json, from which docs/benchmarks.md is written.
 *
 *     npm run bench:device -- webgpu --card 'NVIDIA H100' [--only TASK,...] [--runs 3] [--threads N]
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import { writeJson } from '../src/core/files.ts';
import { felfriVersion } from '../src/core/version.ts';
import { devices } from '../src/engine/runtime/devices.ts';
import { onnxruntimeVersion } from '../src/engine/runtime/onnxruntime.ts';
import { type DeviceResults, type DeviceRun, deviceResultsPath, deviceTable } from './device-results.ts';
import { thisMachine } from './machine.ts';
import { findPeer, measureOwn, measurePeerOnCard } from './processes.ts';
import type { Measurement } from './results.ts';
import { tasks } from './tasks.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    card: { type: 'string', default: 'unnamed card' },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    threads: { type: 'string', default: `${availableParallelism()}` },
  },
});
const others = devices.filter((name) => name !== 'cpu');
const device = others.find((name) => name === positionals[0]);
if (device === undefined) throw new Error(`got ${positionals[0] ?? 'no device'}; legal are ${others.join(', ')}`);
const [runs, threads] = [Number(values.runs), Number(values.threads)];
if (!(runs >= 1 && threads >= 1)) throw new Error('--runs and --threads: legal are numbers from 1');
const known = tasks.filter(({ program }) => program === 'step');
const names = values.only?.split(',') ?? known.map(({ name }) => name);
const unknown = names.filter((name) => known.every((task) => task.name !== name));
if (unknown.length > 0) throw new Error(`--only ${unknown}: legal are ${known.map(({ name }) => name).join(', ')}`);
const peer = await findPeer();
let versions: Record<string, string> = {
  felfri: felfriVersion,
  node: process.versions.node,
  onnxruntime: onnxruntimeVersion,
};
if (typeof peer === 'string') console.error(`Without the PyTorch peer: ${peer}.`);
else versions = { ...versions, PyTorch: peer.version };

/** What failed is said and left out, so that what was measured is kept. */
async function tried(side: keyof DeviceRun, measurement: Promise<Measurement>): Promise<DeviceRun> {
  try {
    return { [side]: await measurement };
  } catch (error) {
    console.error(`${side}: ${(error as Error).message}`);
    return {};
  }
}

/** Tasks that were measured on the same card before, and are not to be measured now. */
async function measuredBefore(): Promise<DeviceResults['tasks']> {
  const text = await readFile(repositoryPath(deviceResultsPath), 'utf8').catch(() => undefined);
  const former = text === undefined ? undefined : (JSON.parse(text) as DeviceResults);
  return values.only !== undefined && former?.card === values.card && former.device === device ? former.tasks : {};
}

const measured: Record<string, readonly DeviceRun[]> = { ...(await measuredBefore()) };
for (const task of known.filter(({ name }) => names.includes(name))) {
  const done: DeviceRun[] = [];
  for (let i = 0; i < runs; i++) {
    console.error(`${task.title}: ${i + 1} of ${runs}`);
    done.push({
      ...(await tried('device', measureOwn(task, threads, ['--device', device]))),
      ...(await tried('processor', measureOwn(task, threads))),
      ...(typeof peer === 'string' ? {} : await tried('peer', measurePeerOnCard(peer, task, threads))),
    });
  }
  measured[task.name] = done;
  const results: DeviceResults = {
    date: new Date().toISOString(),
    machine: thisMachine(),
    card: values.card,
    device,
    versions,
    threads,
    tasks: measured,
  };
  await writeJson(repositoryPath(deviceResultsPath), results);
}
console.log(deviceTable(measured));
