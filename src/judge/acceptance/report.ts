/** An acceptance as a page to be signed: result, figures, what they prove, conditions, provenance, lines for both sides. */
import { counted } from '../report/format.ts';
import { html, type Markup } from '../report/html.ts';
import { care, notes, renderPage, section } from '../report/page.ts';
import { provenanceTable, scrolling } from '../report/tables.ts';
import type { Acceptance, AcceptedRate } from './acceptance.ts';
import { type Conditions, conditionNames, conditionTitles } from './conditions.ts';
import { acceptanceCautions, findingWords, neededText, rateText } from './words.ts';

export interface AcceptanceReportInput {
  readonly title: string;
  readonly subject: string;
  /** ISO 8601. */
  readonly created: string;
  readonly acceptance: Acceptance;
  readonly conditions: Conditions;
  /** What was accepted, such as the hash of the bundle and its threshold. */
  readonly inspected: readonly { readonly name: string; readonly value: string }[];
  /** Files that went in, with their SHA-256. */
  readonly files: readonly { readonly name: string; readonly value: string }[];
  readonly versions: readonly { readonly name: string; readonly value: string }[];
}

const percent = (value: number): string => `${Number((value * 100).toPrecision(6))} %`;

function limitsTable({ slip, pseudoReject, confidence }: Acceptance): Markup {
  const row = (name: string, means: string, { rate, limit, finding, proof }: AcceptedRate): Markup =>
    html`<tr><th scope="row">${name}<small>${means}</small></th><td>${rateText(rate)}</td><td>${percent(limit)}</td><td>${rate.total === 0 ? 'unknown' : percent(proof.atMost)}</td><td><b>${findingWords[finding].limit}</b></td></tr>`;
  return scrolling(
    'Limits',
    html`<table><caption>A part counts once: wrong if any presentation of it was. Interval: ${percent(confidence)}, Clopper and Pearson. "At most" is one-sided, with ${percent(confidence)} confidence.</caption>
<thead><tr><th scope="col">Rate</th><th scope="col">Measured</th><th scope="col">Limit</th><th scope="col">At most</th><th scope="col">Limit is</th></tr></thead>
<tbody>${row('Slip', 'defective parts that passed', slip)}${row('Pseudo-reject', 'good parts that were kept out', pseudoReject)}</tbody></table>`,
  );
}

function classTable({ classes, limitSamples }: Acceptance): Markup {
  const rows = [
    ...classes.map(({ name, right }) => [name, right] as const),
    ...(limitSamples
      ? ([
          ['limit samples', limitSamples.right],
          ['all but limit samples', limitSamples.others],
        ] as const)
      : []),
  ];
  return scrolling(
    'Classification rates',
    html`<table><caption>Parts that every presentation decided rightly, by what they are.</caption>
<thead><tr><th scope="col">Parts</th><th scope="col">Decided rightly</th></tr></thead>
<tbody>${rows.map(([name, right]) => html`<tr><th scope="row">${name}</th><td>${rateText(right)}</td></tr>`)}</tbody></table>`,
  );
}

/** What nobody said has room to be written by hand. */
function conditionTable(conditions: Conditions): Markup {
  return scrolling(
    'Conditions',
    html`<table><tbody>${conditionNames.map((name) => html`<tr><th scope="row">${conditionTitles[name]}</th><td>${conditions[name] ?? html`<span class="muted">not stated</span> ______________________________`}</td></tr>`)}</tbody></table>`,
  );
}

function signatureTable(): Markup {
  const line = '______________________________';
  return html`<table><thead><tr><th scope="col">For</th><th scope="col">Name</th><th scope="col">Place and date</th><th scope="col">Signature</th></tr></thead>
<tbody>${['the supplier', 'the customer'].map((who) => html`<tr><th scope="row">${who}</th><td>${line}</td><td>${line}</td><td>${line}</td></tr>`)}</tbody></table>
<p>Accepted ☐ &nbsp; accepted with conditions ☐ &nbsp; not accepted ☐</p><p>Conditions: ${line}${line}</p>`;
}

const wrongLine = (what: string, { wrong }: AcceptedRate): string[] =>
  wrong.length === 0 ? [] : [`${what}: ${wrong.join(', ')}.`];

/** The page as HTML text. Deterministic. Throws OPTION_INVALID when the date is none. */
export function renderAcceptance({
  title,
  subject,
  created,
  acceptance,
  conditions,
  inspected,
  files,
  versions,
}: AcceptanceReportInput): string {
  const { slip, pseudoReject, parts, presentations, finding, confidence } = acceptance;
  const proved = [
    slip.proof.text,
    pseudoReject.proof.text,
    neededText('defective part', slip, confidence),
    neededText('good part', pseudoReject, confidence),
  ];
  const wrong = [...wrongLine('Slip', slip), ...wrongLine('Pseudo-reject', pseudoReject)];
  return renderPage({
    title,
    subject,
    created,
    sections: html`${section('result', 'Result', html`<p><b>${findingWords[finding].test}</b> ${counted(parts, 'part')}, ${counted(presentations, 'presentation')}.</p>${care(acceptanceCautions(acceptance))}${limitsTable(acceptance)}`)}
${section('proof', 'What so many parts prove', notes('In words', proved))}
${section('classes', 'Classification rates', html`${classTable(acceptance)}${wrong.length > 0 && notes('Parts that were wrong', wrong)}`)}
${section('conditions', 'Conditions', conditionTable(conditions))}
${section(
  'inspected',
  'What was accepted',
  html`<table><tbody>${inspected.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>
<p>Another model, threshold, camera or light is another inspection, and needs another acceptance. It is no safety function.</p>`,
)}
${section('provenance', 'Provenance', provenanceTable({ versions, hashes: files }))}
${section('signatures', 'Signatures', signatureTable())}`,
  });
}
