/**
 * The combined score of an image. Each view of it (the flow, the places, the whole) gives a few numbers, its parts. On the scale of good
 * images the largest part speaks for its view, since a defect may be small or diffuse. A view then says how rarely a good part is so odd,
 * as minus a decimal logarithm, and the views are averaged by weights (weighting.ts): what several find odd weighs more than what one does,
 * and what a view finds ordinary takes nothing away.
 */
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { add, concat, div, mul, reduceSum, reshape, slice, softplus, sub } from '../../engine/builders.ts';
import { largerOf, maximumOfFinite, zeroIfFinite } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { type ChosenWeighting, chooseWeighting, usualWeights, type ViewName, weighted } from './weighting.ts';

/** The parts of one image, view after view. */
export type Parts = ArrayLike<number>;

/** The views in their order, each with the number of its parts. */
export type ViewSizes = readonly (readonly [ViewName, number])[];

/**
 * States: mean and deviation over good images, of every part, (2, parts), and of the largest part of every view, (2, views); the weight of
 * every view, (1, views).
 */
const name = { parts: 'score.parts', views: 'score.views', weights: 'score.weights' };

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Least deviations of a part, and of the largest part of a view, which is in deviations itself. Equal images have none, and a score that
 * is divided by nearly nothing is no finite number any more.
 */
const LEAST = { part: 1e-6, view: 0.1 };

/** The parameter of a logistic distribution of deviation 1. */
const LOGISTIC = Math.sqrt(3) / Math.PI;

/** Mean and deviation of each column over good images, (2, columns). */
function scaleOf(rows: readonly Parts[], least: number): Tensor {
  const columns = Array.from({ length: rows[0]!.length }, (_, j) => rows.map((row) => row[j]!));
  const means = columns.map((values) => sum(values) / values.length);
  const deviations = columns.map((values, j) => {
    const variance = sum(values.map((v) => (v - means[j]!) ** 2)) / Math.max(1, values.length - 1);
    return Math.max(Math.sqrt(variance), 1e-3 * Math.abs(means[j]!), least);
  });
  return tensor([2, columns.length], [...means, ...deviations]);
}

/** Numbers of one image in deviations from good images. */
const scaled = (values: Parts, { shape: [, n], data }: Tensor): number[] =>
  Array.from({ length: n! }, (_, j) => (values[j]! - data[j]!) / data[n! + j]!);

/** The largest part of each view. */
function largestOfViews(parts: readonly number[], sizes: ViewSizes): number[] {
  let from = 0;
  return sizes.map(([, size]) => {
    from += size;
    return Math.max(...parts.slice(from - size, from));
  });
}

/** Minus the decimal logarithm of the share of good images beyond x deviations, were they logistic. */
function rarity(x: number): number {
  const t = x / LOGISTIC;
  // ln(1 + e^t), without overflow
  return (Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)))) / Math.LN10;
}

/** The states of `combineParts` but for the weights, which are the usual ones; from the parts of good images that were not trained on. */
export function standardOf(good: readonly Parts[], sizes: ViewSizes): NamedTensors {
  const parts = scaleOf(good, LEAST.part);
  const views = scaleOf(
    good.map((image) => largestOfViews(scaled(image, parts), sizes)),
    LEAST.view,
  );
  return new Map([
    [name.parts, parts],
    [name.views, views],
    [name.weights, weightsTensor(usualWeights(sizes.map(([view]) => view)))],
  ]);
}

const weightsTensor = (weights: readonly number[]): Tensor => tensor([1, weights.length], weights);

/** The same states with other weights. */
export const withWeights = (standard: NamedTensors, weights: readonly number[]): NamedTensors =>
  new Map([...standard, [name.weights, weightsTensor(weights)]]);

/** What each view says of one image. */
function viewRarities(image: Parts, sizes: ViewSizes, standard: NamedTensors): number[] {
  const views = largestOfViews(scaled(image, standard.get(name.parts)!), sizes);
  return scaled(views, standard.get(name.views)!).map(rarity);
}

/** The states of a combined score, and how its views came to be weighed. */
export interface SettledScore extends ChosenWeighting {
  readonly states: NamedTensors;
}

/** Images by which the views are weighed. */
export interface WatchedParts {
  readonly parts: readonly Parts[];
  readonly defective: readonly boolean[];
  /** In words, such as 'calibration part of fold 0 of 5'. */
  readonly of: string;
}

