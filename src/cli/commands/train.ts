/** `felfri train`, with a command for each detector that learns, and `backbone`. */
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { without } from '../../core/options.ts';
import { backboneOptions } from '../../detectors/backbones/options.ts';
import type { TrainedDetector } from '../../detectors/detector.ts';
import type { Budget } from '../../detectors/learning.ts';
import { type OptionsOf, settingsOf, type TrainedName, trainedDetectors, trainedNames } from '../../detectors/table.ts';
import type { JudgedBundle } from '../../jobs/judge/evaluate.ts';
import { writeReport } from '../../jobs/judge/report.ts';
import type { OwnBackbone } from '../../jobs/train/own-backbone-file.ts';
import { regionsOfFile } from '../../jobs/train/regions-of.ts';
import { type TrainedBackbone, trainBackbone } from '../../jobs/train/train-backbone.ts';
import { trainDetector } from '../../jobs/train/train-detector.ts';
import { trainSurfaceBackbone } from '../../jobs/train/train-surface-backbone.ts';
import type { TrainingRequest } from '../../jobs/train/training-run.ts';
import { givenOf, type PresetOption, withOptionRows, withPresetOption } from '../detector-options.ts';
import { nextStep } from '../next-step.ts';
import {
  chooseSplit,
  type DeviceOption,
  type LeakOption,
  openDataSet,
  positive,
  type RuleOptions,
  type SplitOptions,
  whole,
  withDeviceOption,
  withLeakOption,
  withRuleOption,
  withSplitOptions,
} from '../options.ts';
import { askedIntake, type PixelOptions, withPixelOptions } from '../pixel-options.ts';
import { type ReportOption, requireReport, withReportOption } from '../report-option.ts';
import { beside, type CommandContext, doneBut, exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson } from '../summary.ts';

interface TrainOptions
  extends SplitOptions,
    PresetOption,
    OutputOptions,
    LeakOption,
    DeviceOption,
    RuleOptions,
    PixelOptions,
    ReportOption {
  readonly output: string;
  readonly resume?: boolean;
  readonly maxMinutes?: number;
  readonly regions?: string;
  readonly threads?: number;
}

function withTrainOptions(command: Command): Command {
  const asked = withLeakOption(
    withSplitOptions(command.argument('<folder>', 'folder of images, or a manifest.csv')),
  ).requiredOption('-o, --output <folder>', 'where the bundle goes; records of the run lie in run/ within');
  const run = withPixelOptions(withRuleOption(withDeviceOption(withPresetOption(asked))))
    .option('--resume', 'go on with the run in the output folder')
    .option(
      '--regions <file>',
      'where pictures are judged and where not: JSON (docs/regions.md), or a mask image that is white where they are',
    )
    .option('--max-minutes <n>', 'end training after this time at the latest', positive)
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1));
  return withReportOption(run).option('--json', 'one JSON object on standard output').option('--quiet', 'no progress');
}

/** What every training is asked beside its detector's settings. */
async function requestOf(
  folder: string,
  options: TrainOptions,
  { terminal, control }: CommandContext,
): Promise<Omit<TrainingRequest, keyof Budget>> {
  await requireReport(options);
  const dataSet = await openDataSet(folder, options);
  const split = chooseSplit(dataSet, options);
  const regions = options.regions === undefined ? undefined : await regionsOfFile(options.regions, dataSet.images);
  terminal.onPhase([...dataSet.notes, `Split: ${split.name}.`, ...split.notes].join('\n'));
  for (const problem of dataSet.problems) terminal.onProblem(problem);
  return {
    dataSet,
    split,
    output: options.output,
    resume: options.resume ?? false,
    allowLeaks: options.allowLeaks ?? false,
    seed: options.seed,
    ...askedIntake(options),
    ...(regions && { regions }),
    ...(options.rule && { rule: options.rule }),
    ...(options.maxMinutes !== undefined && { maxSeconds: options.maxMinutes * 60 }),
    ...(options.threads !== undefined && { threads: options.threads }),
    device: options.device,
    ...control,
  };
}

