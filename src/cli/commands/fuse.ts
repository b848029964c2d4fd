/** `felfri fuse`. */
import type { Command } from 'commander';
import { given } from '../../core/given.ts';
import type { Areas } from '../../detectors/fusion/combination.ts';
import { type Fusion, fuseBundles } from '../../jobs/fuse/fuse.ts';
import {
  chooseSplit,
  type LeakOption,
  oneOf,
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

interface FuseOptions extends SplitOptions, OutputOptions, LeakOption, RuleOptions {
  readonly output: string;
  readonly combine: 'auto' | 'larger' | 'sum';
  readonly threads?: number;
}

/** AUROCs of the detectors alone and fused, on both sides of the split. */
function areaLines({ areas, combination, manifest }: Fusion): string[] {
  const line = (side: string, { flow, unet, [combination]: fused }: Areas): string =>
    `  ${side.padEnd(12)} flow ${flow.toFixed(3)}, U-Net ${unet.toFixed(3)}, fusion ${fused.toFixed(3)}`;
  const { calibration, test } = areas;
  return [
    'AUROC of each alone and of both:',
    ...(calibration ? [line('calibration', calibration)] : []),
    ...(test ? [line('test', test)] : []),
    String(manifest.settings['choice']),
  ];
}

export function addFuseCommand(program: Command): void {
  const fuse = program
    .command('fuse')
    .description(
      'join a trained flow and a trained U-Net into one bundle, whose verdict says which of them it rests on',
    )
    .argument('<flow>', 'folder that felfri train flow wrote')
    .argument('<unet>', 'folder that felfri train unet wrote, on the same split')
    .argument('<folder>', 'the images that both were trained on: a folder, or a manifest.csv')
    .requiredOption('-o, --output <folder>', 'where the fused bundle goes');
  withReviewOption(withRuleOption(withLeakOption(withSplitOptions(fuse))))
    .option(
      '--combine <how>',
      'larger: the odder of the two scores; sum: both; auto: the better one on calibration images, and there one detector may count more',
      oneOf('auto', 'larger', 'sum'),
      'auto',
    )
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action((flow: string, unet: string, folder: string, options: FuseOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const dataSet = await openDataSet(folder, options);
        const { combine, output, rule, review, threads, allowLeaks = false } = options;
        const fusion = await fuseBundles({
          flow,
          unet,
          dataSet,
          split: chooseSplit(dataSet, options),
          output,
          allowLeaks,
          ...(combine !== 'auto' && { combination: combine }),
          ...given({ rule, review, threads }),
          ...control,
        });
        terminal.end();
        const { combination, areas } = fusion;
        print(
          options,
          { ...summaryJson(fusion), combination, areas },
          `${summarise(fusion)}\n${areaLines(fusion).join('\n')}`,
        );
        return exitCode.ok;
      }),
    );
}
