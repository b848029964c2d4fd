/** What a recipe decided, counted by its revisions, as a query that both databases understand. */
import { type Kysely, sql } from 'kysely';
import type { RevisionCounts } from '../contract/life.ts';
import type { Tables } from './tables.ts';

export interface RecipeCounts {
  readonly revisions: readonly RevisionCounts[];
  /** Parts, not records. */
  readonly notInspected: number;
}

type Row = Readonly<Record<keyof RevisionCounts, number | string>>;

export async function countDecisions(db: Kysely<Tables>, recipe: string): Promise<RecipeCounts> {
  const { rows } = await sql<Row>`
    select revision, sum(case when decision = 'OK' then 1 else 0 end) as ok, sum(case when decision = 'REVIEW' then 1 else 0 end) as review,
      sum(case when decision = 'NG' then 1 else 0 end) as ng, sum(case when verdict = 'agree' then 1 else 0 end) as agreed,
      sum(case when verdict = 'false-alarm' then 1 else 0 end) as false_alarms, sum(case when verdict = 'missed' then 1 else 0 end) as missed,
      sum(case when verdict = 'cannot-tell' then 1 else 0 end) as cannot_tell
    from inspections left join feedback on feedback.inspection = inspections.id
    where recipe = ${recipe} and reference is null group by revision order by revision`.execute(db);
  const others = await db
    .selectFrom('notInspected')
    .select(({ fn }) => fn.sum<number | string | null>('count').as('parts'))
    .where('recipe', '=', recipe)
    .executeTakeFirst();
  const revisions = rows.map(({ revision, ok, review, ng, agreed, falseAlarms, missed, cannotTell }) => ({
    revision: Number(revision),
    ok: Number(ok),
    review: Number(review),
    ng: Number(ng),
    agreed: Number(agreed),
    falseAlarms: Number(falseAlarms),
    missed: Number(missed),
    cannotTell: Number(cannotTell),
  }));
  return { revisions, notInspected: Number(others?.parts ?? 0) };
}
