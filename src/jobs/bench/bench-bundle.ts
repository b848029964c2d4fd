/** How fast a bundle inspects on this machine: what `felfri bench` measures and a person decides by. */
import { FelfriError } from '../../core/errors.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { lanesFor } from '../../inspect/lanes.ts';
import { median, quantile } from '../../judge/intervals.ts';
import type { JobEvents } from '../../train/control.ts';

export interface BenchOptions extends JobEvents {
  /** Settings that are tried, such as 1 and 2. */
  readonly threads: readonly number[];
  /** What computes; the processor unless told. */
  readonly device?: Device;
  /** Time for each setting: half for images one at a time, half for a stream of them. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Milliseconds of images one after another. */
export interface Latency {
  readonly images: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly least: number;
  readonly largest: number;
}

export interface BenchResult {
  readonly threads: number;
  /** Milliseconds to open the bundle: hashes, session, golden images. */
  readonly open: number;
  /** From an image file on disk to decision and map. */
  readonly latency: Latency;
  /** Medians of its two parts, in milliseconds. */
  readonly parts: { readonly read: number; readonly detect: number };
  /** Decisions a minute over many images, which are shared out among the threads. */
  readonly partsPerMinute: number;
  /** Resident memory of this process with the bundle open, in MB. */
  readonly memory: number;
}

/** Images of which latency is taken at least, so that a slow bundle has a median too. */
const FEWEST_IMAGES = 5;

/** Summary of some times; at least one. */
export function latencyOf(times: readonly number[]): Latency {
  const sorted = Float64Array.from(times).sort();
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(sorted, q)) as [number, number, number];
  return { images: times.length, p50, p95, p99, least: sorted[0]!, largest: sorted.at(-1)! };
}

/** The images that can be inspected; the others are told as problems. Throws the error of the last one when none can. */
async function readable(inspector: Inspector, images: readonly string[], events: JobEvents): Promise<string[]> {
  const good: string[] = [];
  let last: FelfriError | undefined;
  for (const [i, image] of images.entries()) {
    try {
      await inspector.inspect(image);
      good.push(image);
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
      last = error;
      events.onProblem?.({ name: image, code: error.code, message: error.message });
    }
    events.onProgress?.(i + 1, images.length);
  }
  if (good.length === 0) throw last ?? new FelfriError('IMAGE_MISSING', 'no image to measure with; name some');
  return good;
}

/** The images over and over, until the time is up or the job is stopped. */
function* untilTimeIsUp(images: readonly string[], seconds: number, fewest: number, signal?: AbortSignal) {
  const end = performance.now() + seconds * 1000;
  for (let i = 0; (i < fewest || performance.now() < end) && !signal?.aborted; i++) yield images[i % images.length]!;
}

async function measure(bundle: string, images: readonly string[], threads: number, options: BenchOptions) {
  const { seconds, signal, device = 'cpu' } = options;
  const begun = performance.now();
  const inspector = await Inspector.open(bundle, { threads, device });
  const open = performance.now() - begun;
  const [whole, read, detect]: [number[], number[], number[]] = [[], [], []];
  let usable: string[];
  try {
    usable = await readable(inspector, images, options);
    for (const image of untilTimeIsUp(usable, seconds / 2, FEWEST_IMAGES, signal)) {
      const start = performance.now();
      const { milliseconds } = await inspector.inspect(image);
      whole.push(performance.now() - start);
      read.push(milliseconds.read);
      detect.push(milliseconds.detect);
    }
  } finally {
    await inspector.close();
  }
  const stream = await measureStream(bundle, usable, threads, options);
  if (signal?.aborted) throw new FelfriError('INTERRUPTED', 'stopped before the measurement was done');
  const parts = { read: median(read), detect: median(detect) };
  const result: BenchResult = { threads, open, latency: latencyOf(whole), parts, ...stream };
  return { result, usable };
}

/** Decisions a minute as `felfri inspect FOLDER` makes them, and the memory that takes. */
async function measureStream(
  bundle: string,
  images: readonly string[],
  threads: number,
  { seconds, signal, device = 'cpu' }: BenchOptions,
): Promise<Pick<BenchResult, 'partsPerMinute' | 'memory'>> {
  const inspector = await Inspector.open(bundle, { ...lanesFor(Number.POSITIVE_INFINITY, threads, device), device });
  try {
    let decided = 0;
    const start = performance.now();
    for await (const _ of inspector.inspectAll(untilTimeIsUp(images, seconds / 2, FEWEST_IMAGES, signal))) decided++;
    const minutes = (performance.now() - start) / 60_000;
    return { partsPerMinute: decided / minutes, memory: process.memoryUsage.rss() / 2 ** 20 };
  } finally {
    await inspector.close();
  }
}

/**
 * Measures a bundle on image files, once for each number of threads; gives the images that it measured with, too. Images that cannot be read are told as problems and left out;
 * throws the error of one of them when none can be read, INTERRUPTED when stopped.
 */
export async function benchBundle(
  bundle: string,
  images: readonly string[],
  options: BenchOptions,
): Promise<{ results: BenchResult[]; images: readonly string[] }> {
  const results: BenchResult[] = [];
  let usable = images;
  for (const threads of options.threads) {
    options.onPhase?.(`Measuring with ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
    const measured = await measure(bundle, usable, threads, options);
    usable = measured.usable;
    results.push(measured.result);
  }
  return { results, images: usable };
}
