/** Changes of feedback, each with its entry of the audit log; to be made within a transaction. */
import type { Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Change } from './change.ts';
import { findInspection, setAwaiting } from './inspection-rows.ts';
import type { Said } from './records.ts';
import type { Tables } from './tables.ts';

type Db = Transaction<Tables>;

/** Throws NOT_FOUND. */
export async function giveFeedback(
  db: Db,
  id: string,
  { verdict, className }: Said,
  change: Change,
): Promise<[Inspection, AuditedAction]> {
  const before = await findInspection(db, 'inspections.id', id);
  if (!before) throw new FelfriError('NOT_FOUND', `there is no inspection ${id}`, { subject: id });
  const said = { verdict, className, givenBy: change.by, note: change.note ?? null, createdAt: change.at.getTime() };
  await db
    .insertInto('feedback')
    .values({ inspection: id, ...said })
    .onConflict((c) => c.column('inspection').doUpdateSet(said))
    .execute();
  await setAwaiting(db, before, true);
  const after = (await findInspection(db, 'inspections.id', id))!;
  const detail = { verdict, className, note: said.note, before: before.feedback?.verdict ?? null };
  return [after, { action: 'inspection.feedback', subject: id, detail }];
}

/** Throws NOT_FOUND, also where nobody gave a verdict. */
export async function withdrawFeedback(db: Db, id: string): Promise<[Inspection, AuditedAction]> {
  const before = await findInspection(db, 'inspections.id', id);
  if (!before?.feedback) {
    const what = before ? `a verdict on inspection ${id}` : `inspection ${id}`;
    throw new FelfriError('NOT_FOUND', `there is no ${what}`, { subject: id });
  }
  await db.deleteFrom('feedback').where('inspection', '=', id).execute();
  await setAwaiting(db, before, false);
  const { verdict, by: givenBy } = before.feedback;
  const detail = { before: verdict, givenBy };
  return [
    { ...before, feedback: null },
    { action: 'inspection.feedback withdrawn', subject: id, detail },
  ];
}
