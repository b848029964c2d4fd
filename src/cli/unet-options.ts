/** The options of a U-Net, shared by `train unet` and `compare`, and the settings that they ask for. */
import type { Command } from 'commander';
import { FelfriError } from '../core/errors.ts';
import type { UnetScore } from '../detectors/unet/inspection.ts';
import type { UnetRequest } from '../jobs/train-unet.ts';
import { type BackboneChoice, openChosen } from './backbone-options.ts';
import { canvasOf, oneOf, positive, type TrainingOptions, whole } from './options.ts';
import { unetPresets } from './presets.ts';

/** What is asked of a U-Net beside data, split and what every training is asked. */
export type UnetSettings = Pick<
  UnetRequest,
  | 'base'
  | 'encoder'
  | 'patch'
  | 'exposure'
  | 'dice'
  | 'negativesPerPositive'
  | 'mostPerImage'
  | 'canvas'
  | 'tile'
  | 'score'
  | 'schedule'
  | 'synthetic'
  | 'leastSteps'
>;

export interface UnetOptions extends TrainingOptions, BackboneChoice {
  readonly encoder?: 'learned' | 'backbone';
  readonly base?: number;
  readonly patch?: number;
  readonly negatives?: string;
  readonly perImage?: string;
  readonly exposure?: 'raw' | 'standardised';
  readonly dice?: 'batch' | 'patch';
  readonly tile?: number;
  readonly synthetic?: 'only' | 'add';
  readonly syntheticShare?: number;
  readonly unetScore?: UnetScore;
  readonly unetSchedule?: 'cosine' | 'plateau';
}

/** Adds the options of a U-Net; without labels its encoder is learned and every defect synthetic, so neither is asked. */
export function withUnetOptions(command: Command, labels: 'labels' | 'without labels' = 'labels'): Command {
  if (labels === 'labels') {
    command
      .option(
        '--encoder <what>',
        'the way down: learned with the rest (the paper), or that of the backbone, fixed (default: the backbone, where --backbone names an EfficientNet)',
        oneOf('learned', 'backbone'),
      )
      .option(
        '--synthetic <how>',
        'defects put onto good images: only, so that no label is needed, or add, beside labelled ones (default: none)',
        oneOf('only', 'add'),
      )
      .option(
        '--synthetic-share <share>',
        'share of them among all patches with defect, with --synthetic add (default: 0.5)',
        positive,
      );
  }
  return command
    .option('--base <n>', 'channels of the first level', whole(1))
    .option('--patch <pixels>', 'side of a patch, a multiple of 16, or 32 on a backbone', whole(16))
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
    .option(
      '--tile <pixels>',
      'side of the patches that an image is inspected in, such a multiple too (default: by preset)',
      whole(16),
    )
    .option(
      '--unet-score <how>',
      'score of an image: max, the largest value of its map (the paper), or peak, the largest mean of 5 x 5 pixels (default: by preset)',
      oneOf('max', 'peak'),
    )
    .option(
      '--unet-schedule <name>',
      'learning rate: plateau, lowered when calibration no longer improves (the paper), or cosine, down to 0 at the end (default: by preset)',
      oneOf('cosine', 'plateau'),
    );
}

function shareOf(option: string, text: string): number | 'all' {
  if (text === 'all') return 'all';
  const value = Number(text);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new FelfriError('OPTION_INVALID', `--${option}: got "${text}"; legal is a number from 0 on, or all`, {
    subject: option,
  });
}

/** Whether the way down is a backbone's. */
function onBackbone({ encoder, backbone = '', preset }: UnetOptions): boolean {
  if (encoder !== undefined) return encoder === 'backbone';
  return preset !== 'paper' && backbone.startsWith('efficientnet-');
}

/** The settings that the options leave to the preset. */
export const unetPresetOf = (options: UnetOptions) =>
  onBackbone(options) ? unetPresets.onBackbone : unetPresets[options.preset];

/** The U-Net that the options and the preset ask for. Throws OPTION_INVALID, and what opening a backbone throws. */
export async function unetSettings(options: UnetOptions): Promise<UnetSettings> {
  const preset = unetPresetOf(options);
  const { backbone } = options;
  if (onBackbone(options) && backbone === undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      '--encoder backbone: got no backbone; give one, such as --backbone efficientnet-b0',
      { subject: 'encoder' },
    );
  }
  return {
    base: options.base ?? preset.base,
    ...(onBackbone(options) && { encoder: await openChosen(backbone!, options, 'five') }),
    patch: options.patch ?? preset.patch,
    exposure: options.exposure ?? preset.exposure,
    dice: options.dice ?? preset.dice,
    score: options.unetScore ?? preset.score,
    schedule: options.unetSchedule ?? preset.schedule,
    tile: { ...preset.tile, ...(options.tile !== undefined && { side: options.tile }) },
    negativesPerPositive: shareOf('negatives', options.negatives ?? preset.negatives),
    mostPerImage: shareOf('per-image', options.perImage ?? preset.perImage),
    ...(options.synthetic === 'only' && { synthetic: 'only' as const }),
    ...(options.synthetic === 'add' && { synthetic: { share: options.syntheticShare ?? 0.5 } }),
    leastSteps: preset.leastSteps,
    ...(options.size !== undefined && { canvas: canvasOf(options.size, options.fit ?? 'letterbox') }),
  };
}