/** Sets the scale on good images that were not learned from, and weighs the views by the watched ones. */
export function settle(good: readonly Parts[], { parts, defective, of }: WatchedParts, sizes: ViewSizes): SettledScore {
  const standard = standardOf(good, sizes);
  const chosen = chooseWeighting(
    sizes.map(([view]) => view),
    { views: parts.map((image) => viewRarities(image, sizes, standard)), defective, of },
  );
  return { ...chosen, states: withWeights(standard, chosen.weights) };
}

/** The state with which a model's parts are compared. */
export const comparedParts = name.parts;

/** What `combineParts` gives for one image. */
export const combined = (image: Parts, sizes: ViewSizes, standard: NamedTensors): number =>
  weighted(viewRarities(image, sizes, standard), Array.from(standard.get(name.weights)!.data));

/** The states within a graph: of values (N, n) in their columns, in deviations from good images. */
function inDeviations(x: Value, state: string, p: Parameters): Value {
  const scale = p.state(state, [2, x.shape[1]!], { fill: 1 });
  return div(sub(x, slice(scale, 0, 0, 1)), slice(scale, 0, 1, 2));
}

const raritiesOf = (deviations: Value): Value => mul(softplus(mul(deviations, 1 / LOGISTIC)), 1 / Math.LN10);

/** A combined score, and what each view says towards it. */
export interface Combined {
  /** (N): the weighted mean of what the views say, 0.3 for a good image like most. */
  readonly score: Value;
  /** (N, views): how rarely a good image is so odd to the view, as minus a decimal logarithm. */
  readonly rarities: Value;
  /** (1, views): how much each counts, together 1. */
  readonly weights: Value;
}

/** From parts (N, sum of sizes). */
export function combineParts(parts: Value, sizes: ViewSizes, p: Parameters): Combined {
  const standard = inDeviations(parts, name.parts, p);
  let from = 0;
  const views = sizes.map(([, size]) => {
    from += size;
    return maximumOfFinite(slice(standard, 1, from - size, from), [1], true);
  });
  const deviations = inDeviations(concat(views, 1), name.views, p);
  const rarities = raritiesOf(deviations);
  const weights = p.state(name.weights, [1, sizes.length], { fill: 1 });
  // a view of weight 0 must not hide that it is no number
  const score = add(reduceSum(mul(rarities, weights), [1]), zeroIfFinite(deviations, [1]));
  return { score, rarities, weights };
}

/** Keeps places apart that are all as ordinary as can be, where a softplus is 0 within rounding. */
const LEANING = 1e-3;

/**
 * The same of every place, (N, 1, h, w): what an image would score whose other places and whole are less odd. `maps` are the maps
 * (N, 1, h, w) of the parts of each view, none of a view that knows no places. A view without counts for nothing, and the others for more.
 */
export function combinePlaces(maps: readonly (readonly Value[])[], sizes: ViewSizes, p: Parameters): Value {
  const count = sizes.reduce((n, [, size]) => n + size, 0);
  const parts = p.state(name.parts, [2, count], { fill: 1 });
  const views = p.state(name.views, [2, sizes.length], { fill: 1 });
  const weights = p.state(name.weights, [1, sizes.length], { fill: 1 });
  const entry = (state: Value, row: number, column: number): Value =>
    reshape(slice(slice(state, 0, row, row + 1), 1, column, column + 1), [1, 1, 1, 1]);
  const scaled = (x: Value, state: Value, column: number): Value =>
    div(sub(x, entry(state, 0, column)), entry(state, 1, column));
  const placed = sizes.flatMap(([, size], v) => {
    const first = sizes.slice(0, v).reduce((n, [, s]) => n + s, 0);
    const own = maps[v]!;
    if (own.length !== size) return [];
    const view = own.map((map, j) => scaled(map, parts, first + j)).reduce(largerOf);
    const deviations = scaled(view, views, v);
    const weight = entry(weights, 0, v);
    return [{ weight, said: mul(add(raritiesOf(deviations), mul(deviations, LEANING)), weight) }];
  });
  const said = placed.map((one) => one.said).reduce(add);
  return div(said, add(placed.map(({ weight }) => weight).reduce(add), 1e-6));
}
