/** The report: one HTML file that needs no network, no script and no other file, for the screen and for paper. */
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { Evaluation } from '../evaluation.ts';
import { detectorClass, precisionRecallChart, rocChart } from './curve-chart.ts';
import { exampleGroups } from './examples.ts';
import { counted, interval, rate } from './format.ts';
import { html, Markup } from './html.ts';
import type { DetectorReport, ReportInput } from './input.ts';
import { scoreChart } from './score-chart.ts';
import { style } from './style.ts';
import { classTable, confusionTable, headlineTable, provenanceTable, timeTable } from './tables.ts';

/** What a reader must know before believing the headline. */
function cautions(evaluations: readonly Evaluation[]): string[] {
  const onItself = evaluations.filter((e) => e.chosenOn === 'the evaluation set itself (paper protocol)');
  const notes = onItself.length
    ? [
        `The threshold of ${onItself.map((e) => e.detector).join(' and ')} was chosen on the evaluation set itself (paper protocol), so precision and recall are better here than they will be on other parts.`,
      ]
    : [];
  for (const { detector, auroc, brightnessAuroc } of evaluations) {
    if (brightnessAuroc === null || (auroc.interval?.low ?? auroc.value) > brightnessAuroc) continue;
    notes.push(
      `${detector} is not clearly above mean brightness alone (AUC-ROC ${rate(brightnessAuroc)}): this result shows little of what it has learnt.`,
    );
  }
  return notes;
}

function inWords({ detector, confusion: { tp, fp }, good, defective }: Evaluation): string {
  return `${detector} finds ${tp} of ${counted(defective, 'defective image')} and calls ${fp} of ${counted(good, 'good image')} defective.`;
}

function legend(detectors: readonly DetectorReport[]): Markup {
  return html`<ul class="legend">${detectors.map(({ evaluation: e }, i) => {
    const range = interval(e.auroc.interval);
    return html`<li class="${detectorClass(i)}"><svg class="chart" viewBox="0 0 40 12" aria-hidden="true"><path class="curve" d="M0 6H40"/></svg>
<span>${e.detector}<small>AUC-ROC ${rate(e.auroc.value)}${range !== null && `, ${range}`}</small></span></li>`;
  })}</ul>`;
}

function detectorSection(report: DetectorReport, index: number): Markup {
  const { evaluation: e, thresholdStatement } = report;
  const figures = [
    ['F1', rate(e.f1), null],
    ['Accuracy', rate(e.accuracy.value!), interval(e.accuracy.interval)],
    ['Average precision', rate(e.averagePrecision), null],
    ['False-alarm rate', rate(e.falseAlarmRate.value!), interval(e.falseAlarmRate.interval)],
  ] as const;
  return html`<section class="detector" aria-labelledby="detector-${index}">
<h2 id="detector-${index}">${e.detector}</h2>
${thresholdStatement !== null && html`<p>${thresholdStatement}</p>`}
<div class="columns"><div>${scoreChart(report, `scores-${index}`)}</div>
<div>${confusionTable(e)}
<dl class="figures">${figures.map(
    ([name, value, range]) =>
      html`<div><dt>${name}</dt><dd>${value}${range !== null && html`<small>${range}</small>`}</dd></div>`,
  )}</dl></div></div>
${report.examples.length > 0 && html`<div class="example-groups"><h3>Examples: the image, and the score map over it</h3>${exampleGroups(report.examples)}</div>`}
</section>`;
}

function notes(heading: string, lines: readonly string[]): Markup {
  return html`<div><h3>${heading}</h3><ul>${lines.map((text) => html`<li>${text}</li>`)}</ul></div>`;
}

/**
 * The whole report as HTML text. Deterministic: equal input gives equal text.
 *
 * @throws FelfriError OPTION_INVALID when there is no detector, the date is none, or a picture is no data URI;
 *   SCORES_INVALID when a detector's labels and scores are not those that its evaluation judged.
 */
export function renderReport(input: ReportInput): string {
  const { title, created, dataSet, detectors } = input;
  if (detectors.length === 0) {
    throw new FelfriError('OPTION_INVALID', 'got no detector; a report needs at least one', { subject: 'detectors' });
  }
  for (const { evaluation: e, labels, scores } of detectors) {
    if (labels.length !== scores.length || labels.length !== e.good + e.defective) {
      throw new FelfriError(
        'SCORES_INVALID',
        `got ${labels.length} labels and ${scores.length} scores of ${e.detector}, whose evaluation judged ${e.good + e.defective} images; give those that it judged`,
      );
    }
  }
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) {
    throw new FelfriError(
      'OPTION_INVALID',
      `got the date "${created}"; legal is ISO 8601, such as 2025-01-31T12:00:00Z`,
      {
        subject: 'created',
      },
    );
  }
  const day = date.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const evaluations = detectors.map(({ evaluation }) => evaluation);
  const care = cautions(evaluations);
  // the hash lets this one style sheet in and keeps everything else out, whatever a file name may hold
  const styleHash = Buffer.from(sha256(style), 'hex').toString('base64');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-${new Markup(styleHash)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<header>
<p class="product">felfri</p>
<h1>${title}</h1>
<p class="lead">${dataSet.name}, <time datetime="${created}">${day} UTC</time></p>
</header>
<section aria-labelledby="result">
<h2 id="result">Result</h2>
${headlineTable(evaluations)}
${care.length > 0 && html`<div class="care">${care.map((note) => html`<p>${note}</p>`)}</div>`}
${evaluations.map((e) => html`<p>${inWords(e)}</p>`)}
</section>
<section aria-labelledby="data">
<h2 id="data">Data</h2>
<div class="columns">${notes('Recognised', dataSet.recognised)}${notes('Split', dataSet.split)}</div>
</section>
<section aria-labelledby="roc">
<h2 id="roc">ROC and precision-recall curves</h2>
${legend(detectors)}
<div class="columns"><div>${rocChart(detectors)}</div><div>${precisionRecallChart(detectors)}</div></div>
<p class="muted">Each point of a curve is one threshold; the circle marks the one in use. The dotted line is chance.</p>
</section>
${detectors.map(detectorSection)}
<section aria-labelledby="classes">
<h2 id="classes">Defect classes</h2>
${classTable(evaluations)}
</section>
<section aria-labelledby="time">
<h2 id="time">Time</h2>
${timeTable(detectors)}
</section>
<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
${provenanceTable(input)}
</section>
</main>
</body>
</html>
`.text;
}
