/** The records in an SQL database: the same typed queries for SQLite and PostgreSQL. */
import type { Kysely, Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import type { Feedback, Inspection, InspectionQuery } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { AuditQuery } from '../contract/station.ts';
import { type AuditedAction, auditEntryOf, noHash, requireNext } from './audit-chain.ts';
import { audited } from './audited.ts';
import { findInspection, findInspections, findJudged, findReviewQueue, insertInspection } from './inspection-rows.ts';
import {
  countNotInspected,
  deleteNotInspected,
  findNotInspected,
  findOldestNotInspected,
  findPartRecords,
  insertNotInspected,
} from './not-inspected-rows.ts';
import { countInspections, deleteInspections, findOldest } from './old-rows.ts';
import { findKept, isKeptFor, markGone } from './picture-rows.ts';
import {
  findRecipe,
  findRecipes,
  findRevisions,
  insertRecipe,
  insertRevision,
  makeActive,
  requireRecipe,
  rollbackTarget,
} from './recipe-rows.ts';
import type {
  AuditState,
  ChainedEntry,
  Change,
  InspectionSearch,
  NewInspection,
  NewNotInspected,
  NewRecipe,
  Records,
  RemovedInspections,
  Thresholds,
} from './records.ts';
import { SqlUsers } from './sql-users.ts';
import type { Tables } from './tables.ts';
import type { UserRecords } from './users.ts';

/** Rows of the audit log that are checked at a time. */
const BATCH = 500;

export class SqlRecords implements Records {
  readonly kind: Records['kind'];
  readonly users: UserRecords;
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>, kind: Records['kind']) {
    this.#db = db;
    this.kind = kind;
    this.users = new SqlUsers(db, kind);
  }

  #audited<T>(change: Change, work: (db: Transaction<Tables>) => Promise<[T, AuditedAction]>): Promise<T> {
    return audited(this.#db, this.kind, change, work);
  }

  async addInspection(inspection: NewInspection): Promise<{ inspection: Inspection; added: boolean }> {
    if (await insertInspection(this.#db, inspection))
      return { inspection: { ...inspection, feedback: null }, added: true };
    return { inspection: (await this.inspectionOfResult(inspection.resultId))!, added: false };
  }

  inspection = (id: string) => findInspection(this.#db, 'inspections.id', id);

  inspectionOfResult = (resultId: string) => findInspection(this.#db, 'inspections.resultId', resultId);

  inspections = (query: InspectionSearch) => findInspections(this.#db, query);

  partRecords = (query: InspectionQuery) => findPartRecords(this.#db, query);

  addNotInspected = (record: NewNotInspected) => insertNotInspected(this.#db, record);

  notInspected = (id: string) => findNotInspected(this.#db, id);

  reviewQueue = (limit: number) => findReviewQueue(this.#db, limit);

  judgedInspections = (recipe: string, limit: number) => findJudged(this.#db, recipe, limit);

  giveFeedback(id: string, verdict: Feedback['verdict'], change: Change): Promise<Inspection> {
    return this.#audited(change, async (db) => {
      const before = await findInspection(db, 'inspections.id', id);
      if (!before) throw new FelfriError('NOT_FOUND', `there is no inspection ${id}`, { subject: id });
      const said = { verdict, givenBy: change.by, note: change.note ?? null, createdAt: change.at.getTime() };
      await db
        .insertInto('feedback')
        .values({ inspection: id, ...said })
        .onConflict((c) => c.column('inspection').doUpdateSet(said))
        .execute();
      const after = (await findInspection(db, 'inspections.id', id))!;
      const detail = { verdict, note: said.note, before: before.feedback?.verdict ?? null };
      return [after, { action: 'inspection.feedback', subject: id, detail }];
    });
  }

  withdrawFeedback(id: string, change: Change): Promise<Inspection> {
    return this.#audited(change, async (db) => {
      const before = await findInspection(db, 'inspections.id', id);
      if (!before?.feedback) {
        const what = before ? `a verdict on inspection ${id}` : `inspection ${id}`;
        throw new FelfriError('NOT_FOUND', `there is no ${what}`, { subject: id });
      }
      await db.deleteFrom('feedback').where('inspection', '=', id).execute();
      const { verdict, by: givenBy } = before.feedback;
      const detail = { before: verdict, givenBy };
      return [
        { ...before, feedback: null },
        { action: 'inspection.feedback withdrawn', subject: id, detail },
      ];
    });
  }

  keptPictures = (before: Date | null, limit: number) => findKept(this.#db, before, limit);

  isImageKept = (hash: string, except: readonly string[]) => isKeptFor(this.#db, hash, except);

  forgetPictures(ids: readonly string[], detail: object, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      await markGone(db, ids);
      return [undefined, { action: 'pictures.removed', subject: 'retention', detail }];
    });
  }

  countInspections = () => countInspections(this.#db);

  oldestInspections = (before: Date | null, limit: number) => findOldest(this.#db, before, limit);

  removeInspections(ids: readonly string[], detail: object, change: Change): Promise<RemovedInspections> {
    return this.#audited(change, async (db) => {
      const removed = await deleteInspections(db, ids);
      return [removed, { action: 'inspections.removed', subject: 'retention', detail: { ...detail, ...removed } }];
    });
  }

  countNotInspected = () => countNotInspected(this.#db);

  oldestNotInspected = (before: Date | null, limit: number) => findOldestNotInspected(this.#db, before, limit);

  removeNotInspected(ids: readonly string[], detail: object, change: Change): Promise<number> {
    return this.#audited(change, async (db) => {
      const parts = await deleteNotInspected(db, ids);
      return [parts, { action: 'not inspected.removed', subject: 'retention', detail: { ...detail, records: parts } }];
    });
  }

  recipes = () => findRecipes(this.#db);

  recipe = (id: string) => findRecipe(this.#db, id);

  revisions = (id: string) => findRevisions(this.#db, id);

  addRecipe(recipe: NewRecipe, change: Change): Promise<Recipe> {
    return this.#audited(change, async (db) => {
      await insertRecipe(db, recipe, change);
      const { name, bundleHash, threshold, review } = recipe;
      const detail = { name, bundleHash, threshold, review };
      return [await requireRecipe(db, recipe.id), { action: 'recipe.created', subject: recipe.id, detail }];
    });
  }

  setThresholds(id: string, to: Thresholds, change: Change, expected?: number): Promise<Recipe> {
    return this.#audited(change, async (db) => {
      const before = await requireRecipe(db, id);
      if (expected !== undefined && expected !== before.revision) {
        throw new FelfriError(
          'CONFLICT',
          `recipe ${id} is at revision ${before.revision}, the change was made against ${expected}; look at it again`,
          { subject: id },
        );
      }
      await insertRevision(db, before, 'thresholds', to, null, change);
      const after = await requireRecipe(db, id);
      return [after, { action: 'recipe.thresholds', subject: id, detail: thresholdDetail(before, after, change) }];
    });
  }

  rollBack(id: string, to: number | undefined, change: Change): Promise<Recipe> {
    return this.#audited(change, async (db) => {
      const before = await requireRecipe(db, id);
      const target = rollbackTarget(await findRevisions(db, id), to);
      await insertRevision(db, before, 'rolled back', target, target.thresholdsFrom, change);
      const after = await requireRecipe(db, id);
      const detail = { ...thresholdDetail(before, after, change), to: target.revision };
      return [after, { action: 'recipe.rolled back', subject: id, detail }];
    });
  }

  activate(id: string, change: Change): Promise<Recipe> {
    return this.#audited(change, async (db) => {
      const recipe = await requireRecipe(db, id);
      const former = await db.selectFrom('recipes').select('id').where('active', '=', 1).executeTakeFirst();
      const [present] = await findRevisions(db, id);
      await insertRevision(db, recipe, 'activated', recipe, present!.thresholdsFrom, change);
      await makeActive(db, id);
      const detail = { former: former?.id ?? null, bundleHash: recipe.bundleHash };
      return [await requireRecipe(db, id), { action: 'recipe.activated', subject: id, detail }];
    });
  }

  audited<T>(change: Change, work: () => Promise<[T, AuditedAction]>): Promise<T> {
    return this.#audited(change, work);
  }

  async auditEntries({ limit = 50, before }: AuditQuery): Promise<ChainedEntry[]> {
    let found = this.#db.selectFrom('audit').selectAll().orderBy('number', 'desc').limit(limit);
    if (before !== undefined) found = found.where('number', '<', before);
    return (await found.execute()).map(auditEntryOf);
  }

  async verifyAudit(head?: string): Promise<AuditState> {
    let last = { number: 0, hash: noHash };
    let seen = head === undefined || head === noHash;
    for (;;) {
      const rows = await this.#db
        .selectFrom('audit')
        .selectAll()
        .where('number', '>', last.number)
        .orderBy('number')
        .limit(BATCH)
        .execute();
      for (const row of rows) {
        requireNext(row, last);
        last = row;
        seen ||= row.hash === head;
      }
      if (rows.length < BATCH) break;
    }
    if (!seen) {
      throw new FelfriError(
        'AUDIT_BROKEN',
        `none of the ${last.number} entries has the hash ${head}: entries were cut off, or the log is another one`,
        { subject: 'head' },
      );
    }
    return { entries: last.number, head: last.hash };
  }

  async ping(): Promise<void> {
    try {
      // what deletes nothing still needs all that a record needs: the lock, the right to write, the file
      await this.#db.transaction().execute((db) => db.deleteFrom('sessions').where('hash', '=', '').execute());
    } catch (cause) {
      throw new FelfriError('RECORDS_UNAVAILABLE', `nothing can be recorded: ${(cause as Error).message}`, { cause });
    }
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}

function thresholdDetail(before: Recipe, after: Recipe, { note }: Change) {
  const of = ({ revision, threshold, review }: Recipe) => ({ revision, threshold, review });
  return { before: of(before), after: of(after), note: note ?? null };
}
