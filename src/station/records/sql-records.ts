/** The records in an SQL database: the same typed queries for SQLite and PostgreSQL. */
import type { Kysely, Transaction } from 'kysely';
import type { AuditDetails, AuditedAction, RemovedInspections } from '../audit/details.ts';
import type { Inspection, InspectionQuery } from '../contract/inspections.ts';
import type { StatisticsQuery } from '../contract/statistics.ts';
import { type AuditPage, type AuditSearch, allAuditEntries, findAuditEntries } from './audit-search.ts';
import { findAuditState, verifyAudit } from './audit-verification.ts';
import { type AboutRecords, audited } from './audited.ts';
import type { Change } from './change.ts';
import { countRecords } from './counts.ts';
import { recordsError } from './database-errors.ts';
import { giveFeedback, withdrawFeedback } from './feedback-changes.ts';
import { findInspection, findJudged, findReviewQueue, insertInspection } from './inspection-rows.ts';
import { findInspections } from './inspection-search.ts';
import { countDecisions } from './life-rows.ts';
import type { NewInspection, NewNotInspected, NewRecipe } from './new-records.ts';
import {
  countNotInspected,
  deleteNotInspected,
  findNotInspected,
  findOldestNotInspected,
  findPartRecords,
  insertNotInspected,
} from './not-inspected-rows.ts';
import { countInspections, deleteInspections, findNewest, findOldest } from './old-rows.ts';
import { findKept, isKeptFor, markGone } from './picture-rows.ts';
import { clockAhead, probe } from './probe.ts';
import { findProducts, setProduct } from './product-rows.ts';
import { activate, addRecipe, deactivate, rollBack, setThresholds } from './recipe-changes.ts';
import { findRecipe, findRecipes, findRevisions } from './recipe-rows.ts';
import { verifyRecords } from './record-verification.ts';
import type {
  InspectionSearch,
  NotedHead,
  OldPartsReason,
  Records,
  RemovalReason,
  Said,
  Thresholds,
  TooOld,
} from './records.ts';
import { findSignatures, signRecipe } from './release-rows.ts';
import type { NewSignature } from './releases.ts';
import { everySeal, type SealRange } from './seal-verification.ts';
import { type SealedTable, Sealer } from './seals.ts';
import { SqlOutbox } from './sql-outbox.ts';
import { SqlShadows } from './sql-shadows.ts';
import { SqlUsers } from './sql-users.ts';
import { countParts } from './statistics-rows.ts';
import type { Tables } from './tables.ts';
import type { UserRecords } from './users.ts';

export class SqlRecords implements Records {
  readonly kind: Records['kind'];
  readonly users: UserRecords;
  readonly outbox: SqlOutbox;
  readonly shadows: SqlShadows;
  readonly #db: Kysely<Tables>;
  readonly #about: AboutRecords;
  readonly #searching: Kysely<Tables>;
  readonly #sealers: Readonly<Record<SealedTable, Sealer>>;

  readonly #release: () => Promise<void>;

  /** `searching` has connections of its own, so that a long search keeps none that the line needs; `release` comes after their end. */
  constructor(db: Kysely<Tables>, about: AboutRecords, searching: Kysely<Tables>, release: () => Promise<void>) {
    this.#release = release;
    this.#db = db;
    this.#searching = searching;
    this.#about = about;
    this.kind = about.kind;
    this.users = new SqlUsers(db, about);
    this.outbox = new SqlOutbox(db);
    this.shadows = new SqlShadows(db, about, searching);
    const sealer = (table: SealedTable): Sealer => new Sealer(db, table, about.acknowledged);
    this.#sealers = { inspections: sealer('inspections'), notInspected: sealer('notInspected') };
  }

  #audited<T>(change: Change, work: (db: Transaction<Tables>) => Promise<[T, AuditedAction]>): Promise<T> {
    return audited(this.#db, this.#about, change, work);
  }

