/** Options that several commands share, and how their texts are read. Every refusal names the option and what is legal. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FelfriError } from '../core/errors.ts';
import { type DataSet, recogniseDataSet } from '../data/dataset.ts';
import { type FrameStatement, parseFrame } from '../data/image/raw/stated-frame.ts';
import { foldSplit, publishedSplit, type Split } from '../data/split.ts';
import type { Canvas } from '../detectors/detector.ts';
import { type Device, devices } from '../engine/runtime/devices.ts';
import { defaultRulesText } from '../judge/rules/default.ts';
import type { ThresholdRule } from '../judge/rules/rule.ts';
import { parseThresholdRule, ruleLines } from '../judge/rules/text.ts';
import type { PresetName } from './presets.ts';

/** A reader of whole numbers of at least `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
    return value;
  };
}

/** A reader of numbers above zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** A reader of numbers from zero. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && Number.isFinite(value)) || text.trim() === '')
    throw new InvalidArgumentError('Give a number from 0.');
  return value;
}

/** Adds the choice of what computes. */
export function withDeviceOption(command: Command): Command {
  return command.option('--device <name>', `what computes: ${devices.join(', ')}`, oneOf(...devices), 'cpu');
}

export interface DeviceOption {
  readonly device: Device;
}

export interface DataOptions {
  readonly columns?: string;
  readonly goodClasses?: string;
  readonly good?: string;
  readonly groupPattern?: string;
  readonly raw?: FrameStatement;
}

export interface SplitOptions extends DataOptions {
  readonly split: 'fold' | 'published';
  readonly fold: number;
  readonly folds: number;
  readonly protocol: 'honest' | 'paper';
  readonly seed: number;
}

/** What every training is asked; what is left out, the preset says. */
export interface TrainingOptions {
  readonly preset: PresetName;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly size?: string;
  readonly fit?: Canvas['fit'];
}

/** Adds the options of a training, such as --epochs, or with the prefix 'unet-' --unet-epochs; the preset is common to all. */
export function withTrainingOptions(command: Command, prefix: '' | 'unet-' = ''): Command {
  const of = prefix && 'U-Net: ';
  if (!prefix) {
    command.addOption(
      new Option('--preset <name>', 'line: minutes on an office computer; paper: as published')
        .choices(['line', 'paper'])
        .default('line'),
    );
  }
  return command
    .option(`--${prefix}epochs <n>`, `${of}times that every training image is seen`, whole(0))
    .option(`--${prefix}batch <n>`, `${of}images or patches a step`, whole(1))
    .option(`--${prefix}lr <rate>`, `${of}learning rate`, positive)
    .option(`--${prefix}size <pixels>`, `${of}canvas that an image is brought to, such as 384 or 256x512`)
    .option(`--${prefix}fit <how>`, `${of}stretch, or letterbox to keep proportions`, oneOf('stretch', 'letterbox'));
}

/** Adds the statement of what raw frames are. */
export function withRawOption(command: Command): Command {
  return command.option(
    '--raw <frame>',
    'size and pixel format of .raw, .frame and .bin files, such as 640x480:Mono12p (docs/formats.md lists them)',
    (text) => {
      try {
        parseFrame(text);
      } catch (error) {
        throw new InvalidArgumentError((error as FelfriError).message);
      }
      return text;
    },
  );
}

/** Adds the options by which a data set is recognised. */
export function withDataOptions(command: Command): Command {
  return withRawOption(command)
    .option('--columns <pairs>', "names of the manifest's columns, such as image=file,class=label,part_group=part")
    .option('--good-classes <names>', 'class names that mean good (default: the words of docs/data-sets.md)')
    .option(
      '--good <folder>',
      'folder of good parts, where names do not tell: all other images are defective; . where all are good',
    )
    .option('--group-pattern <regexp>', 'part group of an image: first capture of this on its file name');
}

