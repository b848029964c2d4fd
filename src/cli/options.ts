/** Options that several commands share, and how their texts are read. Every refusal names the option and what is legal. */
import { type Command, InvalidArgumentError } from 'commander';
import { FelfriError } from '../core/errors.ts';
import { given } from '../core/given.ts';
import { aboveZero, oneOf as oneOfWords, wholeFrom } from '../core/options.ts';
import { type DataSet, recogniseDataSet } from '../data/dataset.ts';
import { type FrameStatement, parseFrame } from '../data/image/raw/stated-frame.ts';
import { type Unannotated, unannotatedMeanings } from '../data/layouts/layout.ts';
import { foldSplit, publishedSplit, type Split } from '../data/split.ts';
import { type Device, devices } from '../engine/runtime/devices.ts';
import { defaultRulesText } from '../judge/rules/default.ts';
import type { ThresholdRule } from '../judge/rules/rule.ts';
import { parseThresholdRule, ruleLines } from '../judge/rules/text.ts';
import { reader } from './detector-options.ts';

/** A reader of whole numbers of at least `least`. */
export const whole = (least: number) => reader(wholeFrom(least));

/** A reader of numbers above zero. */
export const positive = reader(aboveZero);

/** A reader of numbers between 0 and 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('Give a number between 0 and 1, such as 0.95.');
  return value;
}

/** A reader of days. */
export function day(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Give a date such as 2026-11-27.');
  return date;
}

/** A reader of one of some words. */
export const oneOf = <const T extends string>(...words: readonly T[]) => reader(oneOfWords(...words));

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
  readonly unannotated?: Unannotated;
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
    .option('--good-classes <names>', 'class names that alone mean good (default: the words of docs/data-sets.md)')
    .option(
      '--good <folder>',
      'folder of good parts, where names do not tell: all other images are defective; . where all are good',
    )
    .option(
      '--unannotated <meaning>',
      'what images are that no annotation and no mask speaks of, where these label the others: good, or leave-out',
      oneOf(...unannotatedMeanings),
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
    ...given({
      good: options.good,
      unannotated: options.unannotated,
      groupPattern: options.groupPattern,
      raw: options.raw,
    }),
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
