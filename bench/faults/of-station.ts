/** Faults of the station itself and of its disk, and what all faults share. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/core/random.ts';
import type { Disk } from './disk.ts';
import type { StationProcess } from './station.ts';

export interface Here {
  readonly station: StationProcess;
  readonly disk: Disk;
  readonly data: string;
  readonly random: Random;
}

/** In which nothing can be recorded; null where that cannot be said. */
export type Outage = { readonly from: number; readonly to: number } | null;

export type Fault<H> = (here: H) => Promise<Outage>;

/** Mostly shorter than a lock is waited for, sometimes longer. */
export const lasting = (random: Random): number =>
  random.next() < 0.75 ? random.uniform(50, 1500) : random.uniform(5200, 7500);

export const short = (random: Random): number => random.uniform(50, 2500);

export async function outage(millis: number): Promise<Outage> {
  const from = performance.now();
  await sleep(millis);
  return { from, to: performance.now() };
}

export const ofStation = {
  'SIGKILL of the station': async ({ station }) => {
    await station.end('SIGKILL');
    await station.start();
    return null;
  },
  'SIGKILL of the station, twice while it starts': async ({ station, random }) => {
    for (let i = 0; i < 2; i++) {
      await station.end('SIGKILL');
      const starting = station.start();
      await sleep(random.uniform(0, 1500));
      await station.end('SIGKILL');
      await starting;
    }
    if (!station.isRunning) await station.start();
    return null;
  },
  'SIGTERM, and another start': async ({ station }) => {
    const seconds = await station.end('SIGTERM');
    if (seconds > 20) throw new Error(`SIGTERM took ${seconds} s`);
    await station.start();
    return null;
  },
  'the station frozen (SIGSTOP)': async ({ station, random }) => {
    station.signal('SIGSTOP');
    await sleep(short(random));
    station.signal('SIGCONT');
    return null;
  },
  'SIGKILL of the inspecting process': async ({ station }) => {
    for (const pid of station.children()) process.kill(pid, 'SIGKILL');
    return null;
  },
  'the inspecting process hangs (SIGSTOP)': async ({ station }) => {
    for (const pid of station.children()) process.kill(pid, 'SIGSTOP');
    // so long an inspection may take as far as the station knows; it ends the process by itself after ten seconds
    await sleep(2500);
    return outage(6500);
  },
  'disk full': async ({ disk, random }) => {
    await disk.fill();
    const found = await outage(short(random));
    await disk.free();
    return found;
  },
  'disk full, and SIGKILL': async ({ disk, station, random }) => {
    await disk.fill();
    await sleep(random.uniform(50, 500));
    await station.end('SIGKILL');
    await disk.free();
    await station.start();
    return null;
  },
} satisfies Record<string, Fault<Here>>;
