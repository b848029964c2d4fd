/** Starts worker threads. */
// what a worker may load must be switched off here, as a worker cannot change the environment of its process
import '../runtime/no-usage-data.ts';

import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const fromSource = import.meta.url.endsWith('.ts');

/** A worker inherits node's own options, and refuses to run a file under the one that says what typed code is. */
const execArgv = process.execArgv.filter((option) => !option.startsWith('--input-type'));

/** A worker that runs `entry`.ts of this folder (or .js, where the project is compiled). */
export function startWorker(entry: 'host' | 'adam-share', workerData?: unknown): Worker {
  return startWorkerAt(new URL(`./${entry}${fromSource ? '.ts' : '.js'}`, import.meta.url), workerData);
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
