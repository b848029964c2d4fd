/** `felfri train flow|unet|backbone`. */
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { requireWritableFile } from '../../core/outputs.ts';
import type { JudgedBundle } from '../../jobs/evaluate.ts';
import type { OwnBackbone } from '../../jobs/own-backbone-file.ts';
import { writeReport } from '../../jobs/report.ts';
import { type TrainedBackbone, trainBackbone } from '../../jobs/train-backbone.ts';
import { trainFlow } from '../../jobs/train-flow.ts';
import { trainSurfaceBackbone } from '../../jobs/train-surface-backbone.ts';
import { trainUnet } from '../../jobs/train-unet.ts';
import type { TrainingRequest } from '../../jobs/training-run.ts';
import { isReport } from '../../judge/report/page.ts';
import { withBackboneOptions } from '../backbone-options.ts';
import { type FlowOptions, flowSettings, withFlowOptions } from '../flow-options.ts';
import {
  chooseSplit,
  type DeviceOption,
  type LeakOption,
  openDataSet,
  positive,
  type RuleOptions,
  type SplitOptions,
  type TrainingOptions,
  whole,
  withDeviceOption,
  withLeakOption,
  withRuleOption,
  withSplitOptions,
  withTrainingOptions,
} from '../options.ts';
import { askedIntake, type PixelOptions, withPixelOptions } from '../pixel-options.ts';
import { flowPresets } from '../presets.ts';
import { beside, type CommandContext, doneBut, exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson } from '../summary.ts';
import { type UnetOptions, unetPresetOf, unetSettings, withUnetOptions } from '../unet-options.ts';

interface TrainOptions
  extends SplitOptions,
    TrainingOptions,
    OutputOptions,
    LeakOption,
    DeviceOption,
    RuleOptions,
    PixelOptions {
  readonly output: string;
  readonly resume?: boolean;
  readonly maxMinutes?: number;
  readonly threads?: number;
  readonly report?: string;
  readonly overwrite?: boolean;
}

function withTrainOptions(command: Command): Command {
  const asked = withLeakOption(
    withSplitOptions(command.argument('<folder>', 'folder of images, or a manifest.csv')),
  ).requiredOption('-o, --output <folder>', 'where the bundle goes; records of the run lie in run/ within');
  return withPixelOptions(withRuleOption(withDeviceOption(withTrainingOptions(asked))))
    .option('--resume', 'go on with the run in the output folder')
    .option('--max-minutes <n>', 'end training after this time at the latest', positive)
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option('--report <file>', 'write what was found as one HTML file')
    .option('--overwrite', 'replace what lies at --report, though felfri did not write it')
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress');
}

/** What both kinds of training are asked, from the options and the preset. */
async function requestOf(
  folder: string,
  options: TrainOptions,
  preset: { readonly batch: number; readonly epochs: number; readonly lr: number },
  { terminal, signal }: CommandContext,
): Promise<TrainingRequest> {
  const { report: path, overwrite } = options;
  if (path !== undefined && !/\.html?$/i.test(path)) {
    throw new FelfriError('OPTION_INVALID', `--report: got ${path}; legal is a name that ends in .html`, {
      subject: 'report',
    });
  }
  if (path !== undefined) await requireWritableFile(path, { isOwn: isReport, ...(overwrite && { overwrite }) });
  const dataSet = await openDataSet(folder, options);
  const split = chooseSplit(dataSet, options);
  terminal.onPhase([...dataSet.notes, `Split: ${split.name}.`, ...split.notes].join('\n'));
  for (const problem of dataSet.problems) terminal.onProblem(problem);
  return {
    dataSet,
    split,
    output: options.output,
    resume: options.resume ?? false,
    allowLeaks: options.allowLeaks ?? false,
    seed: options.seed,
    epochs: options.epochs ?? preset.epochs,
    batch: options.batch ?? preset.batch,
    learningRate: options.lr ?? preset.lr,
    ...askedIntake(options),
    ...(options.rule && { rule: options.rule }),
    ...(options.maxMinutes !== undefined && { maxSeconds: options.maxMinutes * 60 }),
    ...(options.threads !== undefined && { threads: options.threads }),
    device: options.device,
    signal,
    onPhase: terminal.onPhase,
    onProgress: terminal.onProgress,
    onTraining: terminal.onTraining,
    onProblem: terminal.onProblem,
    onWarning: terminal.onWarning,
  };
}

