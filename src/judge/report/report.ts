/** The report on one or more detectors, each trained once and judged on the same images. */
import { FelfriError } from '../../core/errors.ts';
import type { Evaluation } from '../evaluation.ts';
import { detectorClass, precisionRecallChart, rocChart } from './curve-chart.ts';
import { detectorSection } from './detector-section.ts';
import { counted, interval, rate } from './format.ts';
import { html, type Markup } from './html.ts';
import type { DetectorReport, ReportInput } from './input.ts';
import { care, notes, renderPage, section } from './page.ts';
import { classTable, headlineTable, provenanceTable, timeTable } from './tables.ts';
import { verdict } from './verdict.ts';

/** What a reader must know before believing the headline. */
function cautions(evaluations: readonly Evaluation[]): string[] {
  const onItself = evaluations.filter((e) => e.chosenOn === 'the evaluation set itself (paper protocol)');
  const lines = onItself.length
    ? [
        `The threshold of ${onItself.map((e) => e.detector).join(' and ')} was chosen on the evaluation set itself (paper protocol), so precision and recall are better here than they will be on other parts.`,
      ]
    : [];
  for (const { detector, auroc, brightnessAuroc } of evaluations) {
    if (brightnessAuroc === null || (auroc.interval?.low ?? auroc.value) > brightnessAuroc) continue;
    lines.push(
      `${detector} is not clearly above mean brightness alone (AUC-ROC ${rate(brightnessAuroc)}): this result shows little of what it has learnt.`,
    );
  }
  return lines;
}

function verdictSentences(detectors: readonly DetectorReport[]): string {
  return verdict(
    detectors.map(({ evaluation: e, labels, scores, partGroups }) => ({
      name: e.detector,
      auroc: e.auroc.value,
      interval: e.auroc.interval,
      recall: e.recall.value,
      falseAlarmRate: e.falseAlarmRate.value,
      sequences: new Map([
        [
          'only',
          { auroc: e.auroc.value, images: { labels, scores, partGroups, names: scores.map((_, i) => String(i)) } },
        ],
      ]),
    })),
    detectors.length === 1 ? 'At its threshold' : 'Each at its own threshold',
  ).sentences.join(' ');
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

/** Throws SCORES_INVALID when labels, scores or part groups are not those of the judged images. */
function checkImages({ evaluation: e, labels, scores, partGroups }: DetectorReport): void {
  const judged = e.good + e.defective;
  if ([labels, scores, partGroups].every(({ length }) => length === judged)) return;
  throw new FelfriError(
    'SCORES_INVALID',
    `got ${labels.length} labels, ${scores.length} scores and ${partGroups.length} part groups of ${e.detector}, whose evaluation judged ${judged} images; give those that it judged`,
  );
}

/**
 * The whole report as HTML text. Deterministic: equal input gives equal text.
 *
 * @throws FelfriError OPTION_INVALID when there is no detector, the date is none, or a picture is no data URI;
 *   SCORES_INVALID when a detector's labels, scores or part groups are not those that its evaluation judged.
 */
export function renderReport(input: ReportInput): string {
  const { title, created, dataSet, detectors } = input;
  if (detectors.length === 0) {
    throw new FelfriError('OPTION_INVALID', 'got no detector; a report needs at least one', { subject: 'detectors' });
  }
  for (const detector of detectors) checkImages(detector);
  const evaluations = detectors.map(({ evaluation }) => evaluation);
  const scored = detectors.map((detector, i) => ({ ...detector, look: detectorClass(i) }));
  return renderPage({
    title,
    subject: dataSet.name,
    created,
    sections: html`${section(
      'result',
      'Result',
      html`<div class="verdict"><p>${verdictSentences(detectors)}</p></div>
${headlineTable(evaluations)}
${care(cautions(evaluations))}
${evaluations.map((e) => html`<p>${inWords(e)}</p>`)}`,
    )}
${section(
  'data',
  'Data',
  html`<div class="columns">${notes('Recognised', dataSet.recognised)}${notes('Split', dataSet.split)}${notes('Leak check', dataSet.leak.length > 0 ? dataSet.leak : ['No verdict: the check was not made for this report.'])}</div>`,
)}
${section(
  'roc',
  'ROC and precision-recall curves',
  html`${legend(detectors)}
<div class="columns"><div>${rocChart(scored)}</div><div>${precisionRecallChart(scored)}</div></div>
<p class="muted">Each point of a curve is one threshold; the circle marks the one in use. The dotted line is chance.</p>`,
)}
${detectors.map(detectorSection)}
${section('classes', 'Defect classes', classTable(evaluations))}
${section('time', 'Time', timeTable(detectors))}
${section('provenance', 'Provenance', provenanceTable(input))}`,
  });
}
