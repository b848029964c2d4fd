/** Two trained detectors as one model: each is taken over as it stands in its bundle, and what they say is brought to one scale. */
import { add, div, foreign, resizeTo, sub } from '../../engine/builders.ts';
import { largerOf } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { ForeignModel } from '../../engine/onnx/foreign-model.ts';
import type { Canvas } from '../../train/canvas.ts';
import type { Inspection } from '../detector.ts';
import type { Combination } from './combination.ts';
import { type ScoreScale, standardised } from './scale.ts';

/** Values of a score map that count as nothing and as full. */
export interface MapRange {
  readonly low: number;
  readonly high: number;
}

export interface FusedDetector {
  /** A bundle's model: pixels (H, W, 3) in, its outputs `map` and `score`, in this order. */
  readonly model: ForeignModel;
  readonly canvas: Canvas;
  readonly scale: ScoreScale;
  readonly mapRange: MapRange;
  /** Whether its map is in the unit of its score. */
  readonly mapInScores: boolean;
}

export interface FusionOptions {
  readonly flow: FusedDetector;
  readonly unet: FusedDetector;
  readonly combination: Combination;
}

export interface FusedInspection extends Inspection {
  /** Scalars of shape []: the two scores on the common scale. */
  readonly flow: Value;
  readonly unet: Value;
}

/** Width of a map's range, never 0. */
export const rangeWidth = ({ low, high }: MapRange): number => Math.max(high - low, 1e-6);

function part(
  pixels: Value,
  { model, canvas, scale, mapRange }: FusedDetector,
): { map: Value; raw: Value; score: Value } {
  const { height, width, fit } = canvas;
  const shape = fit === 'stretch' ? [1, 1, height, width] : [1, 1, -1, -1];
  const [map, score] = foreign(pixels, model, [shape, []]) as [Value, Value];
  return { map: div(sub(map, mapRange.low), rangeWidth(mapRange)), raw: map, score: standardised(score, scale) };
}

/** Whether a fusion's map is in the unit of its score: where those of both its detectors are. */
export const mapInScores = ({ flow, unet }: Pick<FusionOptions, 'flow' | 'unet'>): boolean =>
  flow.mapInScores && unet.mapInScores;

/**
 * Pixels (H, W, 3) -> both detectors -> the combined score, and at each position what that would be of the two maps alone, as of two scores. Where
 * a detector's map is not in the unit of its score: the larger of the two maps, each of them 0 where its own heat map draws nothing and 1 where it is full. The map has the U-Net's size: the flow's is coarser, and is resampled.
 */
export function fusionInspection(pixels: Value, { flow, unet, combination }: FusionOptions): FusedInspection {
  const [f, u] = [part(pixels, flow), part(pixels, unet)];
  const combined = (a: Value, b: Value): Value => (combination === 'larger' ? largerOf(a, b) : add(a, b));
  const map = mapInScores({ flow, unet })
    ? combined(standardised(resizeTo(f.raw, u.raw), flow.scale), standardised(u.raw, unet.scale))
    : largerOf(resizeTo(f.map, u.map), u.map);
  return {
    map,
    score: combined(f.score, u.score),
    flow: f.score,
    unet: u.score,
  };
}
