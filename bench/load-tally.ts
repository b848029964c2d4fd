/** Images sent to a station at fixed times, and what became of each: its answer, and what is on record. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inspection } from '../src/station/contract/inspections.ts';
import type { PartRecordPage } from '../src/station/contract/not-inspected.ts';
import { isDecided } from '../src/station/inspections/decided.ts';
import type { Images } from './pressure-tasks.ts';
import type { ServedStation } from './served-station.ts';

/** What became of each image that was sent, by its resultId. */
export interface Tally {
  /** Milliseconds from when it was due to its answer. */
  readonly times: number[];
  readonly acknowledged: Set<string>;
  /** Answers of 503. */
  shed: number;
  /** No answer, or another one. */
  failed: number;
}

interface Sent {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly resultId: string;
  /** When it was due, by performance.now(). */
  readonly due: number;
}

export interface Sending {
  /** Its images' resultIds begin so. */
  readonly name: string;
  /** Images a second. */
  readonly rate: number;
  readonly seconds: number;
}

export const newTally = (): Tally => ({ times: [], acknowledged: new Set(), shed: 0, failed: 0 });

async function send({ address }: ServedStation, { image, resultId, due }: Sent, tally: Tally): Promise<void> {
  try {
    const answer = await fetch(`${address}/api/inspections?resultId=${resultId}`, {
      method: 'POST',
      body: image,
      headers: { 'content-type': 'image/png' },
    });
    const { id } = (await answer.json()) as Partial<Inspection>;
    if (answer.status === 503) tally.shed++;
    else if (id === undefined) tally.failed++;
    else {
      tally.acknowledged.add(resultId);
      tally.times.push(performance.now() - due);
    }
  } catch {
    tally.failed++;
  }
}

/** Sends without a pause from two clients, so that the station always has a next image. Gives images a second. */
export async function ceiling(station: ServedStation, images: Images, seconds: number, label: string): Promise<number> {
  const tally = newTally();
  const begin = performance.now();
  const client = async (name: number): Promise<void> => {
    for (let i = 0; performance.now() - begin < seconds * 1000; i++)
      await send(
        station,
        { image: images[(i * 2 + name) % images.length]!, resultId: `${label}-${name}-${i}`, due: performance.now() },
        tally,
      );
  };
  await Promise.all([client(0), client(1)]);
  return tally.acknowledged.size / ((performance.now() - begin) / 1000);
}

/** Sends so many images a second at fixed times; every hundredth is sent twice at once. */
export async function steady(
  station: ServedStation,
  images: Images,
  { name, rate, seconds }: Sending,
  tally: Tally,
): Promise<number> {
  const begin = performance.now();
  const count = Math.round(rate * seconds);
  const under: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const due = begin + (i * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    if (station.child.exitCode !== null || station.child.signalCode !== null) break;
    const sent = { image: images[i % images.length]!, resultId: `${name}-${i}`, due };
    under.push(send(station, sent, tally));
    if (i % 100 === 50) under.push(send(station, sent, tally));
  }
  await Promise.all(under);
  return count;
}

/** Asks ten times a second whether the station lives, until it is told to stop; gives the times of its answers. */
export async function pulse({ address }: ServedStation, stop: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!stop.aborted) {
    const begin = performance.now();
    await (await fetch(`${address}/health`)).arrayBuffer();
    times.push(performance.now() - begin);
    await sleep(100);
  }
  return times;
}

/** How often each resultId is on record. */
async function recorded({ address }: ServedStation): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let before: string | null | undefined; before !== null; ) {
    const more: string = before === undefined ? '' : `&before=${before}`;
    const page = (await (await fetch(`${address}/api/inspections?limit=500${more}`)).json()) as PartRecordPage;
    for (const { resultId } of page.inspections.filter(isDecided)) found.set(resultId, (found.get(resultId) ?? 0) + 1);
    before = page.next;
  }
  return found;
}

export async function againstRecords(station: ServedStation, { acknowledged }: Tally) {
  const found = await recorded(station);
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !found.has(id)).length,
    duplicate: [...found.values()].filter((count) => count > 1).length,
  };
}

export async function memory({ address }: ServedStation): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Math.round(Number(/^felfri_process_resident_memory_bytes (\S+)/m.exec(text)![1]) / 1e6);
}