/** Writes the report where one was asked for; gives what that failed by, so that the figures are printed all the same. */
async function report(
  judged: JudgedBundle,
  request: Pick<TrainingRequest, 'dataSet' | 'split' | 'onPhase'>,
  { report: path }: TrainOptions,
): Promise<FelfriError | null> {
  if (path === undefined || judged.evaluation === null) return null;
  request.onPhase?.('Writing the report');
  const { dataSet, split } = request;
  return beside(() =>
    writeReport(path, { title: dataSet.name, dataSet, split, bundles: [judged], leak: judged.leak?.statement }),
  );
}

const fileText = ({ file, bytes }: OwnBackbone): string =>
  [
    `The backbone is ${file} (${(bytes / 1e6).toFixed(1)} MB). Train a flow on it:`,
    `  felfri train flow FOLDER --backbone onnx:${file} -o BUNDLE`,
  ].join('\n');

const backboneText = ({ unet, ...file }: TrainedBackbone): string =>
  ['The U-Net that the backbone is the way down of:', summarise(unet), '', fileText(file)].join('\n');

/** A U-Net's rows but for those of labels and of a fixed way down. */
const { encoder: _, synthetic: __, syntheticShare: ___, ...learnedRows } = trainedDetectors.unet.options;
const ownBackboneRows = without(learnedRows, backboneOptions);

function addTrainCommand<N extends TrainedName>(train: Command, name: N): void {
  const row: TrainedDetector = trainedDetectors[name];
  withOptionRows(withTrainOptions(train.command(name).description(row.meaning)), row.options).action(
    (folder: string, options: TrainOptions) =>
      runCommand(options, async (context) => {
        const request = await requestOf(folder, options, context);
        const settings = await settingsOf(name, givenOf(row.options, options) as OptionsOf<N>, options.preset);
        const judged = await trainDetector(name, { ...request, ...settings });
        const failure = await report(judged, request, options);
        context.terminal.end();
        print(options, summaryJson(judged), `${summarise(judged)}\n${nextStep.train(judged.bundle)}`);
        return doneBut(failure);
      }),
  );
}

interface BackboneOptions extends TrainOptions {
  readonly tellSurfaces?: boolean;
}

async function trainOwnBackbone(folder: string, options: BackboneOptions, context: CommandContext): Promise<number> {
  const settings = await settingsOf('unet', givenOf(ownBackboneRows, options), options.preset);
  const request = { ...(await requestOf(folder, options, context)), ...settings };
  if (options.tellSurfaces) {
    if (options.regions !== undefined) {
      throw new FelfriError(
        'OPTION_INVALID',
        '--regions with --tell-surfaces: surfaces have no regions; give one of the two',
        {
          subject: 'regions',
        },
      );
    }
    const backbone = await trainSurfaceBackbone(request);
    context.terminal.end();
    print(options, { backbone }, fileText(backbone));
    return exitCode.ok;
  }
  const trained = await trainBackbone(request);
  const failure = await report(trained.unet, request, options);
  context.terminal.end();
  const { unet, ...backbone } = trained;
  print(options, { backbone, unet: summaryJson(unet) }, backboneText(trained));
  return doneBut(failure);
}

export function addTrainCommands(program: Command): void {
  const train = program
    .command('train')
    .description('train a detector, set its threshold, judge it, and write a bundle');
  for (const name of trainedNames) addTrainCommand(train, name);
  const backbone = train
    .command('backbone')
    .description(
      'a backbone of your own, from good images alone: the way down of a U-Net that learns to find synthetic defects on them',
    );
  withOptionRows(withTrainOptions(backbone), ownBackboneRows)
    .option(
      '--tell-surfaces',
      'teach the way down alone, to tell part groups apart too, where these are surfaces of different kinds (felfri simulate surface); writes no U-Net',
    )
    .action((folder: string, options: BackboneOptions) =>
      runCommand(options, (context) => trainOwnBackbone(folder, options, context)),
    );
}
