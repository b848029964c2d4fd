/** What a station takes of its machine, looked at from outside; Linux. */

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { residentMegabytes } from '../served-station.ts';

export interface Sample {
  /** Seconds since the start of the station that is running. */
  readonly second: number;
  /** Resident, of the station with all its processes, 10^6 bytes. */
  readonly megabytes: number;
  /** Of its first process: files, sockets, pipes. */
  readonly openFiles: number;
}

export async function sampleOf(pid: number, second: number): Promise<Sample> {
  const megabytes = await residentMegabytes({ child: { pid } });
  const openFiles = (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;
  return { second, megabytes, openFiles };
}

/** Bytes of all files below a folder. */
export async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    if (file.isFile())
      bytes += await lstat(join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0,
      );
  return bytes;
}

const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** The slope of a straight line through the samples by least squares, 10^6 bytes an hour. */
function slope(samples: readonly Sample[]): number {
  const n = samples.length;
  if (n < 2) return 0;
  const [x, y] = [
    samples.reduce((sum, { second }) => sum + second, 0) / n,
    samples.reduce((sum, { megabytes }) => sum + megabytes, 0) / n,
  ];
  const over = samples.reduce((sum, { second, megabytes }) => sum + (second - x) * (megabytes - y), 0);
  return (3600 * over) / samples.reduce((sum, { second }) => sum + (second - x) ** 2, 0);
}

/** After so long a station has taken what it needs to work at all. */
const WARM_SECONDS = 120;

/** Of the samples of one start: the middle of those when it was warm, the most, and how it grew from then on. */
export function memoryOf(samples: readonly Sample[]) {
  const warm = samples.filter(({ second }) => second >= WARM_SECONDS);
  const of = warm.length > 2 ? warm : samples;
  return {
    megabytes: middle(of.map(({ megabytes }) => megabytes)),
    mostMegabytes: Math.max(0, ...samples.map(({ megabytes }) => megabytes)),
    megabytesAnHour: Math.round(slope(of) * 10) / 10,
    openFiles: middle(of.map(({ openFiles }) => openFiles)),
  };
}
