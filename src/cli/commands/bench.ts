/** `felfri bench`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { felfriVersion } from '../../core/version.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import { type BenchResult, benchBundle, type Latency, latencyOf } from '../../jobs/bench/bench-bundle.ts';
import { type BundleProfile, profileBundle } from '../../jobs/bench/profile-bundle.ts';
import { findImageFiles } from '../image-files.ts';
import { type DeviceOption, positive, whole, withDeviceOption } from '../options.ts';
import { type CommandContext, exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface BenchCommandOptions extends OutputOptions, DeviceOption {
  readonly threads: readonly number[];
  readonly seconds: number;
  readonly starts: number;
  readonly profile?: boolean;
}

/** Images beyond so many are left out: each is inspected once before anything is measured. */
const MOST_IMAGES = 200;

/** One thread, all cores, and half of them where there are many. */
function usualThreads(): number[] {
  const cores = availableParallelism();
  return [...new Set([1, Math.max(1, Math.floor(cores / 2)), cores])];
}

function threadsOf(text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((n) => Number.isInteger(n) && n >= 1))
    throw new InvalidArgumentError('Give whole numbers of at least 1, such as 1,2,4.');
  return [...new Set(numbers)];
}

/** The images to measure with: those that are named, or the bundle's own golden ones. */
async function imagesOf(bundle: string, named: readonly string[]): Promise<string[]> {
  if (named.length > 0) return (await findImageFiles(named)).files.slice(0, MOST_IMAGES).map(({ path }) => path);
  const folder = join(bundle, 'golden');
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /\.(png|npy)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Milliseconds from the start of `felfri inspect` in a process of its own to its first decision. */
async function startTime(bundle: string, image: string, threads: number, device: Device): Promise<number> {
  const begun = performance.now();
  const args = ['inspect', bundle, image, '--json', '--threads', `${threads}`, '--device', device];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let decided: number | undefined;
  child.stdout.on('data', () => {
    decided ??= performance.now() - begun;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (decided === undefined || code === exitCode.refused || code === exitCode.partial || code === null) {
    throw new FelfriError('BUNDLE_INVALID', `felfri inspect ${bundle} ${image} ended with ${code}; run it by itself`);
  }
  return decided;
}

const milliseconds = (x: number): string => (x < 100 ? x.toPrecision(3) : x.toFixed(0));

/** Cells in columns, flush right; the first column too unless told. */
function columns(rows: readonly (readonly string[])[], first: 'left' | 'right' = 'right'): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const cell = (text: string, i: number): string =>
    i === 0 && first === 'left' ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
  return rows.map((row) => row.map(cell).join('  '));
}

function table(results: readonly BenchResult[]): string[] {
  return columns([
    ['threads', 'p50', 'p95', 'p99', 'largest', 'images', 'read', 'detect', 'parts a minute', 'memory'],
    ...results.map(({ threads, latency, parts, partsPerMinute, memory }) => [
      `${threads}`,
      ...[latency.p50, latency.p95, latency.p99, latency.largest].map(milliseconds),
      `${latency.images}`,
      milliseconds(parts.read),
      milliseconds(parts.detect),
      partsPerMinute.toFixed(0),
      `${memory.toFixed(0)} MB`,
    ]),
  ]);
}

function profileText({ threads, runs, milliseconds: whole, operators }: BundleProfile): string[] {
  const inOperators = operators.reduce((sum, o) => sum + o.milliseconds, 0);
  return [
    '',
    `By operator, ${threads} ${threads === 1 ? 'thread' : 'threads'}, the mean of ${runs} inspections: ${milliseconds(inOperators)} of ${milliseconds(whole)} ms in operators.`,
    '',
    ...columns(
      [
        ['operator', 'calls', 'ms', 'share'],
        ...operators.map((o) => [
          o.operator,
          `${Math.round(o.calls)}`,
          o.milliseconds.toFixed(2),
          `${(100 * o.share).toFixed(1)} %`,
        ]),
      ],
      'left',
    ),
  ];
}

const quickest = (results: readonly BenchResult[], value: (r: BenchResult) => number): number =>
  results.reduce((a, b) => (value(b) < value(a) ? b : a)).threads;

interface Report {
  readonly felfri: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly device: Device;
  readonly bundle: string;
  readonly images: number;
  readonly results: readonly BenchResult[];
  /** From process start to the first decision; null with --starts 0. */
  readonly start: Latency | null;
  /** Number of threads with the least median time, and with the most parts a minute. */
  readonly best: { readonly latency: number; readonly throughput: number };
  /** With the number of threads that is quickest for a single image; null without --profile. */
  readonly profile: BundleProfile | null;
}

function reportText({
  felfri,
  node,
  cpu,
  cores,
  device,
  bundle,
  images,
  results,
  start,
  best,
  profile,
}: Report): string {
  const lines = [
    `${bundle}: ${images} ${images === 1 ? 'image' : 'images'}, felfri ${felfri}, node ${node}, ${cpu}, ${cores} cores${device === 'cpu' ? '' : `, computed by ${device}`}`,
    'From an image file to decision and map, in milliseconds:',
    '',
    ...table(results),
    '',
  ];
  if (start) {
    lines.push(
      `From process start to the first decision: ${milliseconds(start.p50)} ms (${milliseconds(start.least)} to ${milliseconds(start.largest)}, ${start.images} starts).`,
    );
  }
  const threads = (n: number): string => `--threads ${n}`;
  lines.push(
    best.latency === best.throughput
      ? `Quickest here: ${threads(best.latency)}.`
      : `Quickest for a single image: ${threads(best.latency)}; most parts a minute: ${threads(best.throughput)}.`,
  );
  if (profile) lines.push(...profileText(profile));
  return lines.join('\n');
}

async function measure(
  bundle: string,
  named: readonly string[],
  given: Partial<BenchCommandOptions>,
  { terminal, signal, control }: CommandContext,
): Promise<number> {
  const { threads = usualThreads(), seconds = 10, starts = 3, profile = false, device = 'cpu' } = given;
  const { results, images } = await benchBundle(bundle, await imagesOf(bundle, named), {
    threads,
    device,
    seconds,
    ...control,
  });
  const latency = quickest(results, (r) => r.latency.p50);
  const times: number[] = [];
  if (starts > 0) terminal.onPhase('Starting processes');
  for (let i = 0; i < starts && !signal.aborted; i++) times.push(await startTime(bundle, images[0]!, latency, device));
  if (profile) terminal.onPhase('Profiling');
  const byOperator = profile
    ? await profileBundle(bundle, images, { threads: latency, device, seconds, signal })
    : null;
  if (signal.aborted) throw new FelfriError('INTERRUPTED', 'stopped before the measurement was done');
  const report: Report = {
    felfri: felfriVersion,
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown CPU',
    cores: availableParallelism(),
    device,
    bundle,
    images: images.length,
    results,
    start: times.length > 0 ? latencyOf(times) : null,
    best: { latency, throughput: quickest(results, (r) => -r.partsPerMinute) },
    profile: byOperator,
  };
  print(given, report, reportText(report));
  return exitCode.ok;
}

export function addBenchCommand(program: Command): void {
  withDeviceOption(program.command('bench'))
    .description('measure a bundle on this machine: time for a decision, parts a minute, memory, time to start')
    .argument('<bundle>', 'folder that felfri train wrote')
    .argument(
      '[images...]',
      "image files, or folders of them, such as the line's own (default: the bundle's golden images)",
    )
    .option(
      '--threads <list>',
      'numbers of threads to try, such as 1,2 (default: 1, half of the cores, all)',
      threadsOf,
    )
    .option('--seconds <n>', 'time for each number of threads', positive, 10)
    .option('--starts <n>', 'processes that are started to time the first decision', whole(0), 3)
    .option('--profile', 'also how the time of an inspection is shared out among the operators of the model')
    .option('--json', 'one JSON object')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
p50, p95, p99: half, 95 and 99 of a hundred decisions take no longer; p99 says little below a few hundred images.
read, detect: medians of reading the file and of computing. Parts a minute: as in felfri inspect of a folder, an image for each thread.
Other work on the machine counts. At most ${MOST_IMAGES} images are used, over and over.`,
    )
    .action((bundle: string, named: string[], given: Partial<BenchCommandOptions>) =>
      runCommand(given, (context) => measure(bundle, named, given, context)),
    );
}
