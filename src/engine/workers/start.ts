/** Starts worker threads and processes. */
// what a worker may load must be switched off here, as a worker cannot change the environment of its process
import '../runtime/no-usage-data.ts';

import { type ChildProcess, fork } from 'node:child_process';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const fromSource = import.meta.url.endsWith('.ts');

const EXPOSE_GC = '--expose-gc';

/** A worker inherits node's own options, and refuses some: the one that says what typed code is, and what holds for the whole process anyway. */
const execArgv = process.execArgv.filter((option) => !option.startsWith('--input-type') && option !== EXPOSE_GC);

/** A worker that runs `entry`.ts of this folder (or .js, where the project is compiled). */
export function startWorker(entry: 'host' | 'adam-share'): Worker {
  return startWorkerAt(new URL(`./${entry}${fromSource ? '.ts' : '.js'}`, import.meta.url));
}

/** The compiled copy of a source file, in the folder that FELFRI_COMPILED names: reading TypeScript takes a thread a second. */
function compiledCopy(entry: URL): URL | undefined {
  const folder = process.env['FELFRI_COMPILED'];
  if (folder === undefined) return undefined;
  const path = relative(fileURLToPath(new URL('../..', import.meta.url)), fileURLToPath(entry));
  return pathToFileURL(join(folder, path.replace(/\.ts$/, '.js')));
}

/** A worker that runs the module at `entry`, which is TypeScript where this module is. */
export function startWorkerAt(entry: URL, workerData?: unknown): Worker {
  const compiled = fromSource ? compiledCopy(entry) : entry;
  if (compiled) return new Worker(compiled, { workerData, execArgv });
  return new Worker(new URL('./from-source.mjs', import.meta.url), { workerData, execArgv, argv: [entry.href] });
}

/** A process that runs the module at `entry`, as `startWorkerAt`; it finds `data` by `processData`, and its messages are of any kind that v8 can write. */
export function startProcessAt(entry: URL, data: unknown): ChildProcess {
  const module = (fromSource ? compiledCopy(entry) : entry) ?? new URL('./from-source.mjs', import.meta.url);
  return fork(fileURLToPath(module), [entry.href, JSON.stringify(data)], {
    // for tidy.ts
    execArgv: [...execArgv, EXPOSE_GC],
    serialization: 'advanced',
    // the last one is for large arrays (child.ts)
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
  });
}

/** What a process of `startProcessAt` was given. */
export function processData<T>(): T {
  return JSON.parse(process.argv[3]!) as T;
}

/** For a process of `startProcessAt`: calls `end` when whoever started it is gone, also where that was before this, as while the modules were loaded. */
export function whenAlone(end: () => void): void {
  if (process.connected) process.once('disconnect', end);
  else end();
}
