/** What the measurements were made on, and what else ran there. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from './results.ts';

export const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown CPU',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
});

/** Cores that were busy over `milliseconds`; asked while nothing of ours runs, it is what other work takes. */
export async function busyCores(milliseconds = 2000): Promise<number> {
  const before = cpus();
  await sleep(milliseconds);
  const shares = cpus().map(({ times }, i) => {
    const spent = Object.entries(times).map(([kind, t]) => [kind, t - before[i]!.times[kind as 'idle']] as const);
    const total = spent.reduce((sum, [, t]) => sum + t, 0);
    const idle = spent.find(([kind]) => kind === 'idle')![1];
    return total > 0 ? 1 - idle / total : 0;
  });
  return shares.reduce((sum, share) => sum + share, 0);
}
