/** The station as a process of its own, which may be killed at any time and is started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledFile } from '../../test/support/compiled.ts';

export interface StationPlace {
  readonly bundle: string;
  readonly data: string;
  /** What it writes to standard error, over all starts. */
  readonly log: string;
  /** Of the records; SQLite in the data folder where there is none. */
  readonly database?: string;
  /** The command line that is run; the compiled sources' own unless told. */
  readonly program?: string;
  /** Instead of those that runs of faults take. */
  readonly options?: readonly string[];
}

/** Few pictures are kept, and none is turned away for coming often. */
const OPTIONS = ['--threads', '1', '--rate', '1000000', '--store', 'ng', '--decide-within', '10'];

export class StationProcess {
  readonly #place: StationPlace;
  #child: ChildProcess | undefined;
  #port = '0';
  /** Ends that nobody asked for. */
  unasked = 0;
  /** Starts that failed, as while the database was away. */
  failedStarts = 0;
  /** Whether it listens. */
  isUp = false;
  #asked = false;

  constructor(place: StationPlace) {
    this.#place = place;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Processes that it started. */
  children(): number[] {
    return readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it until it stays, as a supervisor does. */
  async start(): Promise<void> {
    for (;;) {
      if (await this.#tryStart()) return;
      this.failedStarts++;
      if (this.failedStarts > 1000) throw new Error(`the station does not start; see ${this.#place.log}`);
      await sleep(300);
    }
  }

  async #tryStart(): Promise<boolean> {
    const { bundle, data, log, database, program = compiledFile('cli/main'), options = OPTIONS } = this.#place;
    // what is a recipe already need not be checked again
    const given = existsSync(join(data, 'recipes')) ? [] : [bundle];
    const file = openSync(log, 'a');
    const child = spawn(
      process.execPath,
      [program, 'serve', ...given, '--data', data, '--port', this.#port, ...options],
      {
        stdio: ['ignore', 'pipe', file],
        env: { ...process.env, ...(database !== undefined && { DATABASE_URL: database }) },
      },
    );
    closeSync(file);
    this.#asked = false;
    this.isUp = false;
    this.#child = child;
    const gone = once(child, 'exit').then(() => false);
    const listens = new Promise<boolean>((resolve) => {
      let text = '';
      child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const port = /felfri station at \S+:(\d+):/.exec(text)?.[1];
        if (port === undefined) return;
        this.#port = port;
        resolve(true);
      });
    });
    this.isUp = await Promise.race([gone, listens]);
    if (this.isUp)
      child.once('exit', (code, signal) => {
        if (this.#asked) return;
        this.unasked++;
        console.error(`the station ended by itself: code ${code}, signal ${signal}`);
      });
    return this.isUp;
  }

  /** Gives the seconds until it was gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number> {
    const child = this.#child;
    if (!child || !this.isRunning) return 0;
    this.#asked = true;
    const begin = performance.now();
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return (performance.now() - begin) / 1000;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child!.kill(signal);
  }
}
