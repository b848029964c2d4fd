/** Inspections and their feedback, as queries that both databases understand. */
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Inspection, ReviewQueue, Verdict } from '../contract/inspections.ts';
import type { NewInspection } from './new-records.ts';
import type { JudgedInspection, Records } from './records.ts';
import type { Sealer } from './seals.ts';
import { column } from './search-plan.ts';
import type { SqlOutbox } from './sql-outbox.ts';
import type { Tables } from './tables.ts';

const columns = [
  'inspections.id',
  'resultId',
  'part',
  'lot',
  'product',
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
  'reference',
  'feedback.verdict',
  'feedback.className',
  'feedback.givenBy',
  'feedback.note',
  'feedback.createdAt as feedbackAt',
] as const;

type InspectionWithFeedback = Omit<Tables['inspections'], 'awaitsReview' | 'number' | 'previous' | 'seal'> & {
  readonly verdict: Verdict | null;
  readonly className: string | null;
  readonly givenBy: string | null;
  readonly note: string | null;
  readonly feedbackAt: number | null;
};

export type InspectionSelection = SelectQueryBuilder<
  Tables & { feedback: Tables['feedback'] | null },
  'inspections' | 'feedback',
  InspectionWithFeedback
>;

export function selectInspections(db: Kysely<Tables>): InspectionSelection {
  const found = db.selectFrom('inspections').leftJoin('feedback', 'feedback.inspection', 'inspections.id');
  return found.select([...columns]) as unknown as InspectionSelection;
}

export function inspectionOf({
  verdict,
  className,
  givenBy,
  note,
  feedbackAt,
  imageStored,
  createdAt,
  ...row
}: InspectionWithFeedback): Inspection {
  return {
    ...row,
    imageStored: imageStored === 1,
    createdAt: new Date(createdAt).toISOString(),
    feedback:
      verdict === null || feedbackAt === null
        ? null
        : { verdict, className, by: givenBy, note, createdAt: new Date(feedbackAt).toISOString() },
  };
}

/** Whether nobody needs to say what the part is. */
const isKnown = ({ decision, reference }: Pick<NewInspection, 'decision' | 'reference'>): boolean =>
  decision === 'OK' || reference !== null;

/** True when it was added; false when its resultId was there. */
export function insertInspection(
  outbox: SqlOutbox,
  sealer: Sealer,
  inspection: NewInspection,
  goesOut: boolean,
): Promise<boolean> {
  const imageStored = inspection.imageStored ? 1 : 0;
  const awaitsReview = isKnown(inspection) ? 0 : 1;
  const row = { ...inspection, imageStored, awaitsReview, createdAt: Date.parse(inspection.createdAt) };
  return sealer.add<'inspections'>(row, (sealed) =>
    outbox.recording(
      inspection,
      async (db) => {
        const added = await db
          .insertInto('inspections')
          .values({ ...row, ...sealed })
          .onConflict((c) => c.column('resultId').doNothing())
          .returning('id')
          .executeTakeFirst();
        return added !== undefined;
      },
      goesOut,
    ),
  );
}

export async function findInspection(
  db: Kysely<Tables>,
  by: 'inspections.id' | 'inspections.resultId',
  value: string,
): Promise<Inspection | undefined> {
  const row = await selectInspections(db).where(by, '=', value).executeTakeFirst();
  return row && inspectionOf(row);
}

/** To be called with every verdict that is given or withdrawn: whether the part waits for a person. */
export async function setAwaiting(
  db: Kysely<Tables>,
  { id, decision, reference }: Inspection,
  hasVerdict: boolean,
): Promise<void> {
  await db
    .updateTable('inspections')
    .set({ awaitsReview: isKnown({ decision, reference }) || hasVerdict ? 0 : 1 })
    .where('id', '=', id)
    .execute();
}

export async function findReviewQueue(db: Kysely<Tables>, limit: number): Promise<ReviewQueue> {
  // a number in the text of the query, by which the index of those that wait can be known to serve
  const rows = await selectInspections(db)
    .where('awaitsReview', '=', sql.lit(1))
    .orderBy('inspections.id')
    .limit(limit)
    .execute();
  const { waiting } = await db
    .selectFrom('inspections')
    .select((eb) => eb.fn.countAll().as('waiting'))
    .where('awaitsReview', '=', sql.lit(1))
    .executeTakeFirstOrThrow();
  return { inspections: rows.map(inspectionOf), waiting: Number(waiting) };
}

export async function findJudged(
  db: Kysely<Tables>,
  kind: Records['kind'],
  recipe: string,
  limit: number,
): Promise<JudgedInspection[]> {
  // SQLite, left to choose, goes through all inspections of the recipe in place of the few that have a verdict
  const ofRecipe = column('inspections', 'recipe', kind !== 'sqlite');
  return db
    .selectFrom('inspections')
    .innerJoin('feedback', 'feedback.inspection', 'inspections.id')
    .select(['inspections.id', 'score', 'decision', 'verdict', 'className'])
    .where(ofRecipe, '=', recipe)
    .orderBy('feedback.inspection', 'desc')
    .limit(limit)
    .execute();
}
