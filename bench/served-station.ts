/** A station as users run it, the built one, in a process of its own, for what is measured from outside. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryPath } from '../scripts/repository.ts';
import type { Inspection } from '../src/station/contract/inspections.ts';

const main = repositoryPath('dist/cli/main.js');

/** Runs the built `felfri`. */
export async function felfri(...args: string[]): Promise<void> {
  console.error(`felfri ${args.join(' ')}`);
  await promisify(execFile)(process.execPath, [main, ...args]);
}

export interface ServedStation {
  readonly child: ChildProcess;
  readonly address: string;
  /** What it said at its start. */
  readonly said: string;
  stop(): Promise<void>;
}

/** Every image is kept, none is turned away for coming often, and none is late, as a busy machine may take long. */
const OPTIONS = ['--port', '0', '--rate', '1000000', '--store', 'all', '--decide-within', '600', '--log', 'silent'];

/** Serves a bundle on a free port. */
export async function serveStation(bundle: string, data: string, more: readonly string[] = []): Promise<ServedStation> {
  await access(main).catch(() => {
    throw new Error('felfri is not built: npm run build');
  });
  const child = spawn(process.execPath, [main, 'serve', bundle, '--data', data, ...OPTIONS, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const found = /felfri station at (\S+):/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', () => reject(new Error(`the station did not start:\n${said}`)));
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { child, address, said, stop };
}

/** A process and all that it started, by their ids. */
async function family(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(join('/proc', name, 'stat'), 'utf8').catch(() => undefined);
    if (stat !== undefined) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

/** Resident memory of a station and its processes, 10^6 bytes; Linux alone. */
export async function residentMegabytes({
  child,
}: {
  readonly child: { readonly pid?: number | undefined };
}): Promise<number> {
  let kilobytes = 0;
  for (const pid of await family(child.pid!)) {
    const status = await readFile(join('/proc', String(pid), 'status'), 'utf8').catch(() => '');
    kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return Math.round((kilobytes * 1024) / 1e6);
}

/** The most memory while some work is done, looked at every 30 ms. */
export async function peakMegabytes(station: ServedStation, work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      most = Math.max(most, await residentMegabytes(station));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  await work().finally(() => {
    isOver = true;
  });
  await looking;
  return most;
}

/** Sends an image; gives the inspection, or the status of a refusal; 0 where the connection was closed before the answer was read. */
export async function inspect(
  { address }: ServedStation,
  image: Uint8Array<ArrayBuffer>,
  query = '',
): Promise<Inspection | number> {
  const answer = await fetch(`${address}/api/inspections${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: image,
  }).catch(() => undefined);
  if (!answer) return 0;
  const body = (await answer.json()) as Inspection;
  return answer.ok ? body : answer.status;
}
