/** What bench/device.ts found, as bench/results/device.json holds it, and its section of docs/benchmarks.md. */
import { markdownTable } from '../scripts/write-document.ts';
import { rangeOf, seconds } from './format.ts';
import type { Machine, Measurement } from './results.ts';
import { tasks } from './tasks.ts';

export const deviceResultsPath = 'bench/results/device.json';

/** `own[i]`, `processor[i]` and `peer[i]` ran one after the other; where one of a side failed, its list is shorter. */
export interface DeviceTask {
  readonly own: readonly Measurement[];
  readonly processor: readonly Measurement[];
  readonly peer: readonly Measurement[];
}

export interface DeviceResults {
  readonly date: string;
  readonly machine: Machine;
  readonly card: string;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly tasks: Record<string, DeviceTask>;
}

const figures = { train_step_s: 'training step', inference_s: 'inference' };

/** Times of both sides in turn, theirs over ours. */
function times(own: readonly Measurement[], other: readonly Measurement[], figure: string): number[] {
  if (own.length !== other.length) return [];
  return own.flatMap((m, i) => (m[figure] && other[i]![figure] ? [other[i]![figure]! / m[figure]!] : []));
}

export function deviceTable(measured: DeviceResults['tasks']): string {
  const lines = tasks.flatMap(({ name, title }) => {
    const found = measured[name];
    if (!found) return [];
    const { own, processor, peer } = found;
    return Object.entries(figures).flatMap(([figure, what]) => {
      const all = [own, processor, peer].map((side) => side.flatMap((m) => m[figure] ?? []));
      if (all[0]!.length === 0) return [];
      const factor = (x: number): string => x.toPrecision(3);
      const [ours, theirs, torch] = all.map((side) => rangeOf(side, seconds));
      const gains = [processor, peer].map((other) => rangeOf(times(own, other, figure), factor));
      return [[`${title}: ${what}`, ours!, theirs!, gains[0]!, torch!, gains[1]!]];
    });
  });
  return markdownTable(['what', 'on the card', 'on the processor', 'gain', 'PyTorch on the card', 'ratio'], lines);
}

/** The section, or nothing where no card was measured. */
export function deviceSection(results: DeviceResults | undefined): string {
  if (!results) return '';
  const { machine, card, device, versions, threads, date } = results;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `
## On a graphics card

\`--device ${device}\` on ${card}, beside ${machine.cpu} with ${threads} threads of ${machine.cores} cores; ${named.join(', ')}; ${date.slice(0, 10)}. Medians; in brackets the least
and the largest. \`gain\` is how many times as fast as the processor the card is, \`ratio\` how many times as fast as PyTorch (eager, by CUDA) on the same card.

${deviceTable(results.tasks)}

What limits a training step there is its form, which is the processor's: convolutions by tiles spare it multiplications and cost a card more kernels than it saves (onnxruntime's
profile counts 884 matrix products and 834 transpositions in a step of the flow), and a card has no shortage of multiplications. In the U-Net's, transpositions and the sums of batch
normalisation and bias gradients take most of the profiled time, convolutions a fifteenth. Next: forms of convolution chosen by device. The whole of a U-Net's maps stays
on the card since pooling's gradient is plain operators there (\`runtime/unpooling.ts\`): 431 ms a step before, by the same card.

To repeat it: \`npm run bench:device -- ${device}\`.
`;
}