/** Adds the options by which images are set apart for training, threshold and test. */
export function withSplitOptions(command: Command): Command {
  return withDataOptions(command)
    .option(
      '--split <kind>',
      'fold: by part group, honest; published: as the data set states it',
      oneOf('fold', 'published'),
      'fold',
    )
    .option('--fold <k>', 'the fold that is tested on; the next one sets the threshold', whole(0), 0)
    .option('--folds <n>', 'how many folds to make where the data set states none', whole(3), 5)
    .option(
      '--protocol <name>',
      'honest: nothing is chosen on test images; paper: the threshold is',
      oneOf('honest', 'paper'),
      'honest',
    )
    .option('--seed <n>', 'seed of everything random', whole(0), 0);
}

/** Adds the option by which a leaking split is accepted. */
export function withLeakOption(command: Command): Command {
  return command.option('--allow-leaks', 'go on with an honest split that the leak check flags; every result says so');
}

export interface LeakOption {
  readonly allowLeaks?: boolean;
}

/** A reader of one of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    if (!words.includes(text as T)) throw new InvalidArgumentError(`Legal are ${words.join(', ')}.`);
    return text as T;
  };
}

/** A reader of threshold rules: what is none is refused before anything is done. */
function ruleOf(text: string): ThresholdRule {
  try {
    return parseThresholdRule(text);
  } catch (error) {
    if (!(error instanceof FelfriError)) throw error;
    throw new InvalidArgumentError(`${error.code}: ${error.message}`);
  }
}

export interface RuleOptions {
  readonly rule?: ThresholdRule;
  readonly review?: ThresholdRule;
}

const rulesHelp = `
Rules, of calibration images (shares R, F and D are between 0 and 1):
${ruleLines()}`;

/** Adds --rule, and the list of all rules to the help. */
export function withRuleOption(command: Command, otherwise = defaultRulesText): Command {
  return command
    .option('--rule <rule>', `how the threshold is chosen from which an image is NG (default: ${otherwise})`, ruleOf)
    .addHelpText('after', rulesHelp);
}

/** Adds --review, beside `withRuleOption`. */
export function withReviewOption(command: Command, otherwise = ''): Command {
  const what = 'rule of a second, lower threshold from which an image is for REVIEW by a person';
  return command.option('--review <rule>', otherwise ? `${what} (default: ${otherwise})` : what, ruleOf);
}

export async function openDataSet(folder: string, options: DataOptions): Promise<DataSet> {
  const columns = options.columns
    ?.split(',')
    .map((pair) => pair.split('='))
    .map(([name, column]) => {
      if (!name || !column) {
        throw new FelfriError(
          'OPTION_INVALID',
          `--columns: got "${options.columns}"; legal is such as image=file,class=label`,
        );
      }
      return [name, column];
    });
  return recogniseDataSet(folder, {
    ...(columns && { columns: Object.fromEntries(columns) as Record<string, string> }),
    ...(options.goodClasses !== undefined && { goodClasses: options.goodClasses.split(',') }),
    ...(options.good !== undefined && { good: options.good }),
    ...(options.groupPattern !== undefined && { groupPattern: options.groupPattern }),
    ...(options.raw !== undefined && { raw: options.raw }),
  });
}

/** The split that the options ask for. The published one has no calibration part, so it is judged by the paper's protocol. */
export function chooseSplit(dataSet: DataSet, { split, fold, folds, protocol, seed }: SplitOptions): Split {
  if (split === 'published') return publishedSplit(dataSet);
  const honest = foldSplit(dataSet, fold, { folds, seed });
  if (protocol === 'honest') return honest;
  const note = "The paper's protocol was asked for: the threshold is chosen on the very images that are judged.";
  return { ...honest, protocol: 'paper', notes: [...honest.notes, note] };
}

/** Reads --size: one number for a square, or HEIGHTxWIDTH. */
export function canvasOf(size: string, fit: Canvas['fit']): Canvas {
  const match = /^(\d+)(?:x(\d+))?$/.exec(size);
  const height = Number(match?.[1]);
  const width = Number(match?.[2] ?? match?.[1]);
  if (!match || height < 16 || width < 16) {
    throw new FelfriError(
      'OPTION_INVALID',
      `--size: got "${size}"; legal is a number of pixels such as 384, or HEIGHTxWIDTH`,
      { subject: 'size' },
    );
  }
  return { height, width, fit };
}
