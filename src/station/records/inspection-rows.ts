/** Inspections and their feedback, as queries that both databases understand. */
import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Inspection, InspectionPage, ReviewQueue } from '../contract/inspections.ts';
import type { InspectionSearch, JudgedInspection, NewInspection } from './records.ts';
import type { Tables } from './tables.ts';

/** Records of a page, unless another number is asked for. */
export const PAGE = 50;

const columns = [
  'inspections.id',
  'resultId',
  'part',
  'lot',
  'recipe',
  'revision',
  'decision',
  'reason',
  'score',
  'threshold',
  'review',
  'millis',
  'imageHash',
  'imageStored',
  'width',
  'height',
  'inspections.createdAt',
  'verdict',
  'givenBy',
  'note',
  'feedback.createdAt as feedbackAt',
] as const;

function selectInspections(db: Kysely<Tables>) {
  return db
    .selectFrom('inspections')
    .leftJoin('feedback', 'feedback.inspection', 'inspections.id')
    .select([...columns]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectInspections>['execute']>>[number];

function inspectionOf({ verdict, givenBy, note, feedbackAt, imageStored, createdAt, ...row }: Row): Inspection {
  return {
    ...row,
    imageStored: imageStored === 1,
    createdAt: new Date(createdAt).toISOString(),
    feedback:
      verdict === null || feedbackAt === null
        ? null
        : { verdict, by: givenBy, note, createdAt: new Date(feedbackAt).toISOString() },
  };
}

/** True when it was added; false when its resultId was there. */
export async function insertInspection(db: Kysely<Tables>, inspection: NewInspection): Promise<boolean> {
  const added = await db
    .insertInto('inspections')
    .values({
      ...inspection,
      imageStored: inspection.imageStored ? 1 : 0,
      createdAt: Date.parse(inspection.createdAt),
    })
    .onConflict((c) => c.column('resultId').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function findInspection(
  db: Kysely<Tables>,
  by: 'inspections.id' | 'inspections.resultId',
  value: string,
): Promise<Inspection | undefined> {
  const row = await selectInspections(db).where(by, '=', value).executeTakeFirst();
  return row && inspectionOf(row);
}

/** Exact, or by its beginning where the text ends with `*`. */
export function textFits(eb: ExpressionBuilder<Tables, 'inspections'>, column: 'part' | 'lot', text: string) {
  if (!text.endsWith('*')) return eb(column, '=', text);
  const beginning = text.slice(0, -1).replace(/[\\%_]/g, '\\$&');
  return sql<boolean>`${sql.ref(column)} like ${`${beginning}%`} escape '\\'`;
}

type Selection = SelectQueryBuilder<Tables & { feedback: Tables['feedback'] | null }, 'inspections' | 'feedback', Row>;

function filtered(db: Kysely<Tables>, query: InspectionSearch): Selection {
  const { decision, part, lot, recipe, from, to, minScore, maxScore, feedback, before } = query;
  let found = selectInspections(db) as unknown as Selection;
  if (decision !== undefined) found = found.where('decision', '=', decision);
  if (part !== undefined) found = found.where((eb) => textFits(eb as never, 'part', part));
  if (lot !== undefined) found = found.where((eb) => textFits(eb as never, 'lot', lot));
  if (recipe !== undefined) found = found.where('recipe', '=', recipe);
  if (from !== undefined) found = found.where('inspections.createdAt', '>=', Date.parse(from));
  if (to !== undefined) found = found.where('inspections.createdAt', '<', Date.parse(to));
  if (minScore !== undefined) found = found.where('score', '>=', minScore);
  if (maxScore !== undefined) found = found.where('score', '<=', maxScore);
  if (feedback === 'none') found = found.where('verdict', 'is', null);
  else if (feedback === 'any') found = found.where('verdict', 'is not', null);
  else if (feedback !== undefined) found = found.where('verdict', '=', feedback);
  if (before !== undefined) found = found.where('inspections.id', '<', before);
  return found;
}

export async function findInspections(db: Kysely<Tables>, query: InspectionSearch): Promise<InspectionPage> {
  const limit = query.limit ?? PAGE;
  const rows = await filtered(db, query)
    .orderBy('inspections.id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  return { inspections: page.map(inspectionOf), next: rows.length > limit ? page[page.length - 1]!.id : null };
}

export async function findReviewQueue(db: Kysely<Tables>, limit: number): Promise<ReviewQueue> {
  const rows = await selectInspections(db)
    .where('decision', 'in', ['REVIEW', 'NG'])
    .where('verdict', 'is', null)
    .orderBy('inspections.id')
    .limit(limit)
    .execute();
  const { waiting } = await db
    .selectFrom('inspections')
    .leftJoin('feedback', 'feedback.inspection', 'inspections.id')
    .select((eb) => eb.fn.countAll().as('waiting'))
    .where('decision', 'in', ['REVIEW', 'NG'])
    .where('verdict', 'is', null)
    .executeTakeFirstOrThrow();
  return { inspections: rows.map(inspectionOf), waiting: Number(waiting) };
}

export async function findJudged(db: Kysely<Tables>, recipe: string, limit: number): Promise<JudgedInspection[]> {
  return db
    .selectFrom('inspections')
    .innerJoin('feedback', 'feedback.inspection', 'inspections.id')
    .select(['inspections.id', 'score', 'decision', 'verdict'])
    .where('recipe', '=', recipe)
    .orderBy('inspections.id', 'desc')
    .limit(limit)
    .execute();
}
