/** ROC and precision-recall curves: all detectors in one SVG each, every curve with its working point. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { falseAlarmRate, precision, precisionRecallCurve, recall, rocCurve } from '../metrics.ts';
import { rate } from './format.ts';
import { html, type Markup } from './html.ts';
import type { DetectorReport } from './input.ts';

type Point = readonly [x: number, y: number];

interface Curve {
  readonly points: readonly Point[];
  /** Where the detector works; null when precision has no value there. */
  readonly working: Point | null;
}

interface Chart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly xName: string;
  readonly yName: string;
  /** What a detector that knows nothing draws, from end to end. */
  readonly chance: readonly Point[];
  readonly curves: readonly Curve[];
}

const size = 440;
const margin = { left: 48, right: 12, top: 12, bottom: 46 };
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

function draw({ id, title, description, xName, yName, chance, curves }: Chart): Markup {
  return html`<svg class="chart ${id}" viewBox="0 0 ${size} ${size}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${ticks.map(
  (t) => html`<line class="grid" x1="${x(t)}" x2="${x(t)}" y1="${y(0)}" y2="${y(1)}"/>
<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${y(t)}" y2="${y(t)}"/>
<text x="${x(t)}" y="${y(0) + 18}" text-anchor="${t === 1 ? 'end' : 'middle'}">${t}</text>
<text x="${x(0) - 8}" y="${y(t) + 4}" text-anchor="end">${t}</text>`,
)}
<path class="chance" d="${path(chance)!}"/>
<text x="${(x(0) + x(1)) / 2}" y="${size - 6}" text-anchor="middle">${xName}</text>
<text transform="translate(14 ${(y(0) + y(1)) / 2}) rotate(-90)" text-anchor="middle">${yName}</text>
${curves.map(
  ({ points, working }, i) => html`<g class="${detectorClass(i)}"><path class="curve" d="${path(corners(points))!}"/>
${working && html`<circle class="point" cx="${x(working[0]).toFixed(2)}" cy="${y(working[1]).toFixed(2)}" r="4.5"/>`}</g>`,
)}
</svg>`;
}

export function rocChart(detectors: readonly DetectorReport[]): Markup {
  const areas = detectors.map(({ evaluation: e }) => `${e.detector}: area ${rate(e.auroc.value)}`);
  return draw({
    id: 'roc',
    title: 'ROC curves',
    description: `Recall against false-alarm rate at every threshold. ${areas.join('; ')}.`,
    xName: 'False-alarm rate',
    yName: 'Recall',
    chance: [
      [0, 0],
      [1, 1],
    ],
    curves: detectors.map(({ evaluation: { confusion }, labels, scores }) => ({
      points: rocCurve(labels, scores).map((p) => [p.falseAlarmRate, p.recall]),
      working: [falseAlarmRate(confusion), recall(confusion)],
    })),
  });
}

export function precisionRecallChart(detectors: readonly DetectorReport[]): Markup {
  const { good, defective } = detectors[0]!.evaluation;
  const averages = detectors.map(({ evaluation: e }) => `${e.detector}: average ${rate(e.averagePrecision)}`);
  const prevalence = defective / (good + defective);
  return draw({
    id: 'precision-recall',
    title: 'Precision-recall curves',
    description: `Precision against recall at every threshold. ${averages.join('; ')}.`,
    xName: 'Recall',
    yName: 'Precision',
    chance: [
      [0, prevalence],
      [1, prevalence],
    ],
    curves: detectors.map(({ evaluation: { confusion }, labels, scores }) => ({
      points: precisionRecallCurve(labels, scores).map((p) => [p.recall, p.precision]),
      working: confusion.tp + confusion.fp === 0 ? null : [recall(confusion), precision(confusion)],
    })),
  });
}
