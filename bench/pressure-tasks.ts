/** What is done to a station under pressure, each measured on its own. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { Inspection } from '../src/station/contract/inspections.ts';
import { inspect, peakMegabytes, residentMegabytes, type ServedStation } from './served-station.ts';

/** In which pictures are waited for. */
const PATIENCE_MILLIS = 60_000;

export type Images = readonly Uint8Array<ArrayBuffer>[];

/** Noise, which no compression makes small, or one grey. */
export async function picture(
  width: number,
  height: number,
  kind: 'noise.jpeg' | 'grey.png',
): Promise<Uint8Array<ArrayBuffer>> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const made = sharp({
    create: { width, height, channels: 3, background: '#888', ...(kind === 'noise.jpeg' && { noise }) },
    limitInputPixels: false,
  });
  return new Uint8Array(await (kind === 'noise.jpeg' ? made.jpeg({ quality: 80 }) : made.png()).toBuffer());
}

/** Images a second, from two clients without a pause. */
export async function ceiling(station: ServedStation, images: Images, seconds: number): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - begin < seconds * 1000)
      if (typeof (await inspect(station, images[done % images.length]!)) !== 'number') done++;
  };
  await Promise.all([client(), client()]);
  return done / ((performance.now() - begin) / 1000);
}

/** Sends so many images a second at fixed times; gives the milliseconds from when each was due to its answer. */
export async function steady(station: ServedStation, images: Images, rate: number, seconds: number): Promise<number[]> {
  const begin = performance.now();
  const times: number[] = [];
  const under: Promise<void>[] = [];
  for (let i = 0; i < rate * seconds; i++) {
    const due = begin + (i * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    const one = async (): Promise<void> => {
      if (typeof (await inspect(station, images[i % images.length]!)) !== 'number') times.push(performance.now() - due);
    };
    under.push(one());
  }
  await Promise.all(under);
  return times;
}

/** A page that shows the newest part with its heat map, and a thumbnail of each: what a browser asks for, until it is closed. */
export async function openPage({ address }: ServedStation, closed: AbortSignal): Promise<void> {
  const load = async (path: string): Promise<void> => {
    await (await fetch(`${address}/api/inspections/${path}`, { signal: closed })).arrayBuffer();
  };
  let isBusy = false;
  const show = async (id: string): Promise<void> => {
    void load(`${id}/image?longest=128`).catch(() => undefined);
    if (isBusy) return;
    isBusy = true;
    await Promise.all([load(`${id}/image`), load(`${id}/map`)]).catch(() => undefined);
    isBusy = false;
  };
  try {
    const { body } = await fetch(`${address}/api/events`, { signal: closed });
    let text = '';
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        const id = /^data:.*"change":"new".*?"id":"([\w-]+)"/.exec(line)?.[1];
        if (id !== undefined) void show(id);
      }
    }
  } catch {
    // it was closed
  }
}

/** Brings a byte a second, and comes again when it is sent away. */
function slowSender({ address }: ServedStation, stop: AbortSignal): void {
  const { port, hostname } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    'POST /api/inspections HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 900000\r\n\r\n',
  );
  const timer = setInterval(() => socket.write('x'), 1000);
  const end = (): void => void socket.destroy();
  stop.addEventListener('abort', end);
  socket.on('close', () => {
    clearInterval(timer);
    stop.removeEventListener('abort', end);
    if (!stop.aborted) setTimeout(() => !stop.aborted && slowSender({ address } as ServedStation, stop), 20);
  });
}

/** Milliseconds of the longest time without a decision for a client that sends five images a second, while many send slowly. */
export async function outage(
  station: ServedStation,
  images: Images,
  senders: number,
  seconds: number,
): Promise<number> {
  const stop = new AbortController();
  for (let i = 0; i < senders; i++) slowSender(station, stop.signal);
  await sleep(1000);
  let longest = 0;
  const begin = performance.now();
  let last = begin;
  for (let i = 0; performance.now() - begin < seconds * 1000; i++) {
    const found = await inspect(station, images[i % images.length]!).catch(() => 0);
    const now = performance.now();
    if (typeof found !== 'number') {
      longest = Math.max(longest, now - last);
      last = now;
    }
    await sleep(200);
  }
  longest = Math.max(longest, performance.now() - last);
  stop.abort();
  return longest;
}

