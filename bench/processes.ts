/** The two sides of the comparison, each measured in a fresh process. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import type { Measurement } from './results.ts';
import type { Task } from './tasks.ts';

const run = promisify(execFile);

/** After so long a process is ended, and its row says so. */
const LONGEST_MILLIS = 360_000;

async function measure(program: string, args: readonly string[]): Promise<Measurement> {
  const { stdout } = await run(program, [...args], {
    cwd: repositoryPath('.'),
    maxBuffer: 2 ** 24,
    timeout: LONGEST_MILLIS,
  }).catch((error: Error & { killed?: boolean; stderr?: string }) => {
    const why = error.killed
      ? `took longer than ${LONGEST_MILLIS / 1000} s`
      : (error.stderr ?? error.message).trim().split('\n').at(-1);
    throw new Error(`${args.filter((a) => !a.startsWith('/')).join(' ')}: ${why}`);
  });
  const printed = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(printed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** Runs the task's program of this folder; `more` are arguments that the peer does not take. */
export function measureOwn(
  { program, arguments: args }: Task,
  threads: number,
  more: readonly string[] = [],
): Promise<Measurement> {
  const script = repositoryPath(`bench/${program}.ts`);
  return measure(process.execPath, ['--import', 'tsx', script, ...args, '--threads', `${threads}`, ...more]);
}

export interface Peer {
  readonly python: string;
  readonly script: string;
  readonly version: string;
}

/** The PyTorch peer, or a sentence that says what is missing and how to get it. */
export async function findPeer(): Promise<Peer | string> {
  const shared = process.env['FELFRI_SHARED'] ?? '../shared';
  const peers = resolve(repositoryPath('.'), process.env['FELFRI_PEERS'] ?? join(shared, 'peers'));
  const script = join(peers, 'torch_speed.py');
  const there = await access(script).then(
    () => true,
    () => false,
  );
  if (!there) return 'the peer torch_speed.py is not at hand; set FELFRI_PEERS to the folder that holds it';
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
export function measurePeer(peer: Peer, { arguments: args }: Task, threads: number): Promise<Measurement> {
  return measure(peer.python, [peer.script, ...args, '--threads', `${threads}`]);
}

/** Has torch_speed.py, which knows the processor alone, make its tensors on the card, and its clock wait until the card is done. */
const onCard = `
import runpy, sys, time, torch
torch.set_default_device('cuda')
clock = time.perf_counter
time.perf_counter = lambda: (torch.cuda.synchronize(), clock())[1]
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rsplit('/', 1)[0])
runpy.run_path(sys.argv[0], run_name='__main__')
`;

/** Runs the peer's torch_speed.py on a card of NVIDIA's. */
export function measurePeerOnCard(peer: Peer, { arguments: args }: Task, threads: number): Promise<Measurement> {
  return measure(peer.python, ['-c', onCard, peer.script, ...args, '--threads', `${threads}`]);
}
