/** Starts worker threads whose entries lie in this folder. */
import { Worker } from 'node:worker_threads';

const fromSource = import.meta.url.endsWith('.ts');

/** A worker that runs `entry`.ts (or .js, where the project is compiled). */
export function startWorker(entry: 'host' | 'adam-share', workerData?: unknown): Worker {
  if (fromSource)
    return new Worker(new URL('./from-source.mjs', import.meta.url), { workerData, argv: [`./${entry}.ts`] });
  return new Worker(new URL(`./${entry}.js`, import.meta.url), { workerData });
}
