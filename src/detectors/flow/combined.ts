/**
 * The combined score of an image. Each view of it, its places and the whole, gives a few numbers, its parts. On the scale of good images
 * the largest part speaks for its view, since a defect may be small or diffuse, and the views are averaged, since what both find odd
 * weighs more than what one does.
 */
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { concat, div, reduceMean, slice, sub } from '../../engine/builders.ts';
import { maximumOfFinite } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';

/** The parts of one image, view after view. */
export type Parts = ArrayLike<number>;

/** How many parts each view has, in their order. */
export type ViewSizes = readonly number[];

/** States: mean and deviation over good images, of every part, (2, parts), and of the largest part of every view, (2, views). */
const name = { parts: 'score.parts', views: 'score.views' };

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Least deviations of a part, and of the largest part of a view, which is in deviations itself. Equal images have none, and a score that
 * is divided by nearly nothing is no finite number any more.
 */
const LEAST = { part: 1e-6, view: 0.1 };

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
  return sizes.map((size) => {
    from += size;
    return Math.max(...parts.slice(from - size, from));
  });
}

/** The states of `combineParts`, from the parts of good images that were not trained on. */
export function standardOf(good: readonly Parts[], sizes: ViewSizes): NamedTensors {
  const parts = scaleOf(good, LEAST.part);
  const views = scaleOf(
    good.map((image) => largestOfViews(scaled(image, parts), sizes)),
    LEAST.view,
  );
  return new Map([
    [name.parts, parts],
    [name.views, views],
  ]);
}

/** What `combineParts` gives for one image. */
export function combined(image: Parts, sizes: ViewSizes, standard: NamedTensors): number {
  const views = largestOfViews(scaled(image, standard.get(name.parts)!), sizes);
  return sum(scaled(views, standard.get(name.views)!)) / sizes.length;
}

/** The mean over the views of their largest parts, each in deviations from good images: parts (N, sum of sizes) to (N). */
export function combineParts(parts: Value, sizes: ViewSizes, p: Parameters): Value {
  const inDeviations = (x: Value, state: string): Value => {
    const scale = p.state(state, [2, x.shape[1]!], { fill: 1 });
    return div(sub(x, slice(scale, 0, 0, 1)), slice(scale, 0, 1, 2));
  };
  const standard = inDeviations(parts, name.parts);
  let from = 0;
  const views = sizes.map((size) => {
    from += size;
    return maximumOfFinite(slice(standard, 1, from - size, from), [1], true);
  });
  return reduceMean(inDeviations(concat(views, 1), name.views), [1]);
}
