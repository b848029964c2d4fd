/** One detector by itself: scores, decisions, figures, examples. */
import type { ThreeWayEvaluation } from '../decision-counts.ts';
import type { Evaluation } from '../evaluation.ts';
import { formatScore, thresholdOrigin } from '../evaluation-table.ts';
import type { OutlineEvaluation } from '../outlines.ts';
import type { PixelEvaluation } from '../pixels.ts';
import { recallProof } from '../proof-text.ts';
import { exampleGroups } from './examples.ts';
import { interval, rate } from './format.ts';
import { html, type Markup } from './html.ts';
import type { DetectorReport } from './input.ts';
import { scoreChart, scoreKey } from './score-chart.ts';
import { confusionTable } from './tables.ts';

type Figure = readonly [name: string, value: string, range: string | null];

function figureList(figures: readonly Figure[]): Markup {
  return html`<dl class="figures">${figures.map(
    ([name, value, range]) =>
      html`<div><dt>${name}</dt><dd>${value}${range !== null && html`<small>${range}</small>`}</dd></div>`,
  )}</dl>`;
}

/** OK, REVIEW and NG of good and defective images, and what goes to a person. */
function decisionTable({ detector, threshold }: Evaluation, three: ThreeWayEvaluation): Markup {
  const cell = (count: number, total: number) => html`<td>${count}<small>${rate(count / total)}</small></td>`;
  const row = (name: 'defective' | 'good') => {
    const { ok, review, ng } = three[name];
    const total = ok + review + ng;
    return html`<tr><th scope="row">${name}</th>${cell(ok, total)}${cell(review, total)}${cell(ng, total)}</tr>`;
  };
  return html`<h3>Three decisions</h3>
<table class="confusion decisions">
<caption>Decisions of ${detector}: OK below ${formatScore(three.review ?? threshold)}, ${three.review !== null && 'REVIEW from there, '}NG from ${formatScore(threshold)} on; ${three.pictures !== undefined && `${three.pictures} are for REVIEW by their picture, whatever their score; `}shares are of the row.</caption>
<thead><tr><td></td><th scope="col">OK</th><th scope="col">REVIEW</th><th scope="col">NG</th></tr></thead>
<tbody>${row('defective')}${row('good')}</tbody>
</table>
${figureList([
  ['To a person, of good images', rate(three.reviewLoadOfGood.value ?? 0), interval(three.reviewLoadOfGood.interval)],
  ['To a person, of all images', rate(three.reviewLoad.value ?? 0), interval(three.reviewLoad.interval)],
  [
    'Recall, if the person finds every defect in REVIEW',
    rate(three.recall.value ?? 0),
    interval(three.recall.interval),
  ],
])}`;
}

function outlineFigures({ found, touched, inside, good, outlinedGood }: OutlineEvaluation): Figure[] {
  return [
    ['Outlines that touch the defect', `${touched} of ${found}`, 'of masked images that were found'],
    ...(inside === null ? [] : [['Defect inside them', rate(inside), 'of its pixels'] satisfies Figure]),
    ['Outlines on good images', `${outlinedGood} of ${good}`, null],
  ];
}

function pixelFigures(pixels: PixelEvaluation): Markup {
  return html`<h3>By pixel</h3>
${figureList([
  ['AUC-ROC of pixels', rate(pixels.auroc), null],
  ['AUPRO', rate(pixels.aupro), 'up to 30 % false positives'],
  ['Dice', rate(pixels.dice), `threshold ${thresholdOrigin(pixels.chosenOn)}`],
  ['Dice, mean of images', rate(pixels.meanDice), null],
  ...(pixels.outlines ? outlineFigures(pixels.outlines) : []),
])}`;
}

export function detectorSection(report: DetectorReport, index: number): Markup {
  const { evaluation: e, thresholdStatement, pixels } = report;
  return html`<section class="detector" aria-labelledby="detector-${index}">
<h2 id="detector-${index}">${e.detector}</h2>
${thresholdStatement !== null && html`<p>${thresholdStatement}</p>`}
<p class="proof">${recallProof(e)}</p>
<div class="columns"><div>${scoreChart(report, { id: `scores-${index}` })}${scoreKey}</div>
<div>${confusionTable(e)}
${figureList([
  ['F1', rate(e.f1), null],
  ['Accuracy', rate(e.accuracy.value!), interval(e.accuracy.interval)],
  ['Average precision', rate(e.averagePrecision), null],
  ['False-alarm rate', rate(e.falseAlarmRate.value!), interval(e.falseAlarmRate.interval)],
])}</div></div>
${
  (e.threeWay || pixels) &&
  html`<div class="columns more">${e.threeWay && html`<div>${decisionTable(e, e.threeWay)}</div>`}${pixels && html`<div>${pixelFigures(pixels)}</div>`}</div>`
}
${report.examples.length > 0 && html`<div class="example-groups"><h3>Examples: the image, and the score map over it</h3>${exampleGroups(report.examples)}</div>`}
</section>`;
}
