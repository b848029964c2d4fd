/** The report of a comparison: verdict, Table I, Figure 1, then everything that they rest on. */

import { FelfriError } from '../../core/errors.ts';
import type { ComparedDetector } from '../comparison.ts';
import { protocolTable, summarise } from '../comparison-summary.ts';
import { type EvidencedComparison, type EvidencedProtocol, joinEvidence } from './comparison-evidence.ts';
import type { ComparisonReportInput } from './comparison-input.ts';
import { rate } from './format.ts';
import { html, type Markup } from './html.ts';
import { care, notes, renderPage, section } from './page.ts';
import { protocolContrast } from './protocol-contrast.ts';
import { protocolSection } from './protocol-section.ts';
import { detectorsOf, timeComparison } from './sequence-tables.ts';
import { keyOf, protocolName, tableOne } from './table-one.ts';
import { provenanceTable, settingsTable } from './tables.ts';
import { trainingChart, trainingLegend } from './training-chart.ts';
import { type Contender, joined, verdict } from './verdict.ts';

function contender(result: EvidencedProtocol, name: ComparedDetector): Contender | undefined {
  const row = protocolTable(result).find(({ detector, over }) => detector === name && over === 'all');
  if (row === undefined) return undefined;
  const key = keyOf[name];
  return {
    name,
    auroc: row.figures.auroc!.mean,
    interval: result.meanAuroc[key],
    recall: row.figures.recall?.mean ?? null,
    falseAlarmRate: row.figures.falseAlarmRate?.mean ?? null,
    sequences: new Map(
      result[key].map(({ name, evaluation, evidence }) => [name, { auroc: evaluation.auroc.value, images: evidence }]),
    ),
  };
}

/** What the figures come to, in sentences. */
function verdictOf(result: EvidencedProtocol): readonly string[] {
  const alone = (['U-Net', 'flow'] as const).flatMap((name) => contender(result, name) ?? []);
  const threshold =
    result.protocol === 'honest'
      ? 'At the threshold chosen on calibration parts'
      : 'At a threshold chosen on the judged images themselves';
  return [...verdict(alone, threshold).sentences, ...joined(contender(result, 'fusion'), alone)];
}

/** The sequences that ended with an error, by error: one cause often stops them all. */
function failures({ failed }: EvidencedProtocol): Map<string, string[]> {
  const byError = new Map<string, string[]>();
  for (const { detector, name, code, message } of failed) {
    const error = `${code}: ${message}`;
    byError.set(error, [...(byError.get(error) ?? []), `${detector}, ${name}`]);
  }
  return byError;
}

/** What a reader must know before believing the figures of a protocol. */
function cautions(result: EvidencedProtocol): string[] {
  const own = protocolName(result);
  const lines: string[] = [];
  if (result.protocol === 'paper') {
    lines.push(
      `${own}: the threshold was chosen on the evaluation set itself, so precision and recall are better here than they will be on other parts.`,
    );
  }
  for (const { name, sequences } of detectorsOf(result)) {
    const brightness = summarise(sequences.map(({ evaluation }) => evaluation.brightnessAuroc));
    const area = summarise(sequences.map(({ evaluation }) => evaluation.auroc.value))!;
    const interval = result.meanAuroc[keyOf[name]];
    if (brightness !== null && (interval?.low ?? area.mean) <= brightness.mean) {
      lines.push(
        `${own}: the ${name} is not clearly above mean brightness alone (AUC-ROC ${rate(brightness.mean)}): this result shows little of what it has learnt.`,
      );
    }
    if (sequences.length === 1) {
      lines.push(`${own}: the ${name} was trained once, so how much another training would differ is not known.`);
    }
  }
  for (const [error, names] of failures(result)) lines.push(`${own}: without figures ${names.join('; ')}. ${error}`);
  if (result.unetNotApplicable !== null) lines.push(`${own}: no U-Net. ${result.unetNotApplicable}`);
  return lines;
}

