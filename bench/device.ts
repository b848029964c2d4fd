/**
 * What a graphics card gains: the networks of `npm run bench` on a device, on the processor and, where it is one of NVIDIA's and PyTorch has
 * CUDA, by the peer on the same card, in turn; writes bench/results/device.json, from which docs/benchmarks.md is written.
 *
 *     npm run bench:device -- webgpu --card 'NVIDIA H100' [--only TASK,...] [--runs 3] [--threads N]
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { repositoryPath } from '../scripts/write-document.ts';
import { writeJson } from '../src/core/files.ts';
import { felfriVersion } from '../src/core/version.ts';
import { onnxruntimeVersion } from '../src/engine/runtime/onnxruntime.ts';
import type { DeviceResults, DeviceTask } from './device-results.ts';
import { deviceResultsPath, deviceTable } from './device-results.ts';
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
const [device] = positionals;
if (device === undefined) throw new Error('name the device: webgpu, cuda, dml or coreml');
const [runs, threads] = [Number(values.runs), Number(values.threads)];
const known = tasks.filter(({ program }) => program === 'step');
const names = values.only?.split(',') ?? known.map(({ name }) => name);
const peer = await findPeer();
let versions: Record<string, string> = {
  felfri: felfriVersion,
  node: process.versions.node,
  onnxruntime: onnxruntimeVersion,
};
if (typeof peer === 'string') console.error(`Without the PyTorch peer: ${peer}.`);
else versions = { ...versions, PyTorch: peer.version };

/** What failed is said and left out, so that what was measured is kept. */
async function tried(what: string, measurement: Promise<Measurement>): Promise<Measurement[]> {
  try {
    return [await measurement];
  } catch (error) {
    console.error(`${what}: ${(error as Error).message}`);
    return [];
  }
}

/** Tasks that were measured on the same card before, and are not to be measured now. */
async function measuredBefore(): Promise<Record<string, DeviceTask>> {
  const text = await readFile(repositoryPath(deviceResultsPath), 'utf8').catch(() => undefined);
  const former = text === undefined ? undefined : (JSON.parse(text) as DeviceResults);
  return values.only !== undefined && former?.card === values.card && former.device === device ? former.tasks : {};
}

const measured: Record<string, DeviceTask> = { ...(await measuredBefore()) };
for (const task of known.filter(({ name }) => names.includes(name))) {
  const [own, processor, theirs]: [Measurement[], Measurement[], Measurement[]] = [[], [], []];
  for (let i = 0; i < runs; i++) {
    console.error(`${task.title}: ${i + 1} of ${runs}`);
    own.push(...(await tried(device, measureOwn(task, threads, ['--device', device]))));
    processor.push(...(await tried('cpu', measureOwn(task, threads))));
    if (typeof peer !== 'string') theirs.push(...(await tried('peer', measurePeerOnCard(peer, task, threads))));
  }
  measured[task.name] = { own, processor, peer: theirs };
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
