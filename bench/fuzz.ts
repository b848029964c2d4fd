/**
 * Damages files of every form that felfri reads and reads them: each must end with what was read or with a code, soon and in little memory.
 * A process for each form, so that the peak of its memory is its own. `npm run fuzz [-- files of each form, 1000 unless told [part of a name]]`
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fuzzCases } from '../test/support/fuzz-cases.ts';

/** A file that takes longer counts as a hang. */
const longestSeconds = 60;
const mostMemory = 2 ** 30;

interface Outcome {
  readonly ends: Readonly<Record<string, number>>;
  readonly slowest: number;
  /** Peak of the resident memory, in bytes, and before the first file. */
  readonly peak: number;
  readonly before: number;
}

const residentPeak = (): number => process.resourceUsage().maxRSS * 1024;

/** In a process of its own: reads the damaged files of one form, and tells of each that it is done. */
async function readAll(name: string, count: number): Promise<Outcome> {
  const scratch = await mkdtemp(join(tmpdir(), 'felfri-fuzz-'));
  const ends: Record<string, number> = {};
  let slowest = 0;
  try {
    const read = await fuzzCases.get(name)!.open(scratch);
    await read(0);
    const before = residentPeak();
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      const found = await read(i).catch((error: unknown) => [`no code, file ${i}: ${String(error)}`]);
      slowest = Math.max(slowest, performance.now() - start);
      for (const end of new Set(found)) ends[end] = (ends[end] ?? 0) + 1;
      process.send?.({ done: i });
    }
    return { ends, slowest, peak: residentPeak(), before };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a form's process gave, or how it failed. */
function outcomeOf(name: string, count: number): Promise<Outcome | string> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['--one', name, String(count)]);
  return new Promise((resolve) => {
    let done = -1;
    const hung = (): void => {
      child.kill('SIGKILL');
      resolve(`hangs at file ${done + 1}`);
    };
    let timer = setTimeout(hung, longestSeconds * 1000);
    child.on('message', (message: { readonly done: number } | Outcome) => {
      clearTimeout(timer);
      timer = setTimeout(hung, longestSeconds * 1000);
      if ('done' in message) done = message.done;
      else resolve(message);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(`crashes at file ${done + 1} (${signal ?? code})`);
    });
  });
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

async function main(count: number, part: string): Promise<void> {
  console.log('| form | read | codes | slowest | memory, of it before |\n| --- | --- | --- | --- | --- |');
  let failures = 0;
  for (const name of fuzzCases.keys()) {
    if (!name.toLowerCase().includes(part.toLowerCase())) continue;
    const outcome = await outcomeOf(name, count);
    if (typeof outcome === 'string') {
      failures++;
      console.log(`| ${name} | ${outcome} | | | |`);
      continue;
    }
    const { ends, slowest, peak, before } = outcome;
    const { read = 0, ...codes } = ends;
    if (peak > mostMemory || Object.keys(codes).some((code) => code.startsWith('no code'))) failures++;
    const told = Object.entries(codes).sort(([, a], [, b]) => b - a);
    const cells = [told.map(([code, n]) => `${code} ${n}`).join(', '), `${slowest.toFixed(0)} ms`];
    console.log(`| ${[name, read, ...cells, `${mib(peak)}, ${mib(before)}`].join(' | ')} |`);
  }
  process.exitCode = failures > 0 ? 1 : 0;
}

const [first = '1000', second = '', third = '0'] = process.argv.slice(2);
if (first === '--one') {
  process.send!(await readAll(second, Number(third)));
  process.disconnect();
} else await main(Number(first), second);