  async addInspection(inspection: NewInspection, goesOut = true): Promise<{ inspection: Inspection; added: boolean }> {
    if (await insertInspection(this.outbox, this.#sealers.inspections, inspection, goesOut))
      return { inspection: { ...inspection, feedback: null }, added: true };
    return { inspection: (await this.inspectionOfResult(inspection.resultId))!, added: false };
  }

  inspection = (id: string) => findInspection(this.#db, 'inspections.id', id);

  inspectionOfResult = (resultId: string) => findInspection(this.#db, 'inspections.resultId', resultId);

  inspections = (query: InspectionSearch) => findInspections(this.#searching, query);

  partRecords = (query: InspectionQuery) => findPartRecords(this.#searching, query);

  addNotInspected = (record: NewNotInspected) => insertNotInspected(this.outbox, this.#sealers.notInspected, record);

  notInspected = (id: string) => findNotInspected(this.#db, id);

  reviewQueue = (limit: number) => findReviewQueue(this.#searching, limit);

  judgedInspections = (recipe: string, limit: number) => findJudged(this.#searching, this.kind, recipe, limit);

  countDecisions = (recipe: string) => countDecisions(this.#searching, recipe);

  statistics = (query: StatisticsQuery) => countParts(this.#searching, this.kind, query);

  giveFeedback = (id: string, said: Said, change: Change) =>
    this.#audited(change, (db) => giveFeedback(db, id, said, change));

  withdrawFeedback = (id: string, change: Change) => this.#audited(change, (db) => withdrawFeedback(db, id));

  keptPictures = (old: TooOld | null, limit: number) => findKept(this.#db, old, limit);

  isImageKept = (hash: string, except: readonly string[]) => isKeptFor(this.#db, hash, except);

  forgetPictures(ids: readonly string[], detail: AuditDetails['pictures.removed'], change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      await markGone(db, ids);
      return [undefined, { action: 'pictures.removed', subject: 'retention', detail }];
    });
  }

  counts = () => countRecords(this.#db);

  newest = () => findNewest(this.#db);

  countInspections = () => countInspections(this.#db);

  oldestInspections = (old: TooOld | null, limit: number) => findOldest(this.#db, old, limit);

  removeInspections(ids: readonly string[], why: RemovalReason, change: Change): Promise<RemovedInspections> {
    return this.#audited(change, async (db) => {
      const { numbers, ...removed } = await deleteInspections(db, ids);
      const { number: lastNumber } = await this.#sealers.inspections.last();
      const detail = { ...why, ...removed, numbers, lastNumber };
      return [removed, { action: 'inspections.removed', subject: 'retention', detail }];
    });
  }

  countNotInspected = () => countNotInspected(this.#db);

  oldestNotInspected = (old: TooOld | null, limit: number) => findOldestNotInspected(this.#db, old, limit);

  removeNotInspected(ids: readonly string[], why: OldPartsReason, change: Change): Promise<number> {
    return this.#audited(change, async (db) => {
      const { count, numbers } = await deleteNotInspected(db, ids);
      const { number: lastNumber } = await this.#sealers.notInspected.last();
      const detail = { ...why, records: count, numbers, lastNumber };
      return [count, { action: 'not inspected.removed', subject: 'retention', detail }];
    });
  }

  recipes = () => findRecipes(this.#db);

  recipe = (id: string) => findRecipe(this.#db, id);

  revisions = (id: string) => findRevisions(this.#db, id);

  addRecipe = (recipe: NewRecipe, change: Change) => this.#audited(change, (db) => addRecipe(db, recipe, change));

  setThresholds = (id: string, to: Thresholds, change: Change, expected?: number) =>
    this.#audited(change, (db) => setThresholds(db, id, to, change, expected));

  rollBack = (id: string, to: number | undefined, change: Change) =>
    this.#audited(change, (db) => rollBack(db, id, to, change));

  activate = (id: string, change: Change) => this.#audited(change, (db) => activate(db, id, change));

  deactivate = (change: Change): Promise<void> => this.#audited(change, (db) => deactivate(db));

  signatures = () => findSignatures(this.#db);

  sign = (signature: NewSignature, change: Change) => this.#audited(change, (db) => signRecipe(db, signature, change));

  products = () => findProducts(this.#db);

  setProduct = (code: string, recipe: string | null, change: Change): Promise<void> =>
    this.#audited(change, (db) => setProduct(db, code, recipe, change));

  audited<T>(change: Change, work: () => Promise<[T, AuditedAction]>): Promise<T> {
    return this.#audited(change, work);
  }

  auditEntries = (page: AuditPage) => findAuditEntries(this.#searching, page);

  allAuditEntries = (search: AuditSearch) => allAuditEntries(this.#searching, search);

  auditState = async () => ({
    ...(await findAuditState(this.#db)),
    inspections: await this.#sealers.inspections.last(),
  });

  verifyAudit = (noted: readonly NotedHead[] = []) => verifyAudit(this.#db, noted);

  verifyRecords = (range: SealRange = everySeal, noted: readonly NotedHead[] = []) =>
    verifyRecords(this.#db, range, noted);

  serverClockAhead = async (): Promise<number | null> =>
    this.kind === 'postgresql' ? clockAhead(this.#searching) : null;

  async ping(): Promise<void> {
    try {
      await probe(this.#db, this.kind, new Date());
    } catch (cause) {
      throw recordsError(cause) ?? cause;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#db.destroy(), this.#searching.destroy()]);
    await this.#release();
  }
}
