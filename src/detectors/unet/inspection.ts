/** The U-Net's way from pixels to score map and score: patches of the canvas, blended where they overlap. */
import { add, clip, concat, conv, fitMap, mul, pad, sigmoid, slice, sliceAll } from '../../engine/builders.ts';
import { maximumOfFinite } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Canvas } from '../../train/canvas.ts';
import { canvasSeen, type Exposure } from '../../train/canvas-grey.ts';
import { cellsOf } from '../../train/judged-area.ts';
import { bornAsOdds } from '../borne.ts';
import type { InspectionBuilder } from '../detector.ts';
import { strideOf, type UnetArchitecture, unetLogits } from './architecture.ts';
import { patchAxis, patchSize } from './patch-grid.ts';

/** Patches that go through the network together: enough to keep the cores busy, few enough to bound the memory. */
const patchesAtOnce = 4;

/**
 * Which number says how bad an image is: `max`, the largest value of its map (the paper's), or `peak`, the largest mean of 5 x 5 pixels of
 * the canvas, so that a single pixel does not decide.
 */
type UnetScore = 'max' | 'peak';

/** Pixels of the canvas along the square that `peak` takes the mean of; odd (measured: docs/experiments/unet.md). */
const PEAK = 5;

export interface UnetInspectionOptions extends UnetArchitecture {
  readonly canvas: Canvas;
  /**
   * Pixels along a patch, a multiple of 16, or 32 on a backbone; 256 unless told. A shorter side of the canvas is one patch, if such a multiple. Not
   * necessarily the patch that was trained with: the network takes any size, and fewer, larger patches see more and take less time.
   */
  readonly patch?: number;
  /** Least shared part of neighbouring patches, in [0, 1); 0.5 unless told. */
  readonly overlap?: number;
  /** 'raw' unless told. */
  readonly exposure?: Exposure;
  /** 'max' unless told. */
  readonly score?: UnetScore;
}

/**
 * Builds pixels -> grey canvas -> U-Net on overlapping patches -> map of the probability of defect, 0..1, over the image, and its
 * score. Throws OPTION_INVALID when patch, canvas and overlap do not fit.
 */
export function unetInspection(options: UnetInspectionOptions): InspectionBuilder {
  const { canvas, patch = 256, overlap = 0.5, exposure = 'raw', score = 'max' } = options;
  const size = patchSize(canvas, patch, strideOf(options));
  const rows = patchAxis(canvas.height, size.height, overlap);
  const columns = patchAxis(canvas.width, size.width, overlap);
  return (pixels, parameters) => {
    const { graph } = pixels;
    const grey = canvasSeen(pixels, canvas, exposure);
    const patches = rows.origins.flatMap((y) =>
      columns.origins.map((x) => sliceAll(grey, [0, 0, y, x], [1, 1, y + size.height, x + size.width], [1, 1, 1, 1])),
    );
    const probabilities = inChunks(patches, (chunk) => sigmoid(unetLogits(chunk, parameters, options)));
    const across = columns.shares.map((share) => graph.constant([1, 1, 1, size.width], share));
    const strips = rows.shares.map((share, i) => {
      const strip = overlay(
        across.map((weight, j) => mul(probabilities[i * across.length + j]!, weight)),
        columns.origins,
        canvas.width,
        3,
      );
      return mul(strip, graph.constant([1, 1, size.height, 1], share));
    });
    // shares add up to 1 only within rounding
    const whole = clip(overlay(strips, rows.origins, canvas.height, 2), 0, 1);
    const tolerances = cellsOf(canvas);
    const borne = (x: Value): Value => (tolerances ? bornAsOdds(x, tolerances) : x);
    const map = fitMap(borne(whole), pixels, canvas.fit);
    return { map, score: maximumOfFinite(score === 'max' ? map : fitMap(borne(smoothed(whole)), pixels, canvas.fit)) };
  };
}

/** Each pixel's mean with its neighbours, PEAK x PEAK; beyond the canvas counts as 0. */
function smoothed(map: Value): Value {
  const window = map.graph.constant([1, 1, PEAK, PEAK], new Array<number>(PEAK ** 2).fill(PEAK ** -2));
  return conv(map, window, undefined, { pads: (PEAK - 1) / 2 });
}

/** Applies a function of (n, ...) to values of (1, ...), a few at a time. */
function inChunks(values: readonly Value[], run: (chunk: Value) => Value): Value[] {
  const out: Value[] = [];
  for (let start = 0; start < values.length; start += patchesAtOnce) {
    const members = values.slice(start, start + patchesAtOnce);
    const result = run(concat(members, 0));
    for (const i of members.keys()) out.push(slice(result, 0, i, i + 1));
  }
  return out;
}

/** The sum of values placed at their origins along an axis of the given length. */
function overlay(values: readonly Value[], origins: readonly number[], length: number, axis: number): Value {
  const placed = values.map((value, i) => {
    const before = value.shape.map((_, a) => (a === axis ? origins[i]! : 0));
    const after = value.shape.map((d, a) => (a === axis ? length - d - origins[i]! : 0));
    return pad(value, before, after);
  });
  return placed.reduce((sum, value) => add(sum, value));
}
