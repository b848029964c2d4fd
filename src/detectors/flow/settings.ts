/** From the options of a flow to what its training takes: backbone and canvas opened, scores and map as one. */
import { FelfriError } from '../../core/errors.ts';
import type { Given, Settled } from '../../core/options.ts';
import type { Canvas } from '../../train/canvas.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { type backboneOptions, openChosen } from '../backbones/options.ts';
import { tiled } from '../backbones/tiled.ts';
import { usual, usualBackbone } from '../backbones/usual.ts';
import { canvasOf } from '../training-options.ts';
import type { flowOptions } from './options.ts';
import type { FlowScore } from './score.ts';

type Options = Settled<typeof flowOptions>;

/** Options that are settings of another form. */
type Formed =
  | keyof typeof backboneOptions
  | 'depths'
  | 'featureTile'
  | 'size'
  | 'fit'
  | 'score'
  | 'map'
  | 'rest'
  | 'views'
  | 'cache';

/** What training a flow takes; what is not named here is as in options.ts. */
export interface FlowSettings extends Omit<Options, Formed> {
  readonly backbone: Backbone;
  /** Which backbone, and why, in a sentence, where none was named. */
  readonly backboneChosen?: string;
  /** By the images' own sizes and what calibration images show, where it is left out. */
  readonly canvas?: Canvas;
  /** Whether epochs were asked for, so that a large canvas does not make them fewer. */
  readonly epochsAsked?: boolean;
  readonly score: FlowScore;
  /** Where feature maps are kept; the user's cache folder unless told, false for nowhere. */
  readonly cacheDirectory?: string | false;
  /** Writes the AUROC of the test images down every so many steps; nothing is chosen from it. Left out: not measured. */
  readonly curve?: { readonly every: number };
}

/** Neighbouring tiles share a quarter, in whole positions of the map. */
function inTiles(backbone: Backbone, side: number | undefined): Backbone {
  if (side === undefined) return backbone;
  const { stride } = backbone;
  return tiled(backbone, { side, overlap: Math.max(2, Math.round(side / 4 / stride)) * stride });
}

/** Throws OPTION_INVALID, and what opening a backbone throws. */
export async function flowSettings(options: Options, given: Given<typeof flowOptions>): Promise<FlowSettings> {
  const {
    backbone,
    weights,
    padding,
    outputs,
    depths,
    featureTile,
    size,
    fit,
    score,
    map,
    rest,
    views,
    cache,
    ...same
  } = options;
  if (given.views?.length && same.start !== 'principal') {
    throw new FelfriError(
      'OPTION_INVALID',
      `--views ${given.views.join()} needs --start principal, not ${same.start}`,
      { subject: 'views' },
    );
  }
  const chosen = backbone === usual && weights === undefined ? usualBackbone() : undefined;
  const files = { ...(weights !== undefined && { weights }), ...(padding && { padding }), ...(outputs && { outputs }) };
  return {
    ...same,
    backbone: inTiles(await openChosen(chosen?.name ?? backbone, files, depths), featureTile),
    ...(chosen && { backboneChosen: chosen.statement }),
    ...(size !== 'auto' && { canvas: canvasOf(size, fit) }),
    epochsAsked: given.epochs !== undefined,
    score: {
      image: score,
      map,
      rest: (rest ?? (same.epochs === 0 ? 'scored' : 'ignored')) === 'scored',
      views: same.start === 'principal' ? views : [],
    },
    ...(cache !== undefined && { cacheDirectory: cache }),
  };
}
