/** A process that gives frames by a pipe, watched and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { onOneLine } from '../../../../core/control-characters.ts';
import { FelfriError } from '../../../../core/errors.ts';

const KILL_MILLIS = 1500;
/** Of what it says last, to tell why it ended. */
const TOLD = 2000;

/** Throws SOURCE_LOST with what to install. */
export function findProgram(name: string, install: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new FelfriError('SOURCE_LOST', `${name} is not on the PATH; ${install}`, { subject: name });
}

export interface FrameChild {
  readonly process: ChildProcess;
  /** Its pipe of that number. */
  pipe(number: number): Readable;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts it with pipes for input, output, errors and number 3. `said` hears each line of its errors. */
export function startChild(
  command: string,
  args: readonly string[],
  said: (line: string) => void = () => undefined,
): FrameChild {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  let tail = '';
  let isGone = false;
  child.stdin!.on('error', () => undefined);
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TOLD);
    for (const line of text.split('\n')) if (line.trim() !== '') said(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      isGone = true;
      const last = tail
        .trim()
        .split(/[\r\n]+/)
        .slice(-2)
        .join(' ');
      resolve(onOneLine(last) || `it ended (${signal ?? code})`);
    });
  });
  return {
    process: child,
    pipe: (number) => child.stdio[number] as Readable,
    ended,
    stop: async () => {
      if (isGone || child.pid === undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_MILLIS);
      await ended;
      clearTimeout(timer);
    },
  };
}
