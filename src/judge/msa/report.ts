/** A study of agreement as a page. */
import { counted, interval, proportionCell } from '../report/format.ts';
import { html, type Markup } from '../report/html.ts';
import { care, notes, renderPage, section } from '../report/page.ts';
import { provenanceTable, scrolling } from '../report/tables.ts';
import type { AgreementStudy, AppraiserAgreement } from './agreement.ts';
import { cautionsOf, proofsOf } from './cautions.ts';
import type { Kappa } from './kappa.ts';
import { gradeOf, type Limited } from './limits.ts';
import { limitsText } from './text.ts';

export interface AgreementReportInput {
  readonly title: string;
  /** What was studied, such as the name of the part. */
  readonly subject: string;
  /** ISO 8601. */
  readonly created: string;
  readonly study: AgreementStudy;
  /** Files that went in, with their SHA-256. */
  readonly files: readonly { readonly name: string; readonly value: string }[];
  readonly versions: readonly { readonly name: string; readonly value: string }[];
}

function kappaCell(kappa: Kappa | null): Markup {
  if (kappa === null) return html`<td class="figure"><span class="muted">one word alone</span></td>`;
  const range = interval(kappa.interval);
  return html`<td class="figure"><b>${kappa.value.toFixed(3)}</b><small>${range ?? 'no disagreement seen'}</small></td>`;
}

const grade = (what: Limited, value: number | null): Markup => html`<td>${gradeOf(what, value)}</td>`;

function withinTable(appraisers: readonly AppraiserAgreement[]): Markup {
  return scrolling(
    'Within appraisers',
    html`<table><caption>A part counts where all its trials say the same. Kappa is Fleiss' of the trials.</caption>
<thead><tr><th scope="col">Appraiser</th><th scope="col">Agrees with itself</th><th scope="col">Kappa</th></tr></thead>
<tbody>${appraisers.map(({ name, within }) => within && html`<tr><th scope="row">${name}<small>${within.agreed.count} of ${counted(within.agreed.total, 'part')}</small></th>${proportionCell(within.agreed)}${kappaCell(within.kappa)}</tr>`)}</tbody></table>`,
  );
}

function againstTable(appraisers: readonly AppraiserAgreement[]): Markup {
  return scrolling(
    'Against the reference',
    html`<table><caption>Effectiveness: parts that every trial decides rightly. Miss and false alarm rate: of all decisions on defective and on good parts; parts of which any trial was wrong stand beside them. ${limitsText()}</caption>
<thead><tr><th scope="col">Appraiser</th><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">Counts</th><th scope="col">By the limits in use</th></tr></thead>
<tbody>${appraisers.map(({ name, against }) => {
      if (!against) return null;
      const rows = [
        ['effectiveness', 'Effectiveness', against.effectiveness],
        ['miss', 'Miss rate', against.miss.decisions],
        ['falseAlarm', 'False alarm rate', against.falseAlarm.decisions],
      ] as const;
      const parts = [
        ['Defective parts ever missed', against.miss.parts],
        ['Good parts ever kept out', against.falseAlarm.parts],
        ...(against.limitSamples ? [['Limit samples decided rightly', against.limitSamples] as const] : []),
      ] as const;
      return html`${rows.map(([what, label, figure]) => html`<tr><th scope="row">${name}</th><td>${label}</td>${proportionCell(figure)}<td>${figure.count} of ${figure.total}</td>${grade(what, figure.value)}</tr>`)}
${parts.map(([label, figure]) => html`<tr><th scope="row">${name}</th><td>${label}</td>${proportionCell(figure)}<td>${figure.count} of ${figure.total}</td><td></td></tr>`)}
<tr><th scope="row">${name}</th><td>Kappa against the reference</td>${kappaCell(against.kappa)}<td></td><td></td></tr>`;
    })}</tbody></table>`,
  );
}

function betweenTable({ between, allAgainstReference }: AgreementStudy): Markup {
  if (!between) return html`<p>There is one appraiser.</p>`;
  return scrolling(
    'Between appraisers',
    html`<table><caption>Kappa of two is Cohen's, of all together Fleiss'.</caption>
<thead><tr><th scope="col">Who</th><th scope="col">Agree</th><th scope="col">Kappa</th></tr></thead>
<tbody><tr><th scope="row">All<small>in all trials</small></th>${proportionCell(between.agreed)}${kappaCell(between.kappa)}</tr>
${between.pairs.map(({ one, other, kappa }) => html`<tr><th scope="row">${one} and ${other}</th><td></td>${kappaCell(kappa)}</tr>`)}
${allAgainstReference && html`<tr><th scope="row">All are right<small>in all trials</small></th>${proportionCell(allAgainstReference)}<td></td></tr>`}</tbody></table>`,
  );
}

function wrongParts({ name, against }: AppraiserAgreement): string[] {
  const list = (parts: readonly string[], what: string): string[] =>
    parts.length === 0
      ? []
      : [
          `${name} ${what} ${parts.slice(0, 20).join(', ')}${parts.length > 20 ? ` and ${parts.length - 20} more` : ''}.`,
        ];
  return against ? [...list(against.missed, 'missed'), ...list(against.keptOut, 'kept out')] : [];
}

/** The page as HTML text. Deterministic. Throws OPTION_INVALID when the date is none. */
export function renderAgreement({ title, subject, created, study, files, versions }: AgreementReportInput): string {
  const { parts, trials, appraisers, references, confidence } = study;
  const proofs = appraisers.flatMap((appraiser) => {
    const proof = proofsOf(appraiser, confidence);
    return proof ? [`${appraiser.name}: ${proof.miss.text}`, `${appraiser.name}: ${proof.falseAlarm.text}`] : [];
  });
  const kinds = references ? `, ${references.good} good and ${references.defective} defective` : '';
  const made = [
    `${counted(parts, 'part')}${kinds}; ${counted(appraisers.length, 'appraiser')}; each part presented ${counted(trials, 'time')}.`,
    `Intervals of ${confidence * 100} %: Clopper-Pearson of shares; of kappa linearised by part.`,
    'Each presentation to felfri is another picture: files of equal bytes or pixels are refused.',
  ];
  const wrong = appraisers.flatMap(wrongParts);
  return renderPage({
    title,
    subject,
    created,
    sections: html`${section('proof', 'What the study proves', html`${care(cautionsOf(study))}<ul>${proofs.map((line) => html`<li>${line}</li>`)}</ul>`)}
${references && section('against', 'Against the reference', html`${againstTable(appraisers)}${wrong.length > 0 && notes('Wrong in any trial', wrong)}`)}
${trials > 1 && section('within', 'Within appraisers', withinTable(appraisers))}
${section('between', 'Between appraisers', betweenTable(study))}
${section('made', 'How it was made', notes('Study', made))}
${section('provenance', 'Provenance', provenanceTable({ versions, hashes: files }))}`,
  });
}
