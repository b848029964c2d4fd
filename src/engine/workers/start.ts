/** Starts worker threads. */
// what a worker may load must be switched off here, as a worker cannot change the environment of its process
import '../runtime/no-usage-data.ts';

import { Worker } from 'node:worker_threads';

const fromSource = import.meta.url.endsWith('.ts');

/** A worker inherits node's own options, and refuses to run a file under the one that says what typed code is. */
const execArgv = process.execArgv.filter((option) => !option.startsWith('--input-type'));

/** A worker that runs `entry`.ts of this folder (or .js, where the project is compiled). */
export function startWorker(entry: 'host' | 'adam-share', workerData?: unknown): Worker {
  return startWorkerAt(new URL(`./${entry}${fromSource ? '.ts' : '.js'}`, import.meta.url), workerData);
}

/** A worker that runs the module at `entry`, which is TypeScript where this module is. */
export function startWorkerAt(entry: URL, workerData?: unknown): Worker {
  if (!fromSource) return new Worker(entry, { workerData, execArgv });
  return new Worker(new URL('./from-source.mjs', import.meta.url), { workerData, execArgv, argv: [entry.href] });
}
