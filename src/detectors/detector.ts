/** What the detectors have in common: the shape in which training and bundles use them. */
import type { OptionRows, PresetName, Presets } from '../core/options.ts';
import type { Value } from '../engine/graph.ts';
import type { Parameters } from '../engine/parameters.ts';

/** Outputs of the graph from pixels: a bundle's model. */
export interface Inspection {
  /** (1, 1, h, w): the score map over the image (the canvas less its padding); larger is worse. */
  readonly map: Value;
  /** Scalar of shape []: the image's score; larger is worse. */
  readonly score: Value;
  /**
   * Of a score that several views of the image add up to, each view's two numbers, [2]: what it says, and the weight that this has. The score is the
   * sum of their products.
   */
  readonly [view: ViewOutput]: Value;
}

export type ViewOutput = `view.${string}`;

/** Name of the output of a view. */
export const viewOutput = (view: string): ViewOutput => `view.${view}`;

/** Builds the whole way from pixels (H, W, 3) uint8 to an inspection. */
export type InspectionBuilder = (pixels: Value, parameters: Parameters) => Inspection;

/** What every detector says of itself; one is a row of table.ts. */
export interface Detector {
  /** As it stands in a sentence. */
  readonly title: string;
  /** What it does, in a few words. */
  readonly meaning: string;
  /** The detectors that it is made of, whose scores its model gives beside its own. */
  readonly parts: readonly string[];
  /**
   * What a value of its score map is: a probability; a distance from good parts, whose unit its calibration images say; or a part of the ranges of
   * the maps that it is made of.
   */
  readonly mapValues: 'probability' | 'distance' | 'scaled';
  /** What a score is measured in, where machines may differ by a share of it; a thousandth, so that the score itself counts, unless its scores cross zero. */
  readonly scoreUnit: (settings: Readonly<Record<string, unknown>>) => number;
}

/** A detector that is trained, rather than made of trained ones. */
export interface TrainedDetector extends Detector {
  /** Its options, one row each: command line, page and library have them from here. */
  readonly options: OptionRows;
  /** The preset that its rows go by; the one that is asked for unless told. */
  presetFor(given: Readonly<Record<string, unknown>>, preset: PresetName): keyof Presets<unknown>;
  /** Whether it learns from masks, so that a set without them does not suit it. */
  readonly needsMasks: boolean;
  /** Loads what learns: a `Learner` of its options (learning.ts). */
  readonly learner: () => Promise<object>;
}
