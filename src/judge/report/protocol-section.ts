/** The evidence of one protocol: curves, histograms, matrices, classes, pixels and examples of both detectors. */

import { type EvidencedProtocol, type EvidencedSequence, pooledExamples } from './comparison-evidence.ts';
import { precisionRecallChart, rocChart, type Scored } from './curve-chart.ts';
import { exampleGroups } from './examples.ts';
import { counted, rate } from './format.ts';
import { html, type Markup } from './html.ts';
import { section } from './page.ts';
import { areDisjoint, type Pool, pooledClassTable, pooledConfusion } from './pooled-tables.ts';
import { scoreChart, scoreKey } from './score-chart.ts';
import { type DetectorSequences, detectorsOf, pixelTable, sequenceTable } from './sequence-tables.ts';
import { protocolName } from './table-one.ts';

/** Examples of each kind that a detector shows. */
const EXAMPLES = 6;

const looks = { 'U-Net': 'd0', flow: 'd1', fusion: 'd2' } as const;

type Judged = DetectorSequences<EvidencedSequence>;

function curves(judged: readonly Judged[], key: string): Markup {
  const scored = judged.flatMap(({ name, sequences }) =>
    sequences.map(
      ({ evaluation, evidence: { labels, scores } }): Scored => ({
        evaluation,
        labels,
        scores,
        look: `${looks[name]}${sequences.length > 1 ? ' thin' : ''}`,
      }),
    ),
  );
  return html`<h3>ROC and precision-recall curves</h3>
<ul class="legend">${judged.map(({ name, sequences }) => {
    const areas = sequences.map(({ evaluation }) => evaluation.auroc.value);
    const [low, high] = [Math.min(...areas), Math.max(...areas)];
    return html`<li class="${looks[name]}"><svg class="chart" viewBox="0 0 40 12" aria-hidden="true"><path class="curve" d="M0 6H40"/></svg><span>${name}<small>${counted(sequences.length, 'sequence')}, AUC-ROC ${low === high ? rate(low) : `${rate(low)} to ${rate(high)}`}</small></span></li>`;
  })}</ul>
<div class="columns"><div>${rocChart(scored, `${key}-roc`)}</div><div>${precisionRecallChart(scored, `${key}-precision-recall`)}</div></div>
<p class="muted">A curve per sequence; the circle marks the threshold in use. The dotted line is chance.</p>`;
}

function histograms({ name, sequences }: Judged, key: string): Markup {
  return html`<h3>Scores, ${name}</h3>
<div class="multiples">${sequences.map(
    ({ name: sequence, evaluation, evidence: { labels, scores } }, i) =>
      html`<div><p class="multiple-name">${sequence}</p>${scoreChart({ evaluation, labels, scores }, { id: `${key}-scores-${looks[name]}-${i}`, width: 330, height: 210, name: sequence })}</div>`,
  )}</div>`;
}

function examples({ name, sequences }: Judged): Markup {
  const chosen = pooledExamples(sequences, EXAMPLES);
  return html`${chosen.length > 0 && html`<div class="example-groups"><h3>Examples, ${name}: the image, and the score map over it</h3>${exampleGroups(chosen)}</div>`}`;
}

/** Null when nothing was judged under the protocol. */
export function protocolSection(result: EvidencedProtocol): Markup | null {
  const judged = detectorsOf<EvidencedSequence>(result);
  if (judged.length === 0) return null;
  const key = result.protocol;
  const pools = judged.map(
    ({ name, sequences }): Pool => ({
      detector: name,
      evaluations: sequences.map(({ evaluation }) => evaluation),
      disjoint: areDisjoint(sequences.map(({ evidence }) => evidence.names)),
    }),
  );
  return section(
    `evidence-${key}`,
    `${protocolName(result)}: ${result.split}`,
    html`${curves(judged, key)}
${judged.map((each) => histograms(each, key))}${scoreKey}
<h3>Decisions</h3>
<div class="columns">${pools.map((pool) => html`<div>${pooledConfusion(pool)}</div>`)}</div>
<h3>Defect classes</h3>
${pooledClassTable(pools)}
${pixelTable(result)}
<h3>Every sequence</h3>
${sequenceTable(result)}
${judged.map(examples)}`,
  );
}
