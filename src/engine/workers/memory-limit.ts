/** A bound on the memory of a process, for work that may ask for any amount of it. */
import { writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

/** How often memory is looked at. */
const LOOK_MILLIS = 20;

/** In a thread of its own, as others may be deep in native code. Nothing that is loaded, so that it is there at once. */
const watch = `
  const { workerData: { mostBytes, millis } } = require('node:worker_threads');
  setInterval(() => {
    if (process.memoryUsage.rss() > mostBytes) process.kill(process.pid, 'SIGKILL');
  }, millis);`;

/** From now on this process is killed once it takes more; where the system runs out of memory, Linux ends it before others. */
export function endBeyond(mostBytes: number): void {
  new Worker(watch, { eval: true, workerData: { mostBytes, millis: LOOK_MILLIS } }).unref();
  // elsewhere there is no such file
  if (process.platform === 'linux') writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
}
