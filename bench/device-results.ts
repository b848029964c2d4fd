/** What bench/device.ts found, as bench/results/device.json holds it, and its section of docs/benchmarks.md. */
import { markdownTable } from '../scripts/write-document.ts';
import { rangeOf, seconds } from './format.ts';
import type { Machine, Measurement } from './results.ts';
import { tasks } from './tasks.ts';

export const deviceResultsPath = 'bench/results/device.json';

/** One after the other; what failed is missing. */
export type DeviceRun = { readonly [side in 'device' | 'processor' | 'peer']?: Measurement };

export interface DeviceResults {
  readonly date: string;
  readonly machine: Machine;
  readonly card: string;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly tasks: Readonly<Record<string, readonly DeviceRun[]>>;
}

const figures = { train_step_s: 'training step', inference_s: 'inference' };

export function deviceTable(measured: DeviceResults['tasks']): string {
  const lines = tasks.flatMap(({ name, title }) => {
    const runs = measured[name] ?? [];
    return Object.entries(figures).flatMap(([figure, what]) => {
      const times = (side: keyof DeviceRun): number[] => runs.flatMap((run) => run[side]?.[figure] ?? []);
      if (times('device').length === 0) return [];
      // run by run, how many times as fast as the other side the device was
      const gain = (other: keyof DeviceRun): string => {
        const pairs = runs.map((run) => [run.device?.[figure], run[other]?.[figure]] as const);
        const factors = pairs.flatMap(([ours, theirs]) => (ours && theirs ? [theirs / ours] : []));
        return rangeOf(factors, (x) => x.toPrecision(3));
      };
      const shown = (side: keyof DeviceRun): string => rangeOf(times(side), seconds);
      return [
        [`${title}: ${what}`, shown('device'), shown('processor'), gain('processor'), shown('peer'), gain('peer')],
      ];
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
on the card since pooling's gradient is plain operators there (\`runtime/unpooling.ts\`); before, a step took 431 ms on an NVIDIA H200. Counts and shares too were seen on that card.

To repeat it: \`npm run bench:device -- ${device} --card NAME\`.
`;
}