/** The leak check's sentences of each protocol, equal ones once. */
function leakVerdicts(protocols: readonly EvidencedProtocol[]): Markup {
  return html`<div class="leak"><h3>Leak check: do parts of the judgement stand in training?</h3>
<dl>${protocols.map(
    (result) => html`<div><dt>${protocolName(result)}<small>${result.split}</small></dt>
${(result.leak.length > 0 ? [...new Set(result.leak)] : ['No verdict: the check was not made.']).map((text) => html`<dd>${text}</dd>`)}</div>`,
  )}</dl></div>`;
}

function verdictSection(protocols: readonly EvidencedProtocol[]): Markup {
  const several = protocols.length > 1;
  return section(
    'verdict',
    'Verdict',
    html`${protocols.map((result, i) => {
      const sentences = verdictOf(result);
      return html`<div class="verdict${i > 0 && ' second'}">${several && html`<h3>${protocolName(result)}<small>${result.split}</small></h3>`}
${sentences.length === 0 ? html`<p>No sequence was judged.</p>` : html`<p>${sentences.join(' ')}</p>`}</div>`;
    })}
${leakVerdicts(protocols)}
${care(protocols.flatMap(cautions))}`,
  );
}

function figureOne(protocols: readonly EvidencedProtocol[]): Markup | null {
  const charts = protocols.flatMap((result) => {
    const chart = trainingChart(result, `training-${result.protocol}`);
    return chart === null
      ? []
      : [html`<div><h3>${protocolName(result)}<small>${result.split}</small></h3>${chart}</div>`];
  });
  if (charts.length === 0) return null;
  return section(
    'figure-1',
    'Figure 1: AUC-ROC of the flow along its training',
    html`${trainingLegend(protocols.some(({ unet }) => unet.length > 0))}
<div class="columns">${charts}</div>
<p class="muted">The judged images were looked at along the training for this figure only; nothing was chosen by it. The mean is drawn where every sequence was measured. The vertical axis does not begin at 0.</p>`,
  );
}

function dataSection({ dataSet, protocols }: EvidencedComparison): Markup {
  return section(
    'data',
    'Data',
    html`<div class="columns">${notes('Recognised', dataSet.recognised)}${protocols.map((result) =>
      notes(`Split, ${protocolName(result).toLowerCase()}`, [`${result.split}.`, ...result.notes]),
    )}</div>`,
  );
}

function provenance({ command, comparison }: ComparisonReportInput): Markup {
  const { dataSet, protocols, software, settings } = comparison;
  const models = protocols.flatMap(({ flow, unet, fusion }) => [...unet, ...flow, ...fusion]);
  return section(
    'provenance',
    'Provenance',
    html`<h3>Command</h3>
<pre class="mono command"><code>${command}</code></pre>
<h3>Versions and hashes</h3>
${provenanceTable({
  versions: Object.entries(software).map(([name, value]) => ({ name, value })),
  hashes: [
    { name: 'data set', value: dataSet.hash },
    ...models.map(({ bundle, model }) => ({ name: `model of ${bundle}`, value: model })),
  ],
})}
<h3>Settings</h3>
${settingsTable(settings)}`,
  );
}

/**
 * The whole report as HTML text. Deterministic: equal input gives equal text.
 *
 * @throws FelfriError OPTION_INVALID without a protocol, when the date is none, a picture is no data URI or a sequence comes without
 *   evidence; SCORES_INVALID when evidence is not of the images that its sequence judged.
 */
export function renderComparison(input: ComparisonReportInput): string {
  const comparison = joinEvidence(input.comparison, input.evidence);
  const { protocols, dataSet, created } = comparison;
  if (protocols.length === 0) {
    throw new FelfriError('OPTION_INVALID', 'got no protocol; a comparison needs at least one', {
      subject: 'protocols',
    });
  }
  const contrast = protocolContrast(comparison);
  return renderPage({
    title: input.title,
    subject: dataSet.name,
    created,
    sections: html`${verdictSection(protocols)}
${section('table-1', 'Table I: both detectors', tableOne(comparison))}
${figureOne(protocols)}
${contrast && section('contrast', 'The two protocols side by side', contrast)}
${section('time', 'Time', timeComparison(comparison))}
${dataSection(comparison)}
${protocols.map(protocolSection)}
${provenance(input)}`,
  });
}
