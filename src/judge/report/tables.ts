/** The report's tables: the headline in the form of Table I, confusion matrices, defect classes, times, provenance. */
import type { Evaluation } from '../evaluation.ts';
import { formatScore, thresholdOrigin } from '../evaluation-table.ts';
import { counted, duration, proportionCell, rate, rateCell } from './format.ts';
import { html, type Markup } from './html.ts';
import type { DetectorReport, ReportInput } from './input.ts';

/** A table that may scroll sideways on its own, by keyboard too, so that the page never does. */
export function scrolling(name: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">${table}</div>`;
}

export function headlineTable(evaluations: readonly Evaluation[]): Markup {
  const { good, defective, partGroups, confidence, brightnessAuroc } = evaluations[0]!;
  return scrolling(
    'Detectors compared',
    html`<table class="headline">
<caption>${counted(good, 'good image')} and ${counted(defective, 'defective image')} of ${counted(partGroups, 'part group')}. Beneath each figure its ${confidence * 100} % interval: Clopper-Pearson for precision and recall, bootstrap by part group for AUC-ROC.</caption>
<thead><tr><th scope="col">Detector</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">AUC-ROC</th></tr></thead>
<tbody>${evaluations.map(
      (
        e,
      ) => html`<tr><th scope="row">${e.detector}<small>threshold ${formatScore(e.threshold)}, ${thresholdOrigin(e.chosenOn)}</small></th>
${proportionCell(e.precision)}${proportionCell(e.recall)}${rateCell(e.auroc.value, e.auroc.interval)}</tr>`,
    )}</tbody>
${brightnessAuroc !== null && html`<tfoot><tr><th scope="row">Mean brightness, the baseline</th><td></td><td></td>${rateCell(brightnessAuroc, null)}</tr></tfoot>`}
</table>`,
  );
}

/** @param sum what the counts were summed over, such as ' over 5 sequences'. */
export function confusionTable(
  {
    detector,
    confusion: { tp, fp, fn, tn },
    good,
    defective,
  }: Pick<Evaluation, 'detector' | 'confusion' | 'good' | 'defective'>,
  sum = '',
): Markup {
  const cell = (count: number, total: number, right: boolean) =>
    html`<td${right && html` class="right"`}>${count}<small>${rate(count / total)}</small></td>`;
  return html`<table class="confusion">
<caption>Confusion matrix of ${detector}${sum}; shares are of the row. Shaded cells are right decisions.</caption>
<thead><tr><td></td><th scope="col">called defective</th><th scope="col">called good</th></tr></thead>
<tbody><tr><th scope="row">defective</th>${cell(tp, defective, true)}${cell(fn, defective, false)}</tr>
<tr><th scope="row">good</th>${cell(fp, good, false)}${cell(tn, good, true)}</tr></tbody>
</table>`;
}

export function classTable(evaluations: readonly Evaluation[]): Markup {
  const names = [...new Set(evaluations.flatMap((e) => e.classes.map(({ name }) => name)))].sort();
  return scrolling(
    'Defect classes',
    html`<table class="classes">
<caption>Share of each defect class that was found at the threshold, with its interval, and the AUC-ROC of that class against all good images.</caption>
<thead><tr><th scope="col">Defect class</th><th scope="col">Images</th>${evaluations.map(({ detector }) => html`<th scope="col">Recall, ${detector}</th><th scope="col">AUC-ROC, ${detector}</th>`)}</tr></thead>
<tbody>${names.map((name) => {
      const each = evaluations.map((e) => e.classes.find((c) => c.name === name));
      return html`<tr><th scope="row">${name}</th><td>${each.find((c) => c !== undefined)!.count}</td>${each.map((c) =>
        c === undefined ? html`<td></td><td></td>` : html`${proportionCell(c.recall)}${rateCell(c.auroc, null)}`,
      )}</tr>`;
    })}</tbody>
</table>`,
  );
}

export function timeTable(detectors: readonly DetectorReport[]): Markup {
  const time = (seconds: number | null) => (seconds === null ? 'not measured' : duration(seconds));
  return scrolling(
    'Times',
    html`<table class="times">
<caption>Wall-clock time on the machine named below. Inspection runs from pixels to decision, one image at a time.</caption>
<thead><tr><th scope="col">Detector</th><th scope="col">Training</th><th scope="col">Inspection of one image</th></tr></thead>
<tbody>${detectors.map(
      (d) =>
        html`<tr><th scope="row">${d.evaluation.detector}</th><td>${time(d.trainingSeconds)}</td><td>${time(d.inspectionMilliseconds === null ? null : d.inspectionMilliseconds / 1000)}</td></tr>`,
    )}</tbody>
</table>`,
  );
}

export function provenanceTable({ versions, hashes }: Pick<ReportInput, 'versions' | 'hashes'>): Markup {
  const rows = (entries: ReportInput['hashes'], mono: boolean) =>
    entries.map(
      ({ name, value }) => html`<tr><th scope="row">${name}</th><td${mono && html` class="mono"`}>${value}</td></tr>`,
    );
  return html`<table class="provenance compact">
<caption>Versions, and SHA-256 of what went in and came out.</caption>
<tbody>${rows(versions, false)}${rows(hashes, true)}</tbody>
</table>`;
}

/** Every leaf of the settings by its path, such as 'flow.canvas.height'. */
function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value) ?? '']];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

export function settingsTable(settings: Readonly<Record<string, unknown>>): Markup {
  return html`<table class="provenance settings compact">
<caption>What determines the numbers, as it was set.</caption>
<tbody>${leaves(settings, '').map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="mono">${value}</td></tr>`)}</tbody>
</table>`;
}
