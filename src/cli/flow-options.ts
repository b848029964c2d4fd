/** The options of a flow, shared by `train flow` and `compare`, and the settings that they ask for. */
import type { Command } from 'commander';
import { FelfriError } from '../core/errors.ts';
import type { Backbone } from '../detectors/backbones/backbone.ts';
import type { Depths } from '../detectors/backbones/depths.ts';
import { tiled } from '../detectors/backbones/tiled.ts';
import type { FlowStart } from '../detectors/flow/config.ts';
import type { FlowMap, ImageScore, View } from '../detectors/flow/score.ts';
import type { FlowRequest } from '../jobs/train-flow.ts';
import { type BackboneChoice, openChosen, withBackboneOptions } from './backbone-options.ts';
import { canvasOf, notNegative, oneOf, type TrainingOptions, whole } from './options.ts';
import { flowPresets } from './presets.ts';

/** What is asked of a flow beside data, split and what every training is asked. */
export type FlowSettings = Pick<
  FlowRequest,
  | 'backbone'
  | 'canvas'
  | 'hidden'
  | 'start'
  | 'directions'
  | 'noise'
  | 'gamma'
  | 'schedule'
  | 'score'
  | 'cacheDirectory'
>;

export interface FlowOptions extends TrainingOptions, BackboneChoice {
  readonly hidden?: number;
  readonly start?: FlowStart;
  readonly directions?: number;
  readonly noise?: number;
  readonly rest?: 'scored' | 'ignored';
  readonly views?: readonly View[];
  readonly depths?: Depths;
  readonly featureTile?: number;
  readonly score?: ImageScore;
  readonly map?: FlowMap;
  readonly cache?: string | boolean;
}

const everyView: readonly View[] = ['place', 'whole'];

function viewsOf(text: string): View[] {
  const names = text === 'none' ? [] : text.split(',');
  const unknown = names.find((name) => !everyView.some((view) => view === name));
  if (unknown !== undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      `--views: '${unknown}' is unknown; give ${everyView.join()}, one of them, or none`,
    );
  }
  return everyView.filter((view) => names.includes(view));
}

export function withFlowOptions(command: Command): Command {
  return withBackboneOptions(command)
    .option(
      '--start <how>',
      "principal: the good features' principal directions; whitened: their covariance at each scale; plain: as published (default: by preset)",
      oneOf('plain', 'whitened', 'principal'),
    )
    .option('--directions <n>', 'principal directions that the flow learns, with --start principal', whole(2))
    .option(
      '--rest <how>',
      'directions beyond those: ignored, or scored (default: ignored; scored with --epochs 0, where nothing is learned)',
      oneOf('scored', 'ignored'),
    )
    .option(
      '--views <names>',
      'what is judged beside the flow, separated by commas: place (what each position looks like on good parts), whole (texture of the image); or none; with --start principal (default: by preset)',
      viewsOf,
    )
    .option('--noise <deviation>', 'noise on the whitened features while training (default: by preset)', notNegative)
    .option(
      '--depths <which>',
      'maps of an EfficientNet: five depths, or the deepest alone (the paper) (default: by preset)',
      oneOf('deepest', 'five'),
    )
    .option(
      '--feature-tile <pixels>',
      'compute features in tiles of this side that overlap by a quarter, for large images of small defects (default: of the image as a whole)',
      whole(1),
    )
    .option('--hidden <n>', 'channels within the coupling networks', whole(1))
    .option(
      '--score <how>',
      'score of an image: max of its map, top (mean of its largest tenth), combined (of both, and of what is judged beside the flow), mean (the paper) (default: by preset)',
      oneOf('mean', 'max', 'top', 'combined'),
    )
    .option(
      '--map <scales>',
      'score map: average over the scales, or the finest alone (the paper) (default: by preset)',
      oneOf('finest', 'average'),
    )
    .option('--cache <folder>', "where feature maps are kept (default: the user's cache folder)")
    .option('--no-cache', 'do not keep feature maps');
}

/** Neighbouring tiles share a quarter, in whole positions of the map. */
function inTiles(backbone: Backbone, side: number | undefined): Backbone {
  if (side === undefined) return backbone;
  const { stride } = backbone;
  return tiled(backbone, { side, overlap: Math.max(2, Math.round(side / 4 / stride)) * stride });
}

/** The flow that the options and the preset ask for. Throws what opening a backbone throws. */
export async function flowSettings(options: FlowOptions): Promise<FlowSettings> {
  const preset = flowPresets[options.preset];
  const start = options.start ?? preset.start;
  if (options.views?.length && start !== 'principal') {
    throw new FelfriError('OPTION_INVALID', `--views ${options.views.join()} needs --start principal, not ${start}`);
  }
  return {
    backbone: inTiles(
      await openChosen(options.backbone ?? preset.backbone, options, options.depths ?? preset.depths),
      options.featureTile,
    ),
    canvas: canvasOf(options.size ?? preset.size, options.fit ?? 'stretch'),
    hidden: options.hidden ?? preset.hidden,
    start,
    directions: options.directions ?? preset.directions,
    noise: options.noise ?? preset.noise,
    gamma: preset.gamma,
    schedule: preset.schedule,
    score: {
      image: options.score ?? preset.score,
      map: options.map ?? preset.map,
      rest: (options.rest ?? (options.epochs === 0 ? 'scored' : 'ignored')) === 'scored',
      views: start === 'principal' ? (options.views ?? preset.views) : [],
    },
    ...(typeof options.cache === 'string' && { cacheDirectory: options.cache }),
    ...(options.cache === false && { cacheDirectory: false as const }),
  };
}
