/** From z to score maps and one score for each image. */
import {
  add,
  concat,
  div,
  expand,
  greater,
  largest,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  slice,
  sub,
  take,
  where,
} from '../../engine/builders.ts';
import { largerOf, maximumOfFinite, resizeBilinear, zeroIfFinite } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { borne } from '../borne.ts';
import type { JudgedArea } from './area.ts';
import { type Combined, combineParts, combinePlaces, type ViewSizes } from './combined.ts';
import { averagedScales, type FlowOutput } from './network.ts';
import { toPlace } from './place.ts';
import type { ViewName } from './weighting.ts';
import { wholeTexture } from './whole.ts';

/** `finest`: the map of the largest scale; `average`: all scales brought to its size and averaged. */
export type FlowMap = 'finest' | 'average';

/**
 * `mean`: of z^2 / 2 over every dimension of the three scales (the paper's); `max`: the largest value of the map; `top`: the mean
 * of the largest tenth of the map; `combined`: the larger of max and top, on the scale of good images
 * that were not trained on, so that small and diffuse defects are judged by one scale; where more than the flow is judged, a weighted
 * mean of what each finds (combined.ts).
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
type View = 'place' | 'whole';

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

/**
 * What is judged: score maps (N, 1, h, w), of the flow and, if it is judged too, of the places; of these the finest scale as well, where a
 * defect of a few pixels stands out most; and a number of the image as a whole (N, 1), if any.
 */
export interface Views {
  readonly maps: readonly Value[];
  readonly finestPlace?: Value;
  readonly whole?: Value;
}

/** `positions`, where given, are those of the finest map that the texture as a whole is taken of. */
export function viewsOf(
  { z, rest, principal }: FlowOutput,
  score: FlowScore,
  p: Parameters,
  positions?: readonly number[],
): Views {
  const maps = [scoreMap(z, score.map, score.rest ? rest : undefined)];
  const views = principal ? (score.views ?? []) : [];
  const whole = views.includes('whole') && { whole: wholeTexture(atPositions(principal!, positions), p) };
  if (!views.includes('place')) return { maps, ...whole };
  const scales = averagedScales(toPlace(principal!, p));
  return {
    maps: [...maps, scoreMap(scales, score.map)],
    finestPlace: scoreMap(scales, 'finest'),
    ...whole,
  };
}

/** A map (N, C, h, w) at some positions alone, (N, C, 1, positions). */
function atPositions(map: Value, positions: readonly number[] | undefined): Value {
  if (!positions) return map;
  const [n, c, h, w] = map.shape as [number, number, number, number];
  return reshape(take(reshape(map, [n, c, h * w]), 2, positions), [n, c, 1, positions.length]);
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

/** How the numbers of `scoreParts` are divided. */
export const viewSizes = ({ views = [] }: FlowScore): ViewSizes => [
  ['flow', MAP_PARTS],
  ...(views.includes('place') ? [['place', 1] as const] : []),
  ...(views.includes('whole') ? [['whole', 1] as const] : []),
];

/** What `combined` is made of: two numbers of the flow's map, the largest value of the places, and that of the whole image, (N, parts). */
export const scoreParts = ({ maps: [flow], finestPlace, whole }: Views, shown?: Value): Value =>
  concat(
    [
      mapParts(flow!, shown),
      ...(finestPlace ? [slice(mapParts(finestPlace, shown), 1, 0, 1)] : []),
      ...(whole ? [whole] : []),
    ],
    1,
  );

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

/** What an image is judged by. */
export interface Judged {
  /** (N). */
  readonly score: Value;
  /** (N, 1, h, w): the map that is shown; of a combined score in the score's own unit. */
  readonly map: Value;
  /** What each view says towards a combined score, in the order of `viewSizes`. */
  readonly combined?: Combined;
}

/** Where an image is judged: `plain` (1, 1, h, w) is 1 at positions that count for the score, and 0 at padding; with regions also what these say. */
export type Where = Pick<JudgedArea, 'plain'> & Partial<JudgedArea>;

/**
 * One score for each image from views of the same z, and its map; of all positions where `area` is left out. The paper's mean always takes every
 * dimension, as the loss does. Regions with thresholds of their own are judged by the largest value of their map alone.
 */
export function judged(z: readonly Value[], views: Views, score: FlowScore, p: Parameters, area?: Where): Judged {
  const found = judgedPlainly(z, views, score, p, area?.plain);
  if (!area?.tolerances) return found;
  const map = borne(found.map, area.tolerances);
  if (!area.own) return { ...found, map };
  const own = maximumOfFinite(mul(map, area.own), [1, 2, 3]);
  if (!area.hasPlain) return { score: own, map };
  return { ...found, map, score: largerOf(found.score, own) };
}

function judgedPlainly(z: readonly Value[], views: Views, score: FlowScore, p: Parameters, shown?: Value): Judged {
  const map = shownMap(views);
  if (score.image === 'mean') return { score: div(halfSquares(z), dimensions(z)), map };
  if (score.image === 'combined') {
    const sizes = viewSizes(score);
    const parts = scoreParts(views, shown);
    const combined = combineParts(parts, sizes, p);
    return { score: combined.score, map: combinePlaces(partMaps(views, sizes, parts), sizes, p), combined };
  }
  const index = score.image === 'max' ? 0 : 1;
  return { score: reshape(slice(mapParts(map, shown), 1, index, index + 1), [map.shape[0]!]), map };
}

/**
 * The parts of `scoreParts` where they arise, a list for each view: a place counts towards the mean of the largest tenth as far as it lies
 * below that mean, so that no place says more than the image does.
 */
function partMaps({ maps: [flow], finestPlace }: Views, sizes: ViewSizes, parts: Value): Value[][] {
  const top = reshape(slice(parts, 1, 1, 2), [flow!.shape[0]!, 1, 1, 1]);
  const own: Readonly<Record<ViewName, readonly Value[]>> = {
    flow: [flow!, where(greater(flow!, top), expand(top, flow!.shape), flow!)],
    place: finestPlace ? [finestPlace] : [],
    whole: [],
  };
  return sizes.map(([view]) => [...own[view]]);
}
