/** Tables over the sequences of a protocol: each by itself, times of both detectors, figures by pixel. */
import type { ComparedDetector, Comparison, ProtocolResult } from '../comparison.ts';
import { comparisonTable, inspectionRatio, type Summary, summarise } from '../comparison-summary.ts';
import { formatScore, thresholdOrigin } from '../evaluation-table.ts';
import { duration, proportionCell, rateCell } from './format.ts';
import { html, type Markup } from './html.ts';
import { protocolName, summaryCell } from './table-one.ts';
import { scrolling } from './tables.ts';

export interface DetectorSequences<S> {
  readonly name: ComparedDetector;
  readonly sequences: readonly S[];
}

/** The detectors that have sequences, in the order of Table I. */
export function detectorsOf<S>(
  result: Readonly<Record<'unet' | 'flow' | 'fusion', readonly S[]>>,
): DetectorSequences<S>[] {
  const { unet, flow, fusion } = result;
  const all: DetectorSequences<S>[] = [
    { name: 'U-Net', sequences: unet },
    { name: 'flow', sequences: flow },
    { name: 'fusion', sequences: fusion },
  ];
  return all.filter(({ sequences }) => sequences.length > 0);
}

export function sequenceTable(result: ProtocolResult): Markup {
  const honest = result.protocol === 'honest';
  return scrolling(
    `Sequences, ${protocolName(result)}`,
    html`<table class="sequences dense">
<caption>Every sequence. Beneath each figure its 95 % interval: Clopper-Pearson by image for precision and recall, bootstrap by part group for AUC-ROC.${honest && ' The last two columns are those of the threshold of highest accuracy on the judged images themselves.'}</caption>
<thead><tr><th scope="col">Sequence</th><th scope="col">Good, defective</th><th scope="col">AUC-ROC</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">False alarms</th><th scope="col">Threshold</th>${honest && html`<th scope="col">Precision, the paper's way</th><th scope="col">Recall, the paper's way</th>`}</tr></thead>
<tbody>${detectorsOf(result).flatMap(({ name, sequences }) =>
      sequences.map(
        ({ name: sequence, evaluation: e, paperEvaluation: p }) =>
          html`<tr><th scope="row">${name}, ${sequence}</th><td>${e.good}, ${e.defective}</td>${rateCell(e.auroc.value, e.auroc.interval)}${proportionCell(e.precision)}${proportionCell(e.recall)}<td>${e.confusion.fp}</td><td>${formatScore(e.threshold)}</td>${honest && html`${proportionCell(p.precision)}${proportionCell(p.recall)}`}</tr>`,
      ),
    )}</tbody>
</table>`,
  );
}

const seconds = (summary: Summary | null, factor = 1): Markup =>
  summary === null
    ? html`<td>not measured</td>`
    : html`<td class="figure"><b>${duration(summary.mean * factor)}</b>${summary.n > 1 && html`<small>${duration(summary.min * factor)} to ${duration(summary.max * factor)}</small>`}</td>`;

const times = (ratio: number | null): string =>
  ratio === null ? 'not known' : `${Number(ratio.toPrecision(ratio < 100 ? 2 : 3))} times`;

/** Time to train and to inspect of every detector, and how many times as long the flow takes. */
export function timeComparison(comparison: Comparison): Markup {
  const rows = comparisonTable(comparison).filter(({ over }) => over === 'all');
  return scrolling(
    'Times compared',
    html`<table class="times">
<caption>Wall-clock time on the machine named below, mean and range over the sequences. Inspection runs from decoded pixels to decision and map, one image at a time (median of the judged images). The ratio is the flow's time over the U-Net's.</caption>
<thead><tr><th scope="col">Detector</th><th scope="col">Training of one sequence</th><th scope="col">Inspection of one image</th></tr></thead>
${comparison.protocols.map((result) => {
  const own = rows.filter(({ protocol }) => protocol === result.protocol);
  // each detector stands in two rows where there are two thresholds; the times are the same
  const first = (['U-Net', 'flow', 'fusion'] as const).flatMap(
    (name) => own.find(({ detector }) => detector === name) ?? [],
  );
  const [unet, flow] = [first.find((row) => row.detector === 'U-Net'), first.find((row) => row.detector === 'flow')];
  const training = (row: typeof unet) => row?.figures.trainingSeconds?.mean ?? null;
  const [a, b] = [training(flow), training(unet)];
  return html`<tbody><tr class="block"><th scope="rowgroup" colspan="3">${protocolName(result)}<small>${result.split}</small></th></tr>
${first.map(
  ({ detector, figures }) =>
    html`<tr><th scope="row">${detector}</th>${seconds(figures.trainingSeconds)}${seconds(figures.inspectionMilliseconds, 1e-3)}</tr>`,
)}
${unet !== undefined && flow !== undefined && html`<tr class="base"><th scope="row">Flow over U-Net</th><td>${times(a === null || !b ? null : a / b)}</td><td>${times(inspectionRatio(own, result.protocol))}</td></tr>`}</tbody>`;
})}
</table>`,
  );
}

/** Where the thresholds for Dice came from: calibration parts differ from fold to fold and are named as one. */
function pixelThresholds(chosenOn: readonly string[]): string {
  const distinct = [...new Set(chosenOn)];
  return distinct.length > 1 && distinct.every((origin) => origin.startsWith('calibration'))
    ? 'chosen on the calibration part of each sequence'
    : distinct.map(thresholdOrigin).join('; ');
}

/** Null where no sequence was judged by pixel. */
export function pixelTable(result: ProtocolResult): Markup | null {
  const rows = detectorsOf(result).filter(({ sequences }) => sequences.some(({ pixels }) => pixels !== null));
  if (rows.length === 0) return null;
  return scrolling(
    `By pixel, ${protocolName(result)}`,
    html`<table class="pixels wide-cells">
<caption>By pixel, where there are masks: mean, standard deviation and range over the sequences. AUPRO is the mean overlap per defect region up to 30 % false positives.</caption>
<thead><tr><th scope="col">Detector</th><th scope="col">AUC-ROC of pixels</th><th scope="col">AUPRO</th><th scope="col">Dice</th></tr></thead>
<tbody>${rows.map(({ name, sequences }) => {
      const known = sequences.map(({ pixels }) => pixels).filter((pixels) => pixels !== null);
      const origins = pixelThresholds(known.map(({ chosenOn }) => chosenOn));
      const cell = (figure: (pixels: (typeof known)[number]) => number) =>
        summaryCell(summarise(known.map(figure)), { expected: sequences.length });
      return html`<tr><th scope="row">${name}<small>threshold for Dice: ${origins}</small></th>${cell((p) => p.auroc)}${cell((p) => p.aupro)}${cell((p) => p.dice)}</tr>`;
    })}</tbody>
</table>`,
  );
}
