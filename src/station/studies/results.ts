/** What a study found: its answers as appraisals, as a table, and as the report of `felfri msa`. */
import { csvLine, withoutFormula } from '../../core/csv.ts';
import { FelfriError } from '../../core/errors.ts';
import { felfriVersion } from '../../core/version.ts';
import type { Appraisal, Appraisals } from '../../data/appraisals/appraisal.ts';
import { type AgreementStudy, attributeAgreement } from '../../judge/msa/agreement.ts';
import { cautionsOf, proofsOf } from '../../judge/msa/cautions.ts';
import { renderAgreement } from '../../judge/msa/report.ts';
import { pictureOf } from './asked.ts';
import type { StoredAnswers, StoredStudy } from './stored.ts';
import type { StudyFolder } from './study-folder.ts';

export const answersOf = ({ trials, parts }: StoredStudy): number => trials * parts.length;
export const isFinished = (study: StoredStudy, { answers }: StoredAnswers): boolean =>
  answers.length === answersOf(study);

interface Row {
  readonly appraiser: string;
  readonly part: string;
  readonly said: string;
  readonly trial: number;
  readonly position: number | null;
  readonly at: string | null;
  readonly seconds: number | null;
  readonly picture: string;
}

function felfriRows({ felfri, parts, trials }: StoredStudy): Row[] {
  if (!felfri) return [];
  const each = Array.from({ length: trials }, (_, i) => i);
  return each.flatMap((trial) =>
    parts.map((part, i) => ({
      appraiser: felfri.appraiser,
      part: part.part,
      said: felfri.decisions[i]![trial]!.decision,
      trial: trial + 1,
      position: null,
      at: null,
      seconds: null,
      picture: pictureOf(part, trial + 1),
    })),
  );
}

const personRows = ({ appraiser, answers }: StoredAnswers): Row[] =>
  answers.map(({ answer, ...one }) => ({ ...one, appraiser, said: answer }));

const yesNo = (limit: boolean | null): string => (limit === null ? '' : limit ? 'yes' : 'no');

/** Every answer, also of those that have not finished, and felfri's; `felfri msa` reads it as it is. */
export function tableOf({ stored, sheets }: StudyFolder): string {
  const references = new Map(stored.parts.map((part) => [part.part, part]));
  const head = ['part', 'appraiser', 'decision', 'reference', 'limit', 'trial', 'place', 'at', 'seconds', 'picture'];
  const rows = [...sheets.flatMap(personRows), ...felfriRows(stored)].map((row) => {
    const { reference, limit } = references.get(row.part)!;
    const { part, appraiser, said, trial, position, at, seconds, picture } = row;
    const texts = [part, appraiser, said, reference, yesNo(limit)].map(withoutFormula);
    return csvLine([...texts, trial, position, at, seconds, picture]);
  });
  return `${[csvLine(head), ...rows].join('\r\n')}\r\n`;
}

function appraisalOf({ part, appraiser, said }: Row): Appraisal {
  return { part, appraiser, passed: said === 'good' || said === 'OK', said };
}

/** What a reader must know beside the figures. */
function notesOf({ stored, sheets }: StudyFolder): string[] {
  const { parts, trials, felfriWhy } = stored;
  const unfinished = sheets.filter((sheet) => !isFinished(stored, sheet)).map(({ appraiser }) => appraiser);
  const knowing = sheets.filter((sheet) => isFinished(stored, sheet) && sheet.role !== 'operator');
  const few = parts.filter(({ pictures }) => pictures.length < trials).length;
  return [
    'People saw pictures, not the parts themselves, one by one, each in a random order of their own per trial.',
    ...(unfinished.length > 0 ? [`Not finished, and left out: ${unfinished.join(', ')}.`] : []),
    ...(felfriWhy === null ? [] : [`felfri is no appraiser here: ${felfriWhy}.`]),
    ...(few > 0 ? [`Of ${few} parts one picture came in more than one trial. A person may know it again.`] : []),
    ...knowing.map(
      ({ appraiser, role }) => `${appraiser} has the role ${role}, and could have read what the parts are.`,
    ),
  ];
}

/** Null where nobody has finished. */
function agreementOf(study: StudyFolder): AgreementStudy | null {
  const { stored, sheets } = study;
  const finished = sheets.filter((sheet) => isFinished(stored, sheet));
  if (finished.length === 0) return null;
  const appraisals: Appraisals = {
    appraisals: [...finished.flatMap(personRows), ...felfriRows(stored)].map(appraisalOf),
    references: stored.parts.map(({ part, reference, limit }) => ({
      part,
      good: reference === 'good',
      className: reference,
      limit,
    })),
    notes: notesOf(study),
  };
  return attributeAgreement(appraisals);
}

/** As `felfri msa --json` prints it; null where nobody has finished. */
export function agreementJson(study: StudyFolder) {
  const agreement = agreementOf(study);
  if (!agreement) return null;
  const proofs = agreement.appraisers.map((one) => ({ appraiser: one.name, ...proofsOf(one, agreement.confidence) }));
  return { ...agreement, proofs, cautions: cautionsOf(agreement) };
}

/** The report as HTML. Throws CONFLICT where nobody has finished. */
export function reportOf(study: StudyFolder): string {
  const { stored, sheets, hash, hashes } = study;
  const agreement = agreementOf(study);
  if (!agreement)
    throw new FelfriError('CONFLICT', `nobody has finished the study ${stored.id}; its table has what was said so far`, { subject: stored.id }); // biome-ignore format: one line
  const last = sheets.flatMap(({ answers }) => answers.map(({ at }) => at)).sort().at(-1)!; // biome-ignore format: one line
  const { dataSet, seed } = stored;
  return renderAgreement({
    title: `Attribute agreement: ${stored.name}`,
    subject: `${dataSet.name}, version ${dataSet.version}`,
    created: stored.closedAt ?? last,
    study: agreement,
    files: [
      { name: 'Data set', value: dataSet.hash },
      { name: 'study.json', value: hash },
      ...Object.entries(hashes).map(([name, value]) => ({ name: `Answers of ${name}`, value })),
    ],
    versions: [
      { name: 'felfri', value: felfriVersion },
      { name: 'Seed of the orders', value: String(seed) },
    ],
  });
}