/** The longest and the usual wait of inspections, one after another, while some work is done. */
async function waits(station: ServedStation, images: Images, work: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const begin = performance.now();
    await inspect(station, images[times.length % images.length]!);
    times.push(performance.now() - begin);
    await sleep(50);
  }
  return times;
}

/** A page of 24 thumbnails of 12 megapixels, six at a time as a browser asks, beside inspections: milliseconds of their longest waits. */
export async function thumbnails(station: ServedStation, images: Images, rounds: number) {
  const large = await picture(4000, 3000, 'noise.jpeg');
  const ids: string[] = [];
  // other bytes behind the end of the image, so that none is another's copy
  for (let i = 0; i < 24; i++) ids.push(((await inspect(station, Uint8Array.from([...large, i]))) as Inspection).id);
  const found = { without: [] as number[], beside: [] as number[], seconds: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    const asked = [...ids];
    const browser = async (): Promise<void> => {
      for (let id = asked.pop(); id !== undefined; id = asked.pop())
        await (await fetch(`${station.address}/api/inspections/${id}/image?longest=${128 + round}`)).arrayBuffer();
    };
    const page = Promise.all(Array.from({ length: 6 }, browser));
    found.beside.push(Math.max(...(await waits(station, images, page))));
    const seconds = (performance.now() - begin) / 1000;
    found.seconds.push(seconds);
    found.without.push(Math.max(...(await waits(station, images, sleep(seconds * 1000)))));
  }
  return found;
}

/** The most memory, 10^6 bytes, while pictures of 49 megapixels are inspected and looked at. */
export async function memory(station: ServedStation): Promise<[string, number][]> {
  const found: [string, number][] = [['at rest', await residentMegabytes(station)]];
  const [png, jpeg] = [await picture(7000, 7000, 'grey.png'), await picture(7000, 7000, 'noise.jpeg')];
  let id = '';
  const peak = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    found.push([what, await peakMegabytes(station, work)]);
  };
  const twenty = (ask: (i: number) => Promise<unknown>) => () =>
    Promise.all(Array.from({ length: 20 }, (_, i) => ask(i)));
  // who waits longer goes away, as people do
  const get = (path: string) =>
    fetch(`${station.address}/api/${path}`, { signal: AbortSignal.timeout(PATIENCE_MILLIS) })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
  await peak('one PNG inspected', async () => {
    if (typeof (await inspect(station, png)) === 'number')
      throw new Error('49 megapixels are refused, so nothing is measured');
  });
  await peak('one JPEG of 19 MB inspected', async () => {
    ({ id } = (await inspect(station, jpeg)) as Inspection);
  });
  await peak(
    'twenty at once sent to be inspected',
    twenty(() => inspect(station, png)),
  );
  await peak(
    'twenty copies asked for',
    twenty((i) => get(`inspections/${id}/image?longest=${16 + i}`)),
  );
  await peak(
    'twenty maps asked for',
    twenty((i) => get(`inspections/${id}/map?longest=${400 + i}`)),
  );
  await peak(
    'twenty large maps asked for',
    twenty((i) => get(`inspections/${id}/map?longest=${4096 - i}`)),
  );
  await peak('twenty inspected and twenty large maps', async () => {
    await Promise.all([
      twenty(() => inspect(station, jpeg))(),
      twenty((i) => get(`inspections/${id}/map?longest=${4000 - i}`))(),
    ]);
  });
  await sleep(3000);
  found.push(['at rest afterwards', await residentMegabytes(station)]);
  return found;
}
