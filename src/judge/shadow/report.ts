/** What a shadow would have changed, as a page: the table, what it proves, the parts to look at, people's verdicts, time, what was not judged. */
import { rateText } from '../acceptance/words.ts';
import type { Decision } from '../decision.ts';
import { counted, duration } from '../report/format.ts';
import { html, type Markup } from '../report/html.ts';
import { care, notes, renderPage, section } from '../report/page.ts';
import { provenanceTable, scrolling } from '../report/tables.ts';
import { decisions, type ShadowComparison } from './comparison.ts';

interface Judged {
  readonly decision: Decision;
  readonly score: number;
}

interface ChangedPart {
  readonly inspection: string;
  readonly part: string | null;
  readonly createdAt: string;
  readonly imageStored: boolean;
  readonly label: 'good' | 'defective' | null;
  readonly deciding: Judged;
  readonly shadow: Judged;
}

export interface ShadowReportInput {
  readonly title: string;
  readonly subject: string;
  /** ISO 8601. */
  readonly created: string;
  readonly deciding: string;
  readonly shadow: string;
  /** Why it failed; null where it did not. */
  readonly problem: string | null;
  readonly comparison: ShadowComparison;
  readonly proof: readonly string[];
  readonly millis: { readonly mean: number | null; readonly most: number | null };
  /** Parts that were not judged, by reason. */
  readonly notJudged: readonly { readonly reason: string; readonly count: number }[];
  /** The first of them; `comparison.changed` says how many there are. */
  readonly changes: readonly ChangedPart[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

function crossTable({ comparison: { table, changedOf, changed }, deciding, shadow }: ShadowReportInput): Markup {
  return scrolling(
    'Decisions',
    html`<table class="confusion"><caption>Rows: decided by ${deciding}. Columns: by ${shadow}, the shadow. Shaded cells are decided alike. Intervals of 95 %, Clopper and Pearson.</caption>
<thead><tr><td></td>${decisions.map((one) => html`<th scope="col">${one}</th>`)}<th scope="col">Decided otherwise</th></tr></thead>
<tbody>${decisions.map((row) => html`<tr><th scope="row">${row}</th>${decisions.map((one) => html`<td${row === one && html` class="right"`}>${table[row][one]}</td>`)}<td>${rateText(changedOf[row])}</td></tr>`)}
<tr><th scope="row">all</th>${decisions.map((one) => html`<td>${decisions.reduce((sum, row) => sum + table[row][one], 0)}</td>`)}<td>${rateText(changed)}</td></tr></tbody></table>`,
  );
}

function verdictTable({
  comparison: { verdicts, stricterRight, milderRight },
  deciding,
  shadow,
}: ShadowReportInput): Markup {
  const rows = [
    [`Missed by ${deciding}`, 'defective parts that are OK', verdicts.deciding.missed],
    [`Missed by ${shadow}`, 'defective parts that are OK', verdicts.shadow.missed],
    [`False alarms of ${deciding}`, 'good parts that are NG', verdicts.deciding.falseAlarms],
    [`False alarms of ${shadow}`, 'good parts that are NG', verdicts.shadow.falseAlarms],
    ['Stricter rightly', 'parts toward NG that are defective', stricterRight],
    ['Milder rightly', 'parts toward OK that are good', milderRight],
  ] as const;
  return scrolling(
    'Verdicts',
    html`<table><caption>Of the parts on which a person gave a verdict.</caption>
<thead><tr><th scope="col">Rate</th><th scope="col">Measured</th></tr></thead>
<tbody>${rows.map(([name, means, rate]) => html`<tr><th scope="row">${name}<small>${means}</small></th><td>${rateText(rate)}</td></tr>`)}</tbody></table>`,
  );
}

/** Links lead to the page of the station that the report came from. */
function changeTable({ changes, comparison: { changed } }: ShadowReportInput): Markup {
  if (changes.length === 0) return html`<p>None.</p>`;
  return html`${scrolling(
    'Parts decided otherwise',
    html`<table class="compact"><thead><tr><th scope="col">Part</th><th scope="col">Time</th><th scope="col">Decided</th><th scope="col">Shadow</th><th scope="col">Verdict</th><th scope="col">Picture</th></tr></thead>
<tbody>${changes.map(({ inspection, part, createdAt, imageStored, label, deciding, shadow }) => {
      const record = `/#/records/${encodeURIComponent(inspection)}`;
      const judged = (one: Judged) => html`<td>${one.decision} <small>${one.score.toPrecision(4)}</small></td>`;
      return html`<tr><th scope="row"><a href="${record}">${part ?? inspection}</a></th><td>${createdAt.slice(0, 19).replace('T', ' ')}</td>${judged(deciding)}${judged(shadow)}<td>${label ?? 'none'}</td><td>${imageStored ? html`<a href="${record}">kept</a>` : 'not kept'}</td></tr>`;
    })}</tbody></table>`,
  )}${changes.length < changed.count && html`<p>${changes.length} of ${changed.count} are listed.</p>`}`;
}

/** The page as HTML text. Deterministic. Throws OPTION_INVALID when the date is none. */
export function renderShadow(input: ShadowReportInput): string {
  const { title, subject, created, problem, comparison, proof, millis, notJudged, facts } = input;
  const { table, changed, stricter, milder } = comparison;
  const passed = table.NG.OK;
  const all = notJudged.reduce((sum, { count }) => sum + count, 0);
  const cautions = [
    ...(problem === null ? [] : [`The shadow failed: ${problem}`]),
    ...(passed > 0
      ? [
          `${counted(passed, 'part')} that ${passed === 1 ? 'is' : 'are'} NG would have passed: look at ${passed === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(all > 0
      ? [
          `${counted(all, 'part')} ${all === 1 ? 'was' : 'were'} not judged by the shadow and ${all === 1 ? 'is' : 'are'} in no rate.`,
        ]
      : []),
  ];
  return renderPage({
    title,
    subject,
    created,
    sections: html`${section('result', 'What it would have changed', html`<p><b>${counted(changed.count, 'part')}</b> of ${changed.total} judged by both: ${stricter.count} more strictly, ${milder.count} more mildly. The shadow decided nothing.</p>${care(cautions)}${crossTable(input)}<p>Counted are inspections whose records are still kept; each view of a part is one.</p>`)}
${section('proof', 'What so many parts prove', notes('In words', proof))}
${section('changes', 'Decided otherwise', changeTable(input))}
${section('verdicts', 'By people’s verdicts', verdictTable(input))}
${section(
  'not-judged',
  'Not judged by the shadow',
  all === 0
    ? html`<p>None.</p>`
    : html`<table><thead><tr><th scope="col">Why</th><th scope="col">Parts</th></tr></thead><tbody>${notJudged.filter(({ count }) => count > 0).map(({ reason, count }) => html`<tr><th scope="row">${reason}</th><td>${count}</td></tr>`)}</tbody></table>`,
)}
${section('time', 'Time', html`<p>${millis.mean === null || millis.most === null ? 'Nothing was timed.' : `The shadow took ${duration(millis.mean / 1000)} a part in the mean, ${duration(millis.most / 1000)} at most, beside the line and at the lowest priority: as the recipe that decides it may be faster.`}</p>`)}
${section('provenance', 'Provenance', provenanceTable({ versions: facts, hashes: [] }))}`,
  });
}
