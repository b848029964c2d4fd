/** The other side of each kind of source, as real as this machine has it: what gives images, goes away and comes back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryPath } from '../../scripts/repository.ts';
import type { SourceKind } from '../../src/station/line/sources/table.ts';
import { freePort } from './line.ts';
import { partPng } from './station.ts';

export interface Counterpart {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Lets an image come, where none comes by itself. */
  give(): Promise<void>;
  away(): Promise<void>;
  back(): Promise<void>;
  end(): Promise<void>;
}

/** Debian's, which has python3-gi; another that comes first on the PATH may not. */
const PYTHON = '/usr/bin/python3';

const hasModule = (name: string, version: string): boolean =>
  existsSync(PYTHON) &&
  spawnSync(PYTHON, ['-c', `import gi; gi.require_version('${name}', '${version}')`]).status === 0;

/** Of each kind: why its other side is not here; null where it is. .ci/run installs all. */
export const absent: Readonly<Record<SourceKind, string | null>> = {
  folder: null,
  ffmpeg:
    spawnSync('ffmpeg', ['-version']).status !== 0
      ? 'ffmpeg'
      : hasModule('GstRtspServer', '1.0')
        ? null
        : 'gir1.2-gst-rtsp-server-1.0',
  genicam: !hasModule('Aravis', '0.8')
    ? 'gir1.2-aravis-0.8'
    : spawnSync('arv-fake-gv-camera-0.8', ['--help']).status === 0
      ? null
      : 'aravis-tools',
};

/** A program that can be killed, and started again as it was. */
class Program {
  readonly #command: string;
  readonly #args: readonly string[];
  /** What it says when it is ready; null where it says nothing. */
  readonly #ready: RegExp | null;
  process: ChildProcess | undefined;

  constructor(command: string, args: readonly string[], ready: RegExp | null) {
    this.#command = command;
    this.#args = args;
    this.#ready = ready;
  }

  async start(): Promise<this> {
    const running = spawn(this.#command, this.#args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = running;
    let told = '';
    const ready = this.#ready;
    await new Promise<void>((resolve, reject) => {
      const hear = (text: Buffer): void => {
        told += text.toString();
        if (ready?.test(told)) resolve();
      };
      running.stdout.on('data', hear);
      running.stderr.on('data', hear);
      running.once('exit', () => reject(new Error(told)));
      if (ready === null) running.once('spawn', resolve);
    });
    return this;
  }

  async kill(): Promise<void> {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}

/** An RTSP camera of so many frames a second. */
export async function rtspCamera(rate = 10): Promise<{ readonly input: string; readonly program: Program }> {
  const port = await freePort();
  const program = new Program(
    PYTHON,
    [repositoryPath('test/line/rtsp_server.py'), String(port), String(rate)],
    /ready/,
  );
  await program.start();
  return { input: `rtsp://127.0.0.1:${port}/camera`, program };
}

/** Its port is the standard's, so that there is one at a time on this machine: who has this one may start it. */
const CAMERA_TURN = 39_560;

async function cameraTurn(): Promise<() => Promise<void>> {
  for (;;) {
    const server = createServer();
    const isMine = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(CAMERA_TURN, '127.0.0.1', () => resolve(true));
    });
    if (isMine) return () => new Promise((resolve) => server.close(() => resolve()));
    await sleep(100);
  }
}

/** Aravis' simulated GigE Vision camera; of 1,000 packets it loses so many. */
export async function fakeCamera(
  lost = 0,
): Promise<{ readonly camera: string; readonly program: Program; end(): Promise<void> }> {
  const camera = '127.0.0.1';
  const giveBack = await cameraTurn();
  const program = new Program('arv-fake-gv-camera-0.8', ['-i', camera, '-r', String(lost)], null);
  await program.start();
  const end = async (): Promise<void> => {
    program.process?.kill('SIGCONT');
    await program.kill();
    await giveBack();
  };
  return { camera, program, end };
}

export const counterparts: Readonly<Record<SourceKind, (folder: string) => Promise<Counterpart>>> = {
  folder: async (path) => {
    let count = 0;
    return {
      settings: { path, pollSeconds: 0.05, stableSeconds: 0.1 },
      give: async () => writeFile(join(path, `part${count}.png`), await partPng(count++)),
      away: () => rename(path, `${path}-away`),
      back: () => rename(`${path}-away`, path),
      end: async () => undefined,
    };
  },
  ffmpeg: async () => {
    const { input, program } = await rtspCamera();
    return {
      settings: { input, pixels: 'grey', take: 'rate', everySeconds: 0.5 },
      give: async () => undefined,
      away: () => program.kill(),
      back: async () => void (await program.start()),
      end: () => program.kill(),
    };
  },
  genicam: async () => {
    const { camera, program, end } = await fakeCamera();
    return {
      settings: { camera, pixelFormat: 'Mono8', take: 'rate', everySeconds: 0.5 },
      give: async () => undefined,
      away: () => program.kill(),
      back: async () => void (await program.start()),
      end,
    };
  },
};
