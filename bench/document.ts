/** A benchmark run as tables, for the terminal and for docs/benchmarks.md. */
import { markdownTable } from '../scripts/write-document.ts';
import { type DeviceResults, deviceSection } from './device-results.ts';
import { rangeOf, seconds } from './format.ts';
import { type BenchResults, figures, outcome, type Row, ratios, type TaskResult } from './results.ts';
import { rows } from './rows.ts';
import { tasks } from './tasks.ts';

export const benchmarksPath = 'docs/benchmarks.md';

const formats: Record<Row['unit'], (x: number) => string> = {
  seconds,
  MB: (x) => `${Math.round(x)} MB`,
  'GFLOP/s': (x) => `${x.toPrecision(3)} GFLOP/s`,
  'parts a minute': (x) => `${Math.round(x)} a minute`,
  AUROC: (x) => x.toFixed(4),
  none: (x) => x.toFixed(2),
};

function cellsOf(row: Row, result: TaskResult | undefined): string[] {
  const found = ratios(row, result);
  const format = formats[row.unit];
  const aim = 'least' in row.aim ? `>= ${row.aim.least}` : `<= ${row.aim.most}`;
  const ratioFormat = row.ratio === 'itself' ? format : (x: number): string => x.toFixed(2);
  return [
    row.title,
    rangeOf(figures(result, row.ours), format),
    rangeOf(figures(result, row.theirs), format),
    rangeOf(found, ratioFormat),
    aim,
    `${found.length}`,
    outcome(row, result),
  ];
}

const resultOf = ({ task }: Row, results: BenchResults): TaskResult | undefined =>
  task === undefined ? undefined : results[task];

/** Every aim with both sides and whether it is met. */
export function aimsTable(results: BenchResults): string {
  return markdownTable(
    ['what', 'felfri', 'compared with', 'ratio', 'aim', 'n', ''],
    rows.map((row) => cellsOf(row, resultOf(row, results))),
  );
}

/** What the tables of cost show beside the exponent and the growth. */
function costTable(results: BenchResults): string {
  const lines = ['pixels', 'batch'].flatMap((name) => {
    const first = results[name]?.own[0];
    return Object.keys(first ?? {})
      .filter((field) => /\d/.test(field))
      .map((field) => [
        field,
        rangeOf(
          results[name]!.own.flatMap((m) => m[field] ?? []),
          seconds,
        ),
      ]);
  });
  return markdownTable(['', 'time an image'], lines);
}

function circumstances(results: BenchResults): string {
  const lines = tasks.map(({ name, title }) => {
    const result = results[name];
    if (!result) return [title, 'not run', '', '', ''];
    const { date, threads, others, seconds: spent, problem } = result;
    const runs = `${result.own.length}${result.peer.length > 0 ? ` + ${result.peer.length}` : ''}`;
    const cells = [
      title,
      `${date.slice(0, 16).replace('T', ' ')}`,
      `${threads}`,
      others.map((cores) => cores.toFixed(2)).join(', '),
    ];
    return [...cells, `${runs} in ${Math.round(spent)} s${problem === undefined ? '' : `; ${problem}`}`];
  });
  return markdownTable(
    ['task', 'begun (UTC)', 'threads', 'cores busy with other work before, after', 'processes'],
    lines,
  );
}

/** Machines and versions of all tasks, each once. */
function sittings(results: BenchResults): string[] {
  const facts = Object.values(results).map(({ machine: { cpu, cores, memoryGiB, platform }, versions }) => {
    const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return `- ${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memoryGiB} GiB of memory, ${platform}; ${named.join(', ')}`;
  });
  return [...new Set(facts)];
}

/** A warning where other work ran beside the measurements. */
function disturbance(results: BenchResults): string {
  const most = (result: TaskResult): number => Math.max(...result.others);
  const beside = Object.values(results).filter((result) => most(result) > 0.3);
  if (beside.length === 0) return '';
  return `
**Beside other work.** ${beside.length} of ${Object.keys(results).length} tasks began or ended while other work kept up to ${Math.max(...beside.map(most)).toFixed(1)} cores busy: neighbouring runs still
compare, if with a wide spread; single times and the rows without a peer are too long. To be measured again on a quiet machine.
`;
}

function standing(results: BenchResults): string {
  const told = rows.filter((row) => row.because !== undefined && outcome(row, resultOf(row, results)) !== 'met');
  return told.map(({ title, because }) => `- **${title}.** ${because}`).join('\n');
}

/** docs/benchmarks.md. */
export function benchmarksDocument(results: BenchResults, card?: DeviceResults): string {
  return `# Benchmarks

Written by \`npm run bench\` from its measurements, which \`bench/results/latest.json\` holds one by one.

${sittings(results).join('\n')}
${disturbance(results)}
## Aims

Medians; in brackets the least and the largest. \`ratio\` is how many times as fast felfri is where the aim is a least one of times, else felfri's
figure over the other; n is the number of pairs.

${aimsTable(results)}

Compared with: PyTorch, eager, the same network; for a decision the U-Net of the same presets; for arithmetic the best rate of matrix
products that onnxruntime reached in the same process; for a folder two cores that do nothing but read and compute.

## What is missed, and why

Parts of a time that a reason names were taken from profiles on an Intel Xeon with AVX-512, unless it says otherwise; shares hold elsewhere, milliseconds do not.

${standing(results)}

## Cost against work

Wavelet features and flow of the default preset, one process, no file reading.

${costTable(results)}
${deviceSection(card)}
## Method

- Runs alternate: felfri, peer, felfri, peer, each in a fresh process. A ratio is of two neighbouring runs, so that a machine
  that slows down or speeds up changes both sides. Compare ratios; times from two sittings are not comparable.
- Within a process one run warms up, then the median of some counts (\`bench/tasks.ts\`).
- A training step is everything from a batch in memory to updated weights: forward, backward, clipping of the global norm, Adam. felfri's
  runs in a worker thread as in \`felfri train\`, so handing over the batch is included. Flow steps start from cached feature maps.
- Inference is of one image (U-Net: one patch; features: one image at three scales), weights in the model, as in a bundle.
- Memory is the largest resident memory of the process: felfri's up to the end of training, the peer's with one inference after it.
- 8 bits: one U-Net that learned the plain defects of 60 simulated rings for two and a half minutes at most, in float and as \`felfri quantize\`
  makes it, in turn on 80 images of 40 rings of another seed, 32 of them defective; the AUROC is of these.
- Other data and weights are random numbers, and bundles hardly trained; none of the times depends on them.
- A bundle of one's own on a machine of one's own: \`felfri bench BUNDLE\`, with \`--profile\` by operator.

${circumstances(results)}

To repeat it: \`npm run bench\`, in under half an hour (\`-- --quick\` for a shorter one, \`-- --resume\` to go on where one was broken off,
\`-- --only flow,unet\` to measure some tasks again). The peer is \`torch_speed.py\`, in the folder that \`FELFRI_PEERS\` names, with Debian's
\`python3-torch\` (\`FELFRI_PYTHON\` names another python); without it, felfri's own times are measured and the aims beside it are not.
`;
}
