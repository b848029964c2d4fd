/** Inspections looked for, as queries that both databases understand. */
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { InspectionPage } from '../contract/inspections.ts';
import { type InspectionSelection, inspectionOf, selectInspections } from './inspection-rows.ts';
import type { InspectionSearch } from './records.ts';
import { column, isText, planSearch, type SearchPlan, scoreFits, textFits } from './search-plan.ts';
import type { Tables } from './tables.ts';

/** Records of a page, unless another number is asked for. */
export const PAGE = 50;

/** Of the verdict; a part that waits for one is known by its own row. */
function byVerdict(
  found: InspectionSelection,
  { feedback, decision }: InspectionSearch,
  { driver }: SearchPlan,
): InspectionSelection {
  if (feedback === undefined) return found;
  const given = driver === 'feedback' ? 'given' : 'feedback';
  if (feedback === 'any') return found.where(sql<SqlBool>`${sql.ref(`${given}.inspection`)} is not null`);
  if (feedback !== 'none') return found.where(sql<SqlBool>`${sql.ref(`${given}.verdict`)} = ${feedback}`);
  if (decision === 'NG' || decision === 'REVIEW') return found.where('awaitsReview', '=', sql.lit(1));
  return found.where(
    sql<SqlBool>`not exists (select 1 from feedback as given where given.inspection = inspections.id)`,
  );
}

function filtered(db: Kysely<Tables>, query: InspectionSearch, plan: SearchPlan): InspectionSelection {
  const { decision, part, lot, product, recipe, from, to, minScore, maxScore } = query;
  const { driver, byTime, before } = plan;
  const free = driver === null;
  // those that wait for a verdict are fewer than those of a decision
  const isPlain = free && query.feedback !== 'none';
  const plain = (name: 'decision' | 'recipe') => column('inspections', name, isPlain);
  const range = (name: 'part' | 'lot') => column('inspections', name, driver === name);
  const time = column('inspections', 'createdAt', free, 'number');
  let found = driver === 'feedback' ? selectReviewed(db) : selectInspections(db);
  if (decision !== undefined) found = found.where(plain('decision'), '=', decision);
  if (part !== undefined) found = found.where(textFits(range('part'), part));
  if (lot !== undefined) found = found.where(textFits(range('lot'), lot));
  if (product !== undefined)
    found = found.where(isText(column('inspections', 'product', isPlain || driver === 'product'), product));
  if (recipe !== undefined) found = found.where(plain('recipe'), '=', recipe);
  if (from !== undefined) found = found.where(time, '>=', Date.parse(from));
  if (to !== undefined) found = found.where(time, '<', Date.parse(to));
  if (minScore !== undefined || maxScore !== undefined)
    found = found.where(scoreFits(column('inspections', 'score', driver === 'score', 'number'), query));
  if (before && byTime)
    found = found.where(
      sql<SqlBool>`(${time} < ${before.at} or (${time} = ${before.at} and inspections.id < ${before.id}))`,
    );
  else if (before) found = found.where('inspections.id', '<', before.id);
  return byVerdict(found, query, plan);
}

/** From the verdicts on. */
function selectReviewed(db: Kysely<Tables>): InspectionSelection {
  const found = selectInspections(db).innerJoin('feedback as given', 'given.inspection', 'inspections.id');
  return found as unknown as InspectionSelection;
}

function inOrder(found: InspectionSelection, { driver, sorts, byTime }: SearchPlan): InspectionSelection {
  const id = driver === 'feedback' ? sql.ref('given.inspection') : column('inspections', 'id', !sorts);
  if (!byTime) return found.orderBy(id, 'desc');
  return found.orderBy(column('inspections', 'createdAt', !sorts, 'number'), 'desc').orderBy(id, 'desc');
}

export async function findInspections(db: Kysely<Tables>, query: InspectionSearch): Promise<InspectionPage> {
  const limit = query.limit ?? PAGE;
  const plan = await planSearch(db, 'inspections', query);
  const rows = await inOrder(filtered(db, query, plan), plan)
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  return { inspections: page.map(inspectionOf), next: rows.length > limit ? page[page.length - 1]!.id : null };
}
