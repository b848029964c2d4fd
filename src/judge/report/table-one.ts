/** Table I in the paper's form: precision, recall and AUC-ROC of both detectors, mean over sequences with the spread. */
import type { Comparison, ProtocolResult } from '../comparison.ts';
import { protocolTable, type Summary, summarise, type TableRow } from '../comparison-summary.ts';
import { thresholdOrigin } from '../evaluation-table.ts';
import type { Interval } from '../intervals.ts';
import { counted, rate } from './format.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './tables.ts';

/** How a protocol is called throughout the report. */
export function protocolName({ protocol }: ProtocolResult): string {
  return protocol === 'honest' ? 'Honest protocol' : "The paper's protocol";
}

/** A cell: the mean, beneath it deviation, range and, where there is one, the interval of the mean. */
export function summaryCell(summary: Summary | null, expected: number, interval: Interval | null = null): Markup {
  if (summary === null) return html`<td class="figure"><span class="muted">none</span></td>`;
  const { mean, sd, min, max, n } = summary;
  return html`<td class="figure"><b>${rate(mean)}</b>
${sd !== null && html`<small>sd ${rate(sd)}</small><small>${rate(min)} to ${rate(max)}</small>`}
${interval !== null && html`<small>95 %: ${rate(interval.low)} to ${rate(interval.high)}</small>`}
${n < expected && html`<small>of ${n} of ${expected}</small>`}</td>`;
}

function tableRow(row: TableRow, { meanAuroc }: ProtocolResult): Markup {
  const { detector, chosenOn, over, sequences, figures } = row;
  const n = sequences.length;
  const interval = over === 'common' ? null : detector === 'flow' ? meanAuroc.flow : meanAuroc.unet;
  return html`<tr><th scope="row">${detector}<small>threshold ${thresholdOrigin(chosenOn)}; ${over === 'common' ? `the ${counted(n, 'sequence')} that both detectors have` : counted(n, 'sequence')}</small></th>
${summaryCell(figures.precision, n)}${summaryCell(figures.recall, n)}${summaryCell(figures.auroc, n, interval)}</tr>`;
}

function block(result: ProtocolResult): Markup {
  const rows = protocolTable(result);
  const judged = result.flow.length > 0 ? result.flow : result.unet;
  const brightness = summarise(judged.map((s) => s.evaluation.brightnessAuroc));
  return html`<tbody class="${result.protocol}"><tr class="block"><th scope="rowgroup" colspan="4">${protocolName(result)}<small>${result.split}</small></th></tr>
${rows.map((row) => tableRow(row, result))}
${result.unetNotApplicable !== null && html`<tr class="absent"><th scope="row">U-Net</th><td colspan="3">not applicable: ${result.unetNotApplicable}</td></tr>`}
${
  brightness !== null &&
  html`<tr class="base"><th scope="row">Mean brightness, the baseline</th><td></td><td></td>${summaryCell(brightness, brightness.n)}</tr>`
}</tbody>`;
}

export function tableOne({ protocols }: Comparison): Markup {
  return scrolling(
    'Table I',
    html`<table class="headline table-one">
<caption>Table I: mean over the training sequences. Beneath it their standard deviation (sd) and range, and for AUC-ROC the 95 % interval of the mean by part group. AUC-ROC does not depend on the threshold.</caption>
<thead><tr><th scope="col">Detector</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">AUC-ROC</th></tr></thead>
${protocols.map(block)}
</table>`,
  );
}
