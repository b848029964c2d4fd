/** The two sides of the comparison, each measured in a fresh process. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measurement } from './results.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

async function measure(program: string, args: readonly string[]): Promise<Measurement> {
  const { stdout } = await run(program, [...args], { cwd: root, maxBuffer: 2 ** 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Measurement;
}

/** Runs step.ts. */
export function measureOwn(args: readonly string[], threads: number): Promise<Measurement> {
  return measure(process.execPath, [
    '--import',
    'tsx',
    join(root, 'bench/step.ts'),
    ...args,
    '--threads',
    `${threads}`,
  ]);
}

export interface Peer {
  readonly python: string;
  readonly script: string;
  readonly version: string;
}

/** The PyTorch peer, or a sentence that says what is missing and how to get it. */
export async function findPeer(): Promise<Peer | string> {
  const shared = resolve(root, process.env['FELFRI_SHARED'] ?? '../shared');
  const script = join(shared, 'peers/torch_speed.py');
  const scriptThere = await access(script).then(
    () => true,
    () => false,
  );
  if (!scriptThere) return `no peer at ${script}; set FELFRI_SHARED to the folder that holds peers/torch_speed.py`;
  const named = process.env['FELFRI_PYTHON'];
  const candidates = named ? [named] : ['python3', '/usr/bin/python3'];
  for (const python of candidates) {
    const version = await run(python, ['-c', 'import torch; print(torch.__version__)']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version) return { python, script, version };
  }
  return (
    `${candidates.join(' and ')} cannot import torch; install the peer (Debian: apt-get install python3-torch) ` +
    'or set FELFRI_PYTHON to a python that has it'
  );
}

/** Runs the peer's torch_speed.py. */
export function measurePeer(peer: Peer, args: readonly string[], threads: number): Promise<Measurement> {
  return measure(peer.python, [peer.script, ...args, '--threads', `${threads}`]);
}
