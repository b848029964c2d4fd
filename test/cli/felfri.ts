/** Runs the felfri command in a process of its own, compiled, as a user would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { compiledFile } from '../support/compiled.ts';

const main = compiledFile('cli/main');

export interface Finished {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Settles when standard error has shown the text; rejects when the process ends without. */
  shown(text: string): Promise<void>;
  /** The first group of what standard output shows first; rejects as `shown`. */
  printed(pattern: RegExp): Promise<string>;
}

/** Starts the command without waiting for it. */
export function startFelfri(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Running {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; resolve: () => void; reject: (e: Error) => void }[] = [];
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    for (const { text, resolve } of waiting) if (stderr.includes(text)) resolve();
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => {
      for (const { text, reject } of waiting) reject(new Error(`ended without showing "${text}":\n${stderr}`));
      resolve({ code, stdout, stderr });
    });
  });
  return {
    process: child,
    finished,
    shown: (text) =>
      new Promise((resolve, reject) => {
        if (stderr.includes(text)) resolve();
        else waiting.push({ text, resolve, reject });
      }),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stdout)?.[1];
          if (found !== undefined) resolve(found);
        };
        child.stdout!.on('data', look);
        look();
        void finished.then(() => reject(new Error(`ended without printing ${pattern}:\n${stderr}`)));
      }),
  };
}

export function felfri(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Promise<Finished> {
  return startFelfri(args, env, input).finished;
}

/** What is written beside the answer, but for the warnings that a test's few images are due. */
export const complaints = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !/ images? (is|are) few to set|alone has an AUROC/.test(line));
