/** Runs the felfri command under strace and tells which files it wrote and whom it spoke to. */
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { compiledFile } from './compiled.ts';

/** Whether this machine can trace; continuous integration installs strace. */
export const canTrace: boolean = process.platform === 'linux' && spawnSync('strace', ['--version']).status === 0;

/** How a program is started where it sees no network at all, not even this machine's own; where that is refused, as any other. */
const cut: readonly string[] =
  [
    ['unshare', '-n'],
    ['unshare', '-rn'],
  ].find(([command, option]) => spawnSync(command!, [option!, 'true']).status === 0) ?? [];

const calls = [
  ...['open', 'openat', 'openat2', 'creat', 'mkdir', 'mkdirat', 'link', 'linkat', 'symlink', 'symlinkat'],
  ...['rename', 'renameat', 'renameat2', 'connect', 'bind', 'sendto', 'sendmsg', 'sendmmsg'],
];

export interface Trace {
  /** Files and folders that were made, opened to be written, or renamed to. */
  readonly written: readonly string[];
  /** Files that were opened to be read. */
  readonly read: readonly string[];
  /** Addresses that were connected to, listened on or sent to, other than sockets of this machine's file system. */
  readonly addresses: readonly string[];
}

/** The last path in quotes: the target of a call that has two. */
const lastPath = (line: string): string | undefined => [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].at(-1)?.[1];

/** What lines of strace say; calls that failed touched nothing. */
function readTrace(text: string): Trace {
  const written = new Set<string>();
  const read = new Set<string>();
  const addresses = new Set<string>();
  for (const line of text.split('\n')) {
    const call = /^\d+\s+(\w+)\(/.exec(line)?.[1];
    if (call === undefined) continue;
    const address = /sa_family=(AF_INET6?)/.exec(line);
    if (address) {
      const host = /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/.exec(line);
      addresses.add(host?.[1] ?? host?.[2] ?? line);
      continue;
    }
    if (/= -1 /.test(line)) continue;
    const path = lastPath(line);
    if (path === undefined || /^(connect|bind|send)/.test(call)) continue;
    if (/^(open|creat)/.test(call) && !/O_WRONLY|O_RDWR|O_CREAT/.test(line) && call !== 'creat') read.add(path);
    else written.add(path);
  }
  return { written: [...written], read: [...read], addresses: [...addresses] };
}

export interface Traced {
  /** Exit code and all that was printed. */
  readonly finished: Promise<{ readonly code: number | null; readonly output: string; readonly trace: Trace }>;
  /** The first group of what is printed first; rejects when the process ends without. */
  printed(pattern: RegExp): Promise<string>;
  /** Asks felfri itself to end, as Ctrl-C would: strace hands no signal on. */
  interrupt(): Promise<void>;
}

/** Starts the command in `cwd`; `log` is a file for strace; `alone`: without any network, where the system allows that. Nothing of this environment but PATH, HOME and the temporary folder reaches it. */
export function startTraced(
  args: readonly string[],
  place: { cwd: string; home: string; temporary: string; log: string; alone: boolean },
): Traced {
  const { cwd, home, temporary, log, alone } = place;
  const [program, ...before] = alone ? [...cut, 'strace'] : ['strace'];
  const child = spawn(
    program!,
    [
      ...before,
      '-f',
      '-qq',
      '--seccomp-bpf',
      '-s',
      '4096',
      '-e',
      'signal=none',
      '-e',
      `trace=${calls.map((c) => `?${c}`).join(',')}`,
      '-o',
      log,
      process.execPath,
      compiledFile('cli/main'),
      ...args,
    ],
    { cwd, env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const finished = new Promise<number | null>((resolve) => child.on('close', resolve)).then(async (code) => ({
    code,
    output,
    trace: readTrace(await readFile(log, 'utf8')),
  }));
  return {
    finished,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(output)?.[1];
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', look);
        look();
        void finished.then(() => reject(new Error(`ended without printing ${pattern}:\n${output}`)));
      }),
    interrupt: async () => {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      process.kill(Number(children.trim().split(' ')[0]), 'SIGINT');
    },
  };
}
