/** `felfri train flow|unet`. */
import { type Command, Option } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { openBackbone } from '../../detectors/backbones/select.ts';
import type { Canvas } from '../../detectors/detector.ts';
import type { FlowMap, ImageScore } from '../../detectors/flow/score.ts';
import { trainFlow } from '../../jobs/train-flow.ts';
import { trainUnet } from '../../jobs/train-unet.ts';
import type { TrainingRequest } from '../../jobs/training-run.ts';
import {
  canvasOf,
  chooseSplit,
  oneOf,
  openDataSet,
  positive,
  type SplitOptions,
  whole,
  withSplitOptions,
} from '../options.ts';
import { flowPresets, type PresetName, unetPresets } from '../presets.ts';
import { type CommandContext, exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson } from '../summary.ts';

interface TrainOptions extends SplitOptions, OutputOptions {
  readonly output: string;
  readonly preset: PresetName;
  readonly resume?: boolean;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly size?: string;
  readonly fit?: Canvas['fit'];
  readonly rule?: string;
  readonly maxMinutes?: number;
  readonly threads?: number;
}

interface FlowOptions extends TrainOptions {
  readonly backbone?: string;
  readonly weights?: string;
  readonly padding?: 'same' | 'symmetric';
  readonly outputs?: string;
  readonly hidden?: number;
  readonly start?: 'plain' | 'whitened';
  readonly score?: ImageScore;
  readonly map?: FlowMap;
  readonly cache?: string | boolean;
}

interface UnetOptions extends TrainOptions {
  readonly base?: number;
  readonly patch?: number;
  readonly negatives?: string;
  readonly perImage?: string;
  readonly exposure?: 'raw' | 'standardised';
  readonly dice?: 'batch' | 'patch';
}

function withTrainOptions(command: Command): Command {
  return withSplitOptions(command.argument('<folder>', 'folder of images, or a manifest.csv'))
    .requiredOption('-o, --output <folder>', 'where the bundle goes; records of the run lie in run/ within')
    .addOption(
      new Option('--preset <name>', 'line: minutes on an office computer; paper: as published')
        .choices(['line', 'paper'])
        .default('line'),
    )
    .option('--resume', 'go on with the run in the output folder')
    .option('--epochs <n>', 'times that every training image is seen', whole(0))
    .option('--batch <n>', 'images or patches a step', whole(1))
    .option('--lr <rate>', 'learning rate', positive)
    .option('--size <pixels>', 'canvas that an image is brought to, such as 384 or 256x512')
    .option('--fit <how>', 'stretch, or letterbox to keep proportions', oneOf('stretch', 'letterbox'))
    .option('--rule <rule>', 'how the threshold is chosen: accuracy, f1, recall=R, false-alarms=F, good-only=F')
    .option('--max-minutes <n>', 'end training after this time at the latest', positive)
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
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
  const dataSet = await openDataSet(folder, options);
  const split = chooseSplit(dataSet, options);
  terminal.onPhase([...dataSet.notes, `Split: ${split.name}.`, ...split.notes].join('\n'));
  for (const problem of dataSet.problems) terminal.onProblem(problem);
  return {
    dataSet,
    split,
    output: options.output,
    resume: options.resume ?? false,
    seed: options.seed,
    epochs: options.epochs ?? preset.epochs,
    batch: options.batch ?? preset.batch,
    learningRate: options.lr ?? preset.lr,
    ...(options.maxMinutes !== undefined && { maxSeconds: options.maxMinutes * 60 }),
    ...(options.threads !== undefined && { threads: options.threads }),
    signal,
    onPhase: terminal.onPhase,
    onProgress: terminal.onProgress,
    onTraining: terminal.onTraining,
    onProblem: terminal.onProblem,
    onWarning: terminal.onWarning,
  };
}

function shareOf(option: string, text: string): number | 'all' {
  if (text === 'all') return 'all';
  const value = Number(text);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new FelfriError('OPTION_INVALID', `--${option}: got "${text}"; legal is a number from 0 on, or all`, {
    subject: option,
  });
}