/** Writes the report where one was asked for; gives what that failed by, so that the figures are printed all the same. */
async function report(
  judged: JudgedBundle,
  request: TrainingRequest,
  { report: path }: TrainOptions,
): Promise<FelfriError | null> {
  if (path === undefined || judged.evaluation === null) return null;
  request.onPhase?.('Writing the report');
  const { dataSet, split } = request;
  return beside(() => writeReport(path, dataSet.name, dataSet, split, [judged], judged.leak?.statement));
}

const fileText = ({ file, bytes }: OwnBackbone): string =>
  [
    `The backbone is ${file} (${(bytes / 1e6).toFixed(1)} MB). Train a flow on it:`,
    `  felfri train flow FOLDER --backbone onnx:${file} -o BUNDLE`,
  ].join('\n');

const backboneText = ({ unet, ...file }: TrainedBackbone): string =>
  ['The U-Net that the backbone is the way down of:', summarise(unet), '', fileText(file)].join('\n');

export function addTrainCommands(program: Command): void {
  const train = program
    .command('train')
    .description('train a detector, set its threshold, judge it, and write a bundle');

  withFlowOptions(
    withTrainOptions(
      train.command('flow').description('learn what good parts look like, from images of good parts alone'),
    ),
  ).action((folder: string, options: FlowOptions & TrainOptions) =>
    runCommand(options, async (context) => {
      const request = await requestOf(folder, options, flowPresets[options.preset], context);
      const judged = await trainFlow({ ...request, ...(await flowSettings(options)) });
      const failure = await report(judged, request, options);
      context.terminal.end();
      print(options, summaryJson(judged), summarise(judged));
      return doneBut(failure);
    }),
  );

  withUnetOptions(
    withBackboneOptions(withTrainOptions(train.command('unet').description('learn defects from images with masks'))),
  ).action((folder: string, options: UnetOptions & TrainOptions) =>
    runCommand(options, async (context) => {
      const request = await requestOf(folder, options, unetPresetOf(options), context);
      const judged = await trainUnet({ ...request, ...(await unetSettings(options)) });
      const failure = await report(judged, request, options);
      context.terminal.end();
      print(options, summaryJson(judged), summarise(judged));
      return doneBut(failure);
    }),
  );

  withUnetOptions(
    withTrainOptions(
      train
        .command('backbone')
        .description(
          'a backbone of your own, from good images alone: the way down of a U-Net that learns to find synthetic defects on them',
        ),
    ),
    'without labels',
  )
    .option(
      '--tell-surfaces',
      'teach the way down alone, to tell part groups apart too, where these are surfaces of different kinds (felfri simulate surface); writes no U-Net',
    )
    .action((folder: string, options: UnetOptions & TrainOptions & { readonly tellSurfaces?: boolean }) =>
      runCommand(options, async (context) => {
        const request = await requestOf(folder, options, unetPresetOf(options), context);
        const asked = { ...request, ...(await unetSettings(options)) };
        if (options.tellSurfaces) {
          const backbone = await trainSurfaceBackbone(asked);
          context.terminal.end();
          print(options, { backbone }, fileText(backbone));
          return exitCode.ok;
        }
        const trained = await trainBackbone(asked);
        const failure = await report(trained.unet, request, options);
        context.terminal.end();
        const { unet, ...backbone } = trained;
        print(options, { backbone, unet: summaryJson(unet) }, backboneText(trained));
        return doneBut(failure);
      }),
    );
}
