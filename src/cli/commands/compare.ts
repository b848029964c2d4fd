/** `felfri compare`. */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { given } from '../../core/given.ts';
import { without } from '../../core/options.ts';
import { backboneOptions } from '../../detectors/backbones/options.ts';
import { settingsOf, trainedDetectors } from '../../detectors/table.ts';
import { runComparison } from '../../jobs/compare/compare.ts';
import type { ProtocolName } from '../../jobs/compare/plan.ts';
import { writeComparisonReport } from '../../jobs/compare/report.ts';
import type { ComparisonRequest } from '../../jobs/compare/request.ts';
import { formatComparison } from '../../judge/comparison-table.ts';
import { type Beside, givenOf, type PresetOption, withOptionRows, withPresetOption } from '../detector-options.ts';
import { nextStep } from '../next-step.ts';
import {
  type DataOptions,
  oneOf,
  openDataSet,
  positive,
  type RuleOptions,
  whole,
  withDataOptions,
  withRuleOption,
} from '../options.ts';
import { askedIntake, type PixelOptions, withPixelOptions } from '../pixel-options.ts';
import { commandLine } from '../report-option.ts';
import { beside, doneBut, exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface CompareOptions extends DataOptions, PresetOption, OutputOptions, RuleOptions, PixelOptions {
  readonly output: string;
  readonly protocol: 'honest' | 'paper' | 'both';
  readonly sequences?: number;
  readonly seeds?: number;
  readonly unetSequences?: number;
  readonly fusion: boolean;
  readonly folds: number;
  readonly seed: number;
  readonly every: number;
  readonly flowMinutes?: number;
  readonly unetMinutes?: number;
  readonly allowLeaks?: boolean;
  readonly parallel?: number;
  readonly threads?: number;
}

const examples = `
Examples:
  felfri compare photos/ -o compared                         every fold in turn, flow and U-Net, honest
  felfri compare photos/ -o compared --protocol both         the paper's way beside it, labelled so
  felfri compare photos/ -o quick --sequences 2 --flow-minutes 3 --unet-minutes 5
  felfri compare photos/ -o compared                         the same command goes on after a stop or a power cut

What it writes into the folder:
  report.html      Table I, Figure 1, worst misses and false alarms; opens without a network
  comparison.json  every number; table.csv, sequences.csv, curve.csv and scores.csv for spreadsheets
  honest/flow-0 …  each training as a bundle, ready for felfri inspect; honest/fusion-0 … both of a split in one verdict

The curve (--every) is measured on the judged images and only written down: no epoch, threshold or setting is chosen from it.
The last digits of the numbers depend on the threads of a sequence, so these are settled when the folder is made; --parallel may change.
With --flow-minutes or --unet-minutes the numbers depend on the machine's speed; without, they can be had again.`;

const flowRows = trainedDetectors.flow.options;

/** The U-Net's rows but for those that name the backbone of both. */
const unetRows = without(trainedDetectors.unet.options, backboneOptions);
const besideFlow: Beside = { rows: flowRows, prefix: 'unet', title: trainedDetectors.unet.title };

function withCompareOptions(command: Command): Command {
  const data = withDataOptions(command.argument('<folder>', 'folder of images, or a manifest.csv'));
  const own = withPixelOptions(withRuleOption(data))
    .requiredOption('-o, --output <folder>', 'where everything goes; a comparison begun there goes on')
    .option(
      '--protocol <name>',
      'honest: folds by part group, nothing chosen on judged images; paper: published split or fold 0, seeds, threshold chosen on the judged images; both',
      oneOf('honest', 'paper', 'both'),
      'honest',
    )
    .option(
      '--sequences <n>',
      'trainings of each detector: the first n folds, or n seeds (default: all folds, 5 seeds)',
      whole(1),
    )
    .option('--seeds <n>', 'trainings of the flow under the paper protocol, where other than --sequences', whole(1))
    .option('--unet-sequences <n>', 'trainings of the U-Net, 0 for none (default: as many as of the flow)', whole(0))
    .option('--no-fusion', 'do not join the flow and the U-Net of each split in one verdict')
    .option('--folds <n>', 'how many folds to make where the data set states none', whole(3), 5)
    .option('--seed <n>', 'seed of everything random', whole(0), 0)
    .option('--every <batches>', "batches between two points of the flow's AUROC curve", whole(1), 75)
    .option('--flow-minutes <n>', 'end each training of the flow after this time at the latest', positive)
    .option('--unet-minutes <n>', 'end each training of the U-Net after this time at the latest', positive)
    .option('--allow-leaks', 'go on with an honest split that the leak check flags; every result says so')
    .option('--parallel <n>', 'sequences trained side by side (default: half the cores)', whole(1))
    .option('--threads <n>', 'threads of each sequence (default: its share of the cores)', whole(1));
  const flow = withOptionRows(withPresetOption(own.optionsGroup('The flow (the preset: of both):')), flowRows);
  return withOptionRows(flow.optionsGroup('The U-Net:'), unetRows, besideFlow)
    .optionsGroup('Output:')
    .option('--json', 'the whole comparison as one JSON object on standard output')
    .option('--quiet', 'no progress')
    .addHelpText('after', examples);
}

const protocolsOf: Readonly<Record<CompareOptions['protocol'], readonly ProtocolName[]>> = {
  honest: ['honest'],
  paper: ['paper'],
  both: ['honest', 'paper'],
};

async function trainingsOf(options: CompareOptions): Promise<Pick<ComparisonRequest, 'flow' | 'unet'>> {
  const { preset, flowMinutes, unetMinutes } = options;
  const flow = givenOf(flowRows, options);
  // both stand on the backbone that is named
  const unet = { ...givenOf(backboneOptions, options), ...givenOf(unetRows, options, besideFlow) };
  return {
    flow: {
      ...(await settingsOf('flow', flow, preset)),
      ...askedIntake(options),
      ...(flowMinutes !== undefined && { maxSeconds: flowMinutes * 60 }),
    },
    unet: {
      ...(await settingsOf('unet', unet, preset)),
      ...askedIntake(options),
      ...(unetMinutes !== undefined && { maxSeconds: unetMinutes * 60 }),
    },
  };
}

export function addCompareCommand(program: Command): void {
  withCompareOptions(
    program
      .command('compare')
      .description(
        "the paper's experiment: flow and U-Net trained several times on the same splits, judged, in one table",
      ),
  ).action((folder: string, options: CompareOptions) =>
    runCommand(options, async ({ terminal, control }) => {
      const dataSet = await openDataSet(folder, options);
      terminal.onPhase(dataSet.notes.join('\n'));
      for (const problem of dataSet.problems) terminal.onProblem(problem);
      const cores = availableParallelism();
      const outcome = await runComparison({
        ...(await trainingsOf(options)),
        dataSet,
        output: options.output,
        protocols: protocolsOf[options.protocol],
        fusion: options.fusion,
        folds: options.folds,
        seed: options.seed,
        every: options.every,
        parallel: options.parallel ?? Math.max(1, Math.floor(cores / 2)),
        cores,
        ...given({
          sequences: options.sequences,
          seeds: options.seeds,
          unetSequences: options.unetSequences,
          rule: options.rule,
          threads: options.threads,
        }),
        ...(options.allowLeaks && { allowLeaks: true }),
        ...control,
        onSequence: terminal.onStep,
        onOverall: terminal.onOverall,
      });
      const { comparison } = outcome;
      const report = join(options.output, 'report.html');
      terminal.onPhase('Writing the report');
      const failure = await beside(() => writeComparisonReport(report, commandLine(process.argv.slice(2)), outcome));
      terminal.end();
      print(
        options,
        comparison,
        `${formatComparison(comparison)}\n\nTables: ${join(options.output, 'table.csv')}\nReport: ${report}${failure ? '' : `\n${nextStep.compare(report)}`}`,
      );
      const done = doneBut(failure);
      return comparison.protocols.some(({ failed }) => failed.length > 0) ? exitCode.partial : done;
    }),
  );
}
