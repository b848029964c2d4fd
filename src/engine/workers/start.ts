/** Starts worker threads. */
import { Worker } from 'node:worker_threads';

const fromSource = import.meta.url.endsWith('.ts');

/** A worker that runs `entry`.ts of this folder (or .js, where the project is compiled). */
export function startWorker(entry: 'host' | 'adam-share', workerData?: unknown): Worker {
  return startWorkerAt(new URL(`./${entry}${fromSource ? '.ts' : '.js'}`, import.meta.url), workerData);
}

/** A worker that runs the module at `entry`, which is TypeScript where this module is. */
export function startWorkerAt(entry: URL, workerData?: unknown): Worker {
  if (!fromSource) return new Worker(entry, { workerData });
  return new Worker(new URL('./from-source.mjs', import.meta.url), { workerData, argv: [entry.href] });
}
