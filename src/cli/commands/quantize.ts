/** `felfri quantize`. */
import type { Command } from 'commander';
import { given } from '../../core/given.ts';
import { type QuantizedBundle, quantizeBundle } from '../../jobs/quantize/quantize.ts';
import {
  chooseSplit,
  type LeakOption,
  openDataSet,
  type RuleOptions,
  type SplitOptions,
  whole,
  withLeakOption,
  withReviewOption,
  withRuleOption,
  withSplitOptions,
} from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson } from '../summary.ts';

interface QuantizeOptions extends SplitOptions, OutputOptions, LeakOption, RuleOptions {
  readonly output: string;
  readonly threads?: number;
}

function effectLines({ effect, manifest }: QuantizedBundle): string[] {
  const { milliseconds, speedup, auroc, largestScoreDifference, bytes } = effect;
  const { convolutions, allConvolutions, images } = manifest.quantisation!;
  const megabytes = (n: number): string => (n / 1e6).toFixed(1);
  return [
    `${convolutions} of ${allConvolutions} convolutions in 8 bits, their ranges from ${images} calibration images; the model ${megabytes(bytes.quantised)} MB instead of ${megabytes(bytes.float)}.`,
    `An image in ${milliseconds.quantised.toFixed(1)} ms instead of ${milliseconds.float.toFixed(1)} on this machine: ${speedup.toFixed(2)} times as fast.`,
    ...(auroc
      ? [`AUROC on the calibration images ${auroc.quantised.toFixed(4)}, in float ${auroc.float.toFixed(4)}.`]
      : []),
    `The scores of an image differ by ${largestScoreDifference.toFixed(4)} at most.`,
    ...(speedup < 1.1 ? ['That is hardly faster here: keep the float bundle.'] : []),
  ];
}

export function addQuantizeCommand(program: Command): void {
  const quantize = program
    .command('quantize')
    .description('a trained U-Net in 8 bits: faster on processors with 8-bit arithmetic, its threshold set anew')
    .argument('<bundle>', 'folder that felfri train unet wrote')
    .argument('<folder>', 'the images that it was trained on: a folder, or a manifest.csv')
    .requiredOption('-o, --output <folder>', 'where the 8-bit bundle goes');
  const asInBundle = 'as in the bundle';
  withReviewOption(withRuleOption(withLeakOption(withSplitOptions(quantize)), asInBundle), asInBundle)
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action((bundle: string, folder: string, options: QuantizeOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const dataSet = await openDataSet(folder, options);
        const { output, rule, review, threads, allowLeaks = false } = options;
        const quantised = await quantizeBundle({
          bundle,
          dataSet,
          split: chooseSplit(dataSet, options),
          output,
          allowLeaks,
          ...given({ rule, review, threads }),
          ...control,
        });
        terminal.end();
        const { effect } = quantised;
        print(
          options,
          { ...summaryJson(quantised), quantisation: quantised.manifest.quantisation, effect },
          `${summarise(quantised)}\n${effectLines(quantised).join('\n')}`,
        );
        return exitCode.ok;
      }),
    );
}
