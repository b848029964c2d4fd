/** The same data under both protocols: how much of a published result does not carry over to parts that were never seen. */
import type { Comparison, ProtocolResult } from '../comparison.ts';
import { protocolTable, type TableRow } from '../comparison-summary.ts';
import { rate, signed } from './format.ts';
import { html, type Markup } from './html.ts';
import { summaryCell } from './table-one.ts';
import { scrolling } from './tables.ts';

function rowOf(result: ProtocolResult, detector: TableRow['detector']): TableRow | undefined {
  return protocolTable(result).find((row) => row.detector === detector);
}

interface Contrast {
  readonly detector: TableRow['detector'];
  readonly honest: TableRow;
  readonly paper: TableRow;
}

function sentence({ detector, honest, paper }: Contrast): string {
  const [now, then] = [honest.figures.auroc!, paper.figures.auroc!];
  const difference = then.mean - now.mean;
  const figures = `${rate(then.mean)} against ${rate(now.mean)}`;
  if (Math.abs(difference) < 0.0005) {
    return `The ${detector} has the same AUC-ROC under both protocols (${figures}).`;
  }
  return difference > 0
    ? `Under the paper's protocol the AUC-ROC of the ${detector} is ${rate(difference)} higher (${figures}); what it gains there is not to be expected on new parts.`
    : `Under the paper's protocol the AUC-ROC of the ${detector} is ${rate(-difference)} lower (${figures}): the published split does not flatter it here.`;
}

const meaning =
  "The paper's protocol chooses the threshold on the very images that it judges, and a published split may show one part in training and again in the judgement; the honest protocol does neither. The two judge different images, so a difference is the protocol's and chance's together. For parts to come, believe the honest figures.";

/** Null unless both protocols were judged with a detector in common. */
export function protocolContrast({ protocols }: Comparison): Markup | null {
  const honest = protocols.find(({ protocol }) => protocol === 'honest');
  const paper = protocols.find(({ protocol }) => protocol === 'paper');
  if (honest === undefined || paper === undefined) return null;
  const contrasts = (['U-Net', 'flow'] as const).flatMap((detector): Contrast[] => {
    const [one, other] = [rowOf(honest, detector), rowOf(paper, detector)];
    return one === undefined || other === undefined ? [] : [{ detector, honest: one, paper: other }];
  });
  if (contrasts.length === 0) return null;
  const figures = [
    ['Precision', 'precision'],
    ['Recall', 'recall'],
    ['AUC-ROC', 'auroc'],
  ] as const;
  return html`${contrasts.map((contrast) => html`<p>${sentence(contrast)}</p>`)}
<p>${meaning}</p>
${scrolling(
  'Both protocols',
  html`<table class="contrast wide-cells">
<caption>Published way and honest way side by side: mean, standard deviation and range over the sequences, and what the paper's way adds.</caption>
<thead><tr><th scope="col">Figure</th><th scope="col">The paper's protocol<small>${paper.split}</small></th><th scope="col">Honest protocol<small>${honest.split}</small></th><th scope="col">Difference</th></tr></thead>
<tbody>${contrasts.flatMap((contrast) =>
    figures.map(([name, key]) => {
      const [then, now] = [contrast.paper.figures[key], contrast.honest.figures[key]];
      return html`<tr><th scope="row">${contrast.detector}, ${name}</th>${summaryCell(then, { expected: contrast.paper.sequences.length })}${summaryCell(now, { expected: contrast.honest.sequences.length })}<td>${then === null || now === null ? '' : `${then.mean > now.mean ? '+' : ''}${signed(then.mean - now.mean)}`}</td></tr>`;
    }),
  )}</tbody>
</table>`,
)}`;
}
