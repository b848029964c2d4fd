/** A PostgreSQL server of a run's own, which can be stopped, crashed and frozen; it listens on a socket of its folder alone. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

function binaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(a) - Number(b)) : [];
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error(`no PostgreSQL in ${root}; apt-get install postgresql`);
  return join(root, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
const isRoot = process.getuid?.() === 0;
const asServer = (command: string, args: string[]): [string, string[]] =>
  isRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];

/** False too for one that ended and that nobody has heard of. */
function isAlive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) Z /.test(stat);
}

export class Postgres {
  readonly folder: string;
  readonly #data: string;
  readonly #bin = binaries();

  constructor(folder: string) {
    this.folder = folder;
    this.#data = join(folder, 'data');
  }

  get url(): string {
    return `postgres://felfri@localhost/postgres?host=${this.folder}`;
  }

  async start(): Promise<void> {
    if (!existsSync(this.#data)) {
      await mkdir(this.folder, { recursive: true });
      if (isRoot) await chown(this.folder, Number(execFileSync('id', ['-u', 'postgres'])), -1);
      const options = ['--auth=trust', '--username=felfri', '--encoding=UTF8', '--locale=C', '--wal-segsize=1'];
      await run(...asServer(join(this.#bin, 'initdb'), ['-D', this.#data, ...options]));
    }
    const settings = `-c listen_addresses='' -c unix_socket_directories=${this.folder} -c shared_buffers=16MB -c max_wal_size=16MB -c min_wal_size=2MB`;
    // PostgreSQL takes a killed postmaster for a living one until somebody has heard of its end
    if (this.pids().length === 0) await rm(join(this.#data, 'postmaster.pid'), { force: true });
    // after a crash the processes of the former one may need a moment to end
    for (let tries = 0; ; tries++) {
      const [command, args] = asServer(join(this.#bin, 'pg_ctl'), [
        ...['-D', this.#data, '-l', join(this.folder, 'log'), '-w', '-t', '60', '-o', settings, 'start'],
      ]);
      const code = await new Promise((resolve) => spawn(command, args, { stdio: 'ignore' }).once('exit', resolve));
      if (code === 0 || this.pids().length > 0) return;
      if (tries > 20) throw new Error(`PostgreSQL does not start; see ${this.folder}/log`);
      await sleep(500);
    }
  }

  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    await run(...asServer(join(this.#bin, 'pg_ctl'), ['-D', this.#data, '-w', '-t', '60', '-m', mode, 'stop']));
  }

  /** The postmaster and its children; none where it is down. */
  pids(): number[] {
    const file = join(this.#data, 'postmaster.pid');
    if (!existsSync(file)) return [];
    const postmaster = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (!isAlive(postmaster)) return [];
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim();
    return [postmaster, ...children.split(' ').filter(Boolean).map(Number)];
  }

  signal(signal: NodeJS.Signals, which = this.pids()): void {
    for (const pid of which) {
      try {
        process.kill(pid, signal);
      } catch {
        // it ended meanwhile
      }
    }
  }

  /** Works with a connection that does not go by way of the station's proxy. */
  async with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      const client = new pg.Client({ connectionString: this.url });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch (error) {
        // it recovers from a crash
        if (tries > 100) throw error;
        await sleep(200);
        continue;
      }
      return await work(client).finally(() => client.end().catch(() => undefined));
    }
  }
}
