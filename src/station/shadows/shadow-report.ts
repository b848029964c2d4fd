/** What a shadow found, as the service answers it and as a page. */
import { felfriVersion } from '../../core/version.ts';
import { compareShadow } from '../../judge/shadow/comparison.ts';
import { renderShadow } from '../../judge/shadow/report.ts';
import { shadowProof } from '../../judge/shadow/words.ts';
import type { Shadow, ShadowFault, ShadowReport } from '../contract/shadows.ts';
import { labelOfVerdict } from '../inspections/verdict.ts';
import type { ShadowRecords, StoredShadow } from '../records/shadows.ts';

/** Most parts that are listed. */
const LISTED = 500;

/** Why a part was not judged, for people. */
const faultWords: Readonly<Record<ShadowFault, string>> = {
  overload: 'The line left no time: more images waited than may.',
  memory: 'Pictures of the line needed the memory.',
  'too large': 'Its picture is larger than what may wait.',
  failed: 'The shadow could not judge its picture.',
  ended: 'It waited when the shadow ended.',
  gone: 'The station was stopped or killed before, and its picture was gone.',
};

const faults = Object.keys(faultWords) as ShadowFault[];

/** `names`: of recipes, by their ids. */
export function toldShadow(
  stored: StoredShadow,
  { state, problem }: Pick<StoredShadow, 'state' | 'problem'>,
  names: ReadonlyMap<string, string>,
  counts: Pick<Shadow, 'judged' | 'waiting'>,
): Shadow {
  const { recipe, revision, threshold, review, deciding, lastId: _, ...rest } = stored;
  const nameOf = (id: string): string => names.get(id) ?? id;
  return {
    ...rest,
    state,
    problem,
    recipe: { id: recipe, name: nameOf(recipe), revision, threshold, review },
    deciding: { id: deciding, name: nameOf(deciding) },
    ...counts,
  };
}

/** `lastId`: of a shadow that runs, the last inspection that it knows; `shadow` is of the same moment. */
export async function shadowReport(
  records: ShadowRecords,
  stored: StoredShadow,
  shadow: Shadow,
): Promise<ShadowReport> {
  const { counts, millis, faults: known, inspections } = await records.found(stored);
  const cells = counts.map(({ verdict, ...cell }) => ({
    ...cell,
    label: verdict && labelOfVerdict(cell.deciding, verdict),
  }));
  const comparison = compareShadow(cells);
  const told = Object.fromEntries(faults.map((fault) => [fault, known[fault] ?? 0])) as Record<ShadowFault, number>;
  const seen = comparison.changed.total + faults.reduce((sum, fault) => sum + told[fault], 0) + shadow.waiting;
  const changes = (await records.changes(stored.id, LISTED)).map(({ verdict, ...change }) => ({
    ...change,
    label: verdict && labelOfVerdict(change.deciding.decision, verdict),
  }));
  return {
    shadow,
    ...comparison,
    millis,
    // what is on record and is in no other count
    notJudged: { ...told, gone: Math.max(0, inspections - seen) },
    proof: shadowProof(comparison),
    changes,
  };
}

export function shadowPage(
  { shadow, millis, notJudged, proof, changes, ...comparison }: ShadowReport,
  now: Date,
): string {
  const { recipe, deciding, state, startedAt, startedBy, endsAt, mostParts, endedAt, problem, waiting } = shadow;
  return renderShadow({
    title: `Shadow: “${recipe.name}” beside “${deciding.name}”`,
    subject: `${state === 'running' ? 'Still running' : `Ended (${state})`}`,
    created: now.toISOString(),
    deciding: deciding.name,
    shadow: recipe.name,
    problem,
    comparison,
    proof,
    millis,
    notJudged: [
      ...faults.map((fault) => ({ reason: faultWords[fault], count: notJudged[fault] })),
      { reason: 'It waits for the shadow now.', count: waiting },
    ],
    changes,
    facts: [
      { name: 'felfri', value: felfriVersion },
      { name: 'shadow', value: shadow.id },
      { name: 'decides', value: `${deciding.name} (${deciding.id})` },
      { name: 'judges as shadow', value: `${recipe.name} (${recipe.id}), revision ${recipe.revision}` },
      {
        name: 'its thresholds',
        value: `NG from ${recipe.threshold ?? 'no score'}, REVIEW from ${recipe.review ?? 'none'}`,
      },
      { name: 'started', value: `${startedAt}${startedBy ? ` by ${startedBy}` : ''}` },
      {
        name: 'to end',
        value:
          [endsAt, mostParts === null ? null : `after ${mostParts} parts`].filter(Boolean).join(', ') ||
          'when it is stopped',
      },
      { name: 'ended', value: endedAt ?? 'not yet' },
    ],
  });
}
