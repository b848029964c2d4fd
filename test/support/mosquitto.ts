/** A mosquitto of its own, on a port of this machine, with what it keeps in a folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './line.ts';
import { until } from './until.ts';

const binary = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find((path) => existsSync(path));

/** .ci/run installs it. */
export const hasMosquitto = binary !== undefined;

export class Mosquitto {
  readonly port: number;
  readonly #folder: string;
  readonly #config: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.#config = join(folder, 'mosquitto.conf');
  }

  static async start(folder: string, settings = 'allow_anonymous true'): Promise<Mosquitto> {
    const broker = new Mosquitto(await freePort(), folder);
    const lines = [
      `listener ${broker.port} 127.0.0.1`,
      settings,
      'persistence true',
      `persistence_location ${folder}/`,
    ];
    // as root it would become another user, who may not write there
    if (process.getuid?.() === 0) lines.push('user root');
    await writeFile(broker.#config, `${lines.join('\n')}\n`);
    await broker.start();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Without effect while it runs. */
  async start(): Promise<void> {
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) return;
    this.#process = spawn(binary!, ['-c', this.#config], { cwd: this.#folder, stdio: 'ignore' });
    await until(() => this.#listens(), 'mosquitto listens');
  }

  async #listens(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    const found = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return found;
  }

  /** SIGTERM writes what it keeps to the disk; SIGKILL does not. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }
}
