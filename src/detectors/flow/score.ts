/** From z to score maps and one score for each image. */
import {
  add,
  concat,
  div,
  expand,
  largest,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  slice,
  sub,
} from '../../engine/builders.ts';
import { maximumOfFinite, resizeBilinear, zeroIfFinite } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { combineParts, type ViewSizes } from './combined.ts';
import { averagedScales, type FlowOutput } from './network.ts';
import { toPlace } from './place.ts';
import { wholeTexture } from './whole.ts';

/** `finest`: the map of the largest scale; `average`: all scales brought to its size and averaged. */
export type FlowMap = 'finest' | 'average';

/**
 * `mean`: of z^2 / 2 over every dimension of the three scales (the paper's); `max`: the largest value of the map; `top`: the mean
 * of the largest tenth of the map; `combined`: the larger of max and top, each in deviations from its own mean over good images
 * that were not trained on, so that small and diffuse defects are judged by one scale; where several maps are judged, the largest of
 * any, and where the image is judged as a whole too, the mean of both (combined.ts).
 */
export type ImageScore = 'mean' | 'max' | 'top' | 'combined';

/** Which map, and which score of an image, to take from z. */
export interface FlowScore {
  readonly map: FlowMap;
  readonly image: ImageScore;
  /** With the start `principal`: whether the directions that no coupling touches count; they do not unless told. */
  readonly rest?: boolean;
  /**
   * With the start `principal`: what is judged beside the flow; nothing unless told. Where `place` is, the map shown is the mean of
   * both maps.
   */
  readonly views?: readonly View[];
}

/**
 * Closed-form views of the same features: `place` knows what each position looks like on good parts (place.ts), `whole` their
 * texture as a whole (whole.ts).
 */
export type View = 'place' | 'whole';

/** The paper's. */
export const paperScore: FlowScore = { map: 'finest', image: 'mean' };

const TOP = 0.1;

/** Dimensions of one image over all scales. */
export const dimensions = (z: readonly Value[]): number =>
  z.reduce((n, { shape }) => n + shape[1]! * shape[2]! * shape[3]!, 0);

/** 0.5 sum z^2 over every dimension, (N). */
export const halfSquares = (z: readonly Value[]): Value =>
  mul(z.map((x) => reduceSum(mul(x, x), [1, 2, 3])).reduce(add), 0.5);

/**
 * Mean over channels of z^2 at each position of each scale, (N, 1, h, w). Directions of the finest scale that no coupling touched
 * (`rest`, see network.ts) count like its others.
 */
export function scaleMaps(z: readonly Value[], rest?: Value): Value[] {
  const squares = (x: Value): Value => reduceSum(mul(x, x), [1], true);
  return z.map((x, scale) => {
    if (scale > 0 || !rest) return reduceMean(mul(x, x), [1], true);
    return div(add(squares(x), squares(rest)), x.shape[1]! + rest.shape[1]!);
  });
}

/** One map (N, 1, h, w) of the largest scale's size. */
export function scoreMap(z: readonly Value[], kind: FlowMap, rest?: Value): Value {
  const [finest, ...coarser] = scaleMaps(z, rest) as [Value, ...Value[]];
  if (kind === 'finest') return finest;
  const [, , h, w] = finest.shape as [number, number, number, number];
  const sum = [finest, ...coarser.map((m) => resizeBilinear(m, h, w))].reduce(add);
  return div(sum, z.length);
}

/** What is judged: score maps (N, 1, h, w), and a number of the image as a whole (N, 1), if any. */
export interface Views {
  readonly maps: readonly Value[];
  readonly whole?: Value;
}

export function viewsOf({ z, rest, principal }: FlowOutput, score: FlowScore, p: Parameters): Views {
  const maps = [scoreMap(z, score.map, score.rest ? rest : undefined)];
  const views = principal ? (score.views ?? []) : [];
  if (views.includes('place')) maps.push(scoreMap(averagedScales(toPlace(principal!, p)), score.map));
  return { maps, ...(views.includes('whole') && { whole: wholeTexture(principal!, p) }) };
}

/** The map that is shown: the mean of those that are judged. */
export const shownMap = ({ maps }: Views): Value => (maps.length === 1 ? maps[0]! : div(maps.reduce(add), maps.length));

/** Mean of the largest tenth (at least one position) of a non-negative map (N, 1, h, w), (N); the last one counts by its fraction. */
function meanOfTop(map: Value, shown: Value): Value {
  const [n, , h, w] = map.shape as [number, number, number, number];
  const count = add(relu(sub(mul(reduceSum(shown), TOP), 1)), 1);
  const most = Math.max(1, Math.ceil(TOP * h * w));
  const ranks = map.graph.constant(
    [1, most],
    Array.from({ length: most }, (_, i) => i),
  );
  const missing = relu(sub(expand(reshape(count, [1, 1]), [1, most]), ranks));
  const share = sub(missing, relu(sub(missing, 1)));
  return div(reduceSum(mul(largest(reshape(map, [n, h * w]), most), share), [1]), count);
}

/** Numbers that mapParts takes from a map. */
const MAP_PARTS = 2;

/** How the numbers of `scoreParts` are divided: those of all maps, which see a place, and that of the image as a whole. */
export const viewSizes = ({ views = [] }: FlowScore): ViewSizes => [
  views.includes('place') ? 2 * MAP_PARTS : MAP_PARTS,
  ...(views.includes('whole') ? [1] : []),
];

/** What `combined` is made of: two numbers of every map, and that of the whole image, (N, parts). */
export const scoreParts = ({ maps, whole }: Views, shown?: Value): Value =>
  concat([...maps.map((map) => mapParts(map, shown)), ...(whole ? [whole] : [])], 1);

/** Largest value and mean of the largest tenth of a map (N, 1, h, w), over the positions that `shown` marks; (N, 2). */
function mapParts(map: Value, shown?: Value): Value {
  const { graph, shape } = map;
  const everywhere = shown ?? expand(graph.scalar(1), [1, 1, shape[2]!, shape[3]!]);
  const visible = shown ? mul(map, shown) : map;
  const parts = [
    maximumOfFinite(visible, [1, 2, 3]),
    add(meanOfTop(visible, everywhere), zeroIfFinite(visible, [1, 2, 3])),
  ];
  return concat(
    parts.map((part) => reshape(part, [shape[0]!, 1])),
    1,
  );
}

/**
 * One score for each image, (N), from views of the same z; `shown` (1, 1, h, w), where given, is 1 at positions that count and 0 at
 * padding. The paper's mean always takes every dimension, as the loss does.
 */
export function imageScores(z: readonly Value[], views: Views, score: FlowScore, p: Parameters, shown?: Value): Value {
  if (score.image === 'mean') return div(halfSquares(z), dimensions(z));
  if (score.image === 'combined') return combineParts(scoreParts(views, shown), viewSizes(score), p);
  const map = shownMap(views);
  const index = score.image === 'max' ? 0 : 1;
  return reshape(slice(mapParts(map, shown), 1, index, index + 1), [map.shape[0]!]);
}