export function addTrainCommands(program: Command): void {
  const train = program
    .command('train')
    .description('train a detector, set its threshold, judge it, and write a bundle');

  withTrainOptions(
    train.command('flow').description('learn what good parts look like, from images of good parts alone'),
  )
    .option('--backbone <name>', 'wavelet, efficientnet-b0 to -b7, or onnx:FILE')
    .option('--weights <file>', 'safetensors with the EfficientNet weights')
    .option(
      '--padding <kind>',
      'padding that timm weights were trained with: same (tf_efficientnet) or symmetric',
      oneOf('same', 'symmetric'),
    )
    .option('--outputs <names>', 'outputs of an onnx: backbone, separated by commas')
    .option(
      '--start <how>',
      "whitened: by the good features' covariance; plain: as published (default: by preset)",
      oneOf('plain', 'whitened'),
    )
    .option('--hidden <n>', 'channels within the coupling networks', whole(1))

    .option(
      '--score <how>',
      'score of an image: max of its map, top (mean of its largest hundredth), mean (the paper) (default: by preset)',
      oneOf('mean', 'max', 'top'),
    )

    .option(
      '--map <scales>',
      'score map: average over the scales, or the finest alone (the paper) (default: by preset)',
      oneOf('finest', 'average'),
    )
    .option('--cache <folder>', "where feature maps are kept (default: the user's cache folder)")
    .option('--no-cache', 'do not keep feature maps')
    .action((folder: string, options: FlowOptions) =>
      runCommand(options, async (context) => {
        const preset = flowPresets[options.preset];
        const request = await requestOf(folder, options, preset, context);
        const backbone = await openBackbone(options.backbone ?? preset.backbone, {
          ...(options.weights !== undefined && { weights: options.weights }),
          ...(options.padding !== undefined && { padding: options.padding }),
          ...(options.outputs !== undefined && { outputs: options.outputs.split(',') }),
        });
        const judged = await trainFlow({
          ...request,
          backbone,
          canvas: canvasOf(options.size ?? preset.size, options.fit ?? 'stretch'),
          hidden: options.hidden ?? preset.hidden,
          start: options.start ?? preset.start,
          score: { image: options.score ?? preset.score, map: options.map ?? preset.map },
          ...(typeof options.cache === 'string' && { cacheDirectory: options.cache }),
          ...(options.cache === false && { cacheDirectory: false as const }),
          ...(options.rule !== undefined && { rule: options.rule }),
        });
        context.terminal.end();
        print(options, summaryJson(judged), summarise(judged));
        return exitCode.ok;
      }),
    );

  withTrainOptions(train.command('unet').description('learn defects from images with masks'))
    .option('--base <n>', 'channels of the first level', whole(1))
    .option('--patch <pixels>', 'side of a patch, a multiple of 16', whole(16))
    .option(
      '--exposure <how>',
      'grey values raw, or standardised by the mean and deviation of each image (default: by preset)',
      oneOf('raw', 'standardised'),
    )
    .option('--per-image <n>', 'patches with defect that one image gives an epoch at most, or all (default: by preset)')
    .option(
      '--dice <over>',
      'Dice over the whole batch (the paper), or each patch (default: by preset)',
      oneOf('batch', 'patch'),
    )
    .option('--negatives <share>', 'patches without defect for each one with, or all')
    .action((folder: string, options: UnetOptions) =>
      runCommand(options, async (context) => {
        const preset = unetPresets[options.preset];
        const request = await requestOf(folder, options, preset, context);
        const judged = await trainUnet({
          ...request,
          base: options.base ?? preset.base,
          patch: options.patch ?? preset.patch,
          exposure: options.exposure ?? preset.exposure,
          dice: options.dice ?? preset.dice,
          negativesPerPositive: shareOf('negatives', options.negatives ?? preset.negatives),
          mostPerImage: shareOf('per-image', options.perImage ?? preset.perImage),
          ...(options.size !== undefined && { canvas: canvasOf(options.size, options.fit ?? 'letterbox') }),
          ...(options.rule !== undefined && { rule: options.rule }),
        });
        context.terminal.end();
        print(options, summaryJson(judged), summarise(judged));
        return exitCode.ok;
      }),
    );
}
