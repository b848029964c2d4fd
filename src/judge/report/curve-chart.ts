/** ROC and precision-recall curves: all detectors or sequences in one SVG each, every curve with its working point. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Evaluation } from '../evaluation.ts';
import { falseAlarmRate, precision, precisionRecallCurve, recall, rocCurve } from '../metrics.ts';
import { rate } from './format.ts';
import { type Axis, drawFrame } from './frame.ts';
import { html, type Markup } from './html.ts';

type Point = readonly [x: number, y: number];

/** What one pair of curves is drawn from. */
export interface Scored {
  readonly evaluation: Evaluation;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  /** Colour and dash, see `detectorClass`; with ` thin` for one of many. */
  readonly look: string;
}

interface Curve {
  readonly look: string;
  readonly points: readonly Point[];
  /** Where the detector works; null when precision has no value there. */
  readonly working: Point | null;
}

interface Chart {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly xName: string;
  readonly yName: string;
  /** What a detector that knows nothing draws, from end to end. */
  readonly chance: readonly Point[];
  readonly curves: readonly Curve[];
}

const size = 440;
const margin = { left: 62, right: 12, top: 12, bottom: 46 };
const x = scaleLinear([0, 1], [margin.left, size - margin.right]);
const y = scaleLinear([0, 1], [size - margin.bottom, margin.top]);
const ticks = [0, 0.25, 0.5, 0.75, 1];
const path = line<Point>(
  (point) => x(point[0]),
  (point) => y(point[1]),
).digits(2);

/** Points in the middle of a straight vertical or horizontal run change nothing in the drawing. */
function corners(points: readonly Point[]): Point[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    return ![0, 1].some((axis) => before[axis] === point[axis] && point[axis] === after[axis]);
  });
}

/** The class that gives a detector its colour and dash throughout the report. */
export function detectorClass(index: number): string {
  return `d${index % 5}`;
}

function draw({ id, kind, title, description, xName, yName, chance, curves }: Chart): Markup {
  const axis = (scale: Axis['scale'], name: string): Axis => ({ scale, ticks, name });
  return drawFrame(
    { id, kind, title, description, width: size, height: size, x: axis(x, xName), y: axis(y, yName) },
    html`<path class="chance" d="${path(chance)!}"/>
${curves.map(
  ({ look, points, working }) => html`<g class="${look}"><path class="curve" d="${path(corners(points))!}"/>
${working && html`<circle class="point" cx="${x(working[0]).toFixed(2)}" cy="${y(working[1]).toFixed(2)}" r="${look.includes('thin') ? 3 : 4.5}"/>`}</g>`,
)}`,
  );
}

/** Each detector's figure, over its sequences where there are several. */
function perDetector(all: readonly Scored[], word: string, figure: (evaluation: Evaluation) => number): string {
  const names = [...new Set(all.map(({ evaluation }) => evaluation.detector))];
  return names
    .map((name) => {
      const values = all.filter(({ evaluation: e }) => e.detector === name).map(({ evaluation }) => figure(evaluation));
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return `${name}: ${word} ${values.length === 1 ? rate(low) : `${rate(low)} to ${rate(high)}`}`;
    })
    .join('; ');
}

/** @param id unique within the page. */
export function rocChart(all: readonly Scored[], id = 'roc-chart'): Markup {
  return draw({
    id,
    kind: 'roc',
    title: 'ROC curves',
    description: `Recall against false-alarm rate at every threshold. ${perDetector(all, 'area', (e) => e.auroc.value)}.`,
    xName: 'False-alarm rate',
    yName: 'Recall',
    chance: [
      [0, 0],
      [1, 1],
    ],
    curves: all.map(({ evaluation: { confusion }, labels, scores, look }) => ({
      look,
      points: rocCurve(labels, scores).map((p) => [p.falseAlarmRate, p.recall]),
      working: [falseAlarmRate(confusion), recall(confusion)],
    })),
  });
}

/** @param id unique within the page. */
export function precisionRecallChart(all: readonly Scored[], id = 'precision-recall-chart'): Markup {
  const sum = (count: (evaluation: Evaluation) => number) => all.reduce((n, { evaluation: e }) => n + count(e), 0);
  const prevalence = sum((e) => e.defective) / sum((e) => e.good + e.defective);
  return draw({
    id,
    kind: 'precision-recall',
    title: 'Precision-recall curves',
    description: `Precision against recall at every threshold. ${perDetector(all, 'average', (e) => e.averagePrecision)}.`,
    xName: 'Recall',
    yName: 'Precision',
    chance: [
      [0, prevalence],
      [1, prevalence],
    ],
    curves: all.map(({ evaluation: { confusion }, labels, scores, look }) => ({
      look,
      points: precisionRecallCurve(labels, scores).map((p) => [p.recall, p.precision]),
      working: confusion.tp + confusion.fp === 0 ? null : [recall(confusion), precision(confusion)],
    })),
  });
}
