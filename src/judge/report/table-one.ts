/**
 * Table I in the paper's form: precision, recall and AUC-ROC of both detectors, mean over sequences with the spread. Precision and recall
 * stand twice where both thresholds are known: the honest one, and beside it the paper's.
 */
import type { ComparedDetector, Comparison, ProtocolResult } from '../comparison.ts';
import { protocolTable, type Summary, summarise, type TableRow } from '../comparison-summary.ts';
import { thresholdOrigin } from '../evaluation-table.ts';
import type { Interval } from '../intervals.ts';
import { counted, rate } from './format.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './tables.ts';

/** What the results of a protocol hold a detector under. */
export const keyOf = { 'U-Net': 'unet', flow: 'flow', fusion: 'fusion' } as const satisfies Record<
  ComparedDetector,
  string
>;

/** How a protocol is called throughout the report. */
export function protocolName({ protocol }: ProtocolResult): string {
  return protocol === 'honest' ? 'Honest protocol' : "The paper's protocol";
}

interface CellOptions {
  /** Sequences that should have the figure; said where fewer have it. */
  readonly expected: number;
  /** Of the mean. */
  readonly interval?: Interval | null;
  /** What the column is called where a narrow screen has no room for columns. */
  readonly label?: string;
}

/** A cell: the mean, beneath it deviation, range and, where there is one, the interval of the mean. */
export function summaryCell(summary: Summary | null, { expected, interval = null, label }: CellOptions): Markup {
  const attribute = label !== undefined && html` data-label="${label}"`;
  if (summary === null) return html`<td class="figure"${attribute}><span class="muted">none</span></td>`;
  const { mean, sd, min, max, n } = summary;
  return html`<td class="figure"${attribute}><b>${rate(mean)}</b>
${sd !== null && html`<small>sd ${rate(sd)}</small><small>${rate(min)} to ${rate(max)}</small>`}
${interval !== null && html`<small>95 %: ${rate(interval.low)} to ${rate(interval.high)}</small>`}
${n < expected && html`<small class="few">from ${n} of ${expected} sequences</small>`}</td>`;
}

const origins = {
  honest: {
    name: 'Honest threshold',
    words: 'chosen on calibration parts',
    short: 'honest threshold',
  },
  paper: {
    name: "The paper's threshold",
    words: 'of highest accuracy on the judged images themselves',
    short: "paper's threshold",
  },
};
type Origin = keyof typeof origins;

/** The rows of one detector over the same sequences: one, or with an honest threshold two. */
interface Line {
  readonly detector: TableRow['detector'];
  readonly over: TableRow['over'];
  readonly sequences: number;
  readonly rows: Readonly<Partial<Record<Origin, TableRow>>>;
}

function linesOf(result: ProtocolResult): Line[] {
  const rows = protocolTable(result);
  const first = rows.filter(
    (row, i) => rows.findIndex((r) => r.detector === row.detector && r.over === row.over) === i,
  );
  return first.map((row) => {
    const { detector, over, sequences } = row;
    const second = rows.find((other) => other !== row && other.detector === detector && other.over === over);
    return {
      detector,
      over,
      sequences: sequences.length,
      rows: result.protocol === 'paper' ? { paper: row } : { honest: row, ...(second && { paper: second }) },
    };
  });
}

function tableLine(
  { detector, over, sequences, rows }: Line,
  { meanAuroc }: ProtocolResult,
  columns: readonly Origin[],
): Markup {
  const interval = over === 'common' ? null : meanAuroc[keyOf[detector]];
  const any = (rows.honest ?? rows.paper)!;
  const said = rows.honest !== undefined && rows.honest.chosenOn !== 'calibration';
  return html`<tr><th scope="row">${detector === 'fusion' ? 'Both in one verdict (fusion)' : detector}<small>${over === 'common' ? `the ${counted(sequences, 'sequence')} that both detectors have` : counted(sequences, 'sequence')}${said && `; threshold ${thresholdOrigin(any.chosenOn)}`}</small></th>
${columns.map((origin) => {
  const row = rows[origin];
  if (row === undefined) return html`<td class="void"></td><td class="void"></td>`;
  const { short } = origins[origin];
  return html`${summaryCell(row.figures.precision, { expected: sequences, label: `Precision, ${short}` })}${summaryCell(row.figures.recall, { expected: sequences, label: `Recall, ${short}` })}`;
})}${summaryCell(any.figures.auroc, { expected: sequences, interval, label: 'AUC-ROC' })}</tr>`;
}

function block(result: ProtocolResult, columns: readonly Origin[]): Markup {
  const judged = result.flow.length > 0 ? result.flow : result.unet;
  const brightness = summarise(judged.map((s) => s.evaluation.brightnessAuroc));
  const width = 2 * columns.length + 1;
  return html`<tbody class="${result.protocol}"><tr class="block"><th scope="rowgroup" colspan="${width + 1}">${protocolName(result)}<small>${result.split}</small></th></tr>
${linesOf(result).map((line) => tableLine(line, result, columns))}
${result.unetNotApplicable !== null && html`<tr class="absent"><th scope="row">U-Net</th><td colspan="${width}">Not applicable: ${result.unetNotApplicable}</td></tr>`}
${
  brightness !== null &&
  html`<tr class="base"><th scope="row">Mean brightness, the baseline</th>${columns.map(() => html`<td class="void"></td><td class="void"></td>`)}${summaryCell(brightness, { expected: brightness.n, label: 'AUC-ROC' })}</tr>`
}</tbody>`;
}

export function tableOne({ protocols }: Comparison): Markup {
  const columns: Origin[] = protocols.some(({ protocol }) => protocol === 'honest') ? ['honest', 'paper'] : ['paper'];
  return scrolling(
    'Table I',
    html`<table class="headline table-one">
<caption>Table I: mean over the training sequences. Beneath it their standard deviation (sd) and range, and for AUC-ROC the 95 % interval of the mean by part group. AUC-ROC does not depend on the threshold.${columns.length > 1 && " The paper's threshold was chosen with the answers at hand: believe the honest one."}</caption>
<thead><tr><th scope="col" rowspan="2">Detector</th>${columns.map((origin) => html`<th scope="colgroup" colspan="2" class="origin"><b>${origins[origin].name}</b><small>${origins[origin].words}</small></th>`)}<th scope="col" rowspan="2">AUC-ROC</th></tr>
<tr>${columns.map(() => html`<th scope="col">Precision</th><th scope="col">Recall</th>`)}</tr></thead>
${protocols.map((result) => block(result, columns))}
</table>`,
  );
}
