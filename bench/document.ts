/** A benchmark run as tables, for the terminal and for docs/benchmarks.md. */
import { markdownTable } from '../scripts/write-document.ts';
import {
  type BenchResults,
  type CaseResult,
  type Measurement,
  speedRatios,
  summarise,
  type timings,
} from './results.ts';

export const benchmarksPath = 'docs/benchmarks.md';

function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`;
}

function range(numbers: readonly number[], format: (x: number) => string): string {
  const found = summarise(numbers);
  if (!found) return '-';
  const { median, least, largest } = found;
  return numbers.length === 1 ? format(median) : `${format(median)} (${format(least)} to ${format(largest)})`;
}

function rowsOf(result: CaseResult): string[][] {
  const row = (what: string, timing: (typeof timings)[number]): string[] => {
    const of = (side: readonly Measurement[]): number[] => side.flatMap((m) => m[timing] ?? []);
    return [
      result.title,
      what,
      range(of(result.own), seconds),
      range(of(result.peer), seconds),
      range(speedRatios(result, timing), (x) => x.toFixed(2)),
    ];
  };
  const trains = result.own.some((m) => m.train_step_s !== undefined);
  return [...(trains ? [row('training step', 'train_step_s')] : []), row('inference', 'inference_s')];
}

/** Times of both sides and the speed relative to the peer. */
export function timesTable(results: BenchResults): string {
  return markdownTable(['network', 'what', 'felfri', 'PyTorch', 'speed'], results.cases.flatMap(rowsOf));
}

/** Largest memory of a process on both sides, and the parameters of the network. */
export function memoryTable(results: BenchResults): string {
  const memory = (side: readonly Measurement[]): string =>
    range(
      side.map((m) => m.peak_rss_mb),
      (x) => `${Math.round(x)} MB`,
    );
  const rows = results.cases.map(({ title, own, peer }) => [
    title,
    own[0]?.parameters?.toLocaleString('en-GB') ?? '-',
    memory(own),
    memory(peer),
  ]);
  return markdownTable(['network', 'parameters', 'felfri', 'PyTorch'], rows);
}

/** The machine and the versions, one fact a line. */
export function circumstances({ date, machine, versions, threads, quick }: BenchResults): string[] {
  const { cpu, cores, memoryGiB, platform, loadBefore } = machine;
  return [
    `${date.slice(0, 16).replace('T', ' ')} UTC${quick ? ', quick run' : ''}`,
    `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, ${platform}; load before the run ${loadBefore.toFixed(2)}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    `${threads} threads on either side`,
  ];
}

/** docs/benchmarks.md. */
export function benchmarksDocument(results: BenchResults): string {
  return `# Benchmarks

Made from \`bench/results/latest.json\` by \`npm run bench -- --write-docs\`; that file has every single measurement.

${circumstances(results)
  .map((fact) => `- ${fact}`)
  .join('\n')}

## Speed

The last column is the peer's time divided by felfri's: above 1 felfri is the faster. Median of the pairs, in brackets the least
and the largest.

${timesTable(results)}

## Memory

Largest resident memory of the process, training and inference together.

${memoryTable(results)}

## Method

- The peer is the same network in PyTorch with its own optimiser (\`torch_speed.py\`), eager, on the same number of threads.
- Runs alternate: felfri, peer, felfri, peer, each in a fresh process. A ratio is of two neighbouring runs, so that a machine
  that slows down or speeds up changes both sides. Compare ratios; times from two sittings are not comparable.
- Within a process one run warms up, then the median of some counts (\`--steps\` in \`bench/cases.ts\`).
- A training step is everything from a batch in memory to updated weights: forward, backward, clipping of the global norm, Adam. felfri's
  runs in a worker thread as in \`felfri train\`, so handing over the batch is included. Flow steps start from cached feature maps.
- Inference is of one image (U-Net: one patch; features: one image at three scales), weights in the model, as in a bundle.
- Data and weights are random numbers; none of the times depends on them.

To repeat it: \`npm run bench\` (\`-- --quick\` for a shorter one). It needs the peer for the last columns
(Debian: \`apt-get install python3-torch\`; \`FELFRI_PYTHON\` names another python, \`FELFRI_SHARED\` the folder that holds
\`peers/torch_speed.py\`), and gives felfri's own times without it.
`;
}
