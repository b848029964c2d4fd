/** What the station keeps: inspections, recipes with their revisions, feedback and the audit log. One interface, whatever the database. */
import type { AuditDetails, AuditedAction, RemovedInspections } from '../audit/details.ts';
import type { Feedback, Inspection, InspectionPage, InspectionQuery, ReviewQueue } from '../contract/inspections.ts';
import type { NotInspected, PartRecordPage } from '../contract/not-inspected.ts';
import type { Product } from '../contract/products.ts';
import type { Recipe, RecipeRevision } from '../contract/recipes.ts';
import type { RecipeSignature } from '../contract/releases.ts';
import type { Statistics, StatisticsQuery } from '../contract/statistics.ts';
import type { AuditPage, AuditSearch } from './audit-search.ts';
import type { ChainedEntry, Change } from './change.ts';
import type { RecipeCounts } from './life-rows.ts';
import type { NewInspection, NewNotInspected, NewRecipe } from './new-records.ts';
import type { Outbox } from './outbox.ts';
import type { NewSignature } from './releases.ts';
import type { SealRange } from './seal-verification.ts';
import type { Seal } from './seals.ts';
import type { ShadowRecords } from './shadows.ts';
import type { UserRecords } from './users.ts';

/** A search among decisions alone. */
export type InspectionSearch = Omit<InspectionQuery, 'decision'> & { readonly decision?: Inspection['decision'] };

/** Which records are too old. */
export interface TooOld {
  readonly before: Date;
  /** The time by which it is counted: what is later than this tells nothing. */
  readonly now: Date;
}

export type OldNotInspected = Pick<NotInspected, 'id' | 'createdAt'>;

/** Thresholds as a revision sets them. */
export interface Thresholds {
  readonly threshold: number | null;
  readonly review: number | null;
  readonly rule: string | null;
}

/** An inspection that a person gave a verdict on. */
export interface JudgedInspection {
  readonly id: string;
  readonly score: number;
  readonly decision: Inspection['decision'];
  readonly verdict: Feedback['verdict'];
  readonly className: string | null;
}

/** What a person says of a decision. */
export type Said = Pick<Feedback, 'verdict' | 'className'>;

/** An inspection whose image and map are on disk. */
export interface KeptPictures {
  readonly id: string;
  readonly imageHash: string;
  readonly createdAt: string;
}

export interface OldInspection extends KeptPictures {
  readonly imageStored: boolean;
}

/** Why records go, as the audit log keeps it. */
export type OldPartsReason = Pick<AuditDetails['not inspected.removed'], 'reason' | 'from' | 'to'>;
export type RemovalReason = Pick<AuditDetails['inspections.removed'], 'reason' | 'bytes'>;

export interface AuditState {
  readonly entries: number;
  /** Hash of the last entry; 64 zeros when there is none. */
  readonly head: string;
}

/** How much there is, by which a copy is compared with what it was taken of. */
export interface RecordCounts {
  readonly inspections: number;
  readonly notInspected: number;
  readonly feedback: number;
  readonly recipes: number;
  readonly users: number;
  readonly audit: AuditState;
}

/** A head that was noted before; without a number it may be any entry's. */
export interface NotedHead {
  readonly head: string;
  readonly entries?: number;
  readonly inspections?: Seal;
  readonly at?: string;
}

/** Every method that changes a recipe or gives feedback writes an entry of the audit log in the same transaction. */
export interface Records {
  readonly kind: 'sqlite' | 'postgresql';
  readonly users: UserRecords;
  readonly outbox: Outbox;
  readonly shadows: ShadowRecords;

  /**
   * Adds one, or gives the one that has its resultId already. When it is resolved, the record outlives a kill. `goesOut`: whether it is a part
   * for the outputs of a line, as all are but further views of a part.
   */
  addInspection(inspection: NewInspection, goesOut?: boolean): Promise<{ inspection: Inspection; added: boolean }>;
  inspection(id: string): Promise<Inspection | undefined>;
  inspectionOfResult(resultId: string): Promise<Inspection | undefined>;
  /** Newest first; decisions alone. */
  inspections(query: InspectionSearch): Promise<InspectionPage>;
  /** Together with parts that were not inspected, newest first. */
  partRecords(query: InspectionQuery): Promise<PartRecordPage>;
  addNotInspected(record: NewNotInspected): Promise<void>;
  notInspected(id: string): Promise<NotInspected | undefined>;
  /** REVIEW and NG without feedback, oldest first. */
  reviewQueue(limit: number): Promise<ReviewQueue>;
  /** What a recipe decided, by its revisions. */
  countDecisions(recipe: string): Promise<RecipeCounts>;
  /** Parts counted by time, lot or recipe. */
  statistics(query: StatisticsQuery): Promise<Statistics>;
  /** Throws NOT_FOUND. */
  giveFeedback(id: string, said: Said, change: Change): Promise<Inspection>;
  /** Takes a verdict back, which the audit log keeps. Throws NOT_FOUND, also when there is none. */
  withdrawFeedback(id: string, change: Change): Promise<Inspection>;
  /** Inspections by one recipe that have feedback, the newest `limit`. */
  judgedInspections(recipe: string, limit: number): Promise<JudgedInspection[]>;

  /** Inspections with pictures, oldest first; all, or those that are too old. */
  keptPictures(old: TooOld | null, limit: number): Promise<KeptPictures[]>;
  /** Whether another inspection than these has this image kept. */
  isImageKept(hash: string, except: readonly string[]): Promise<boolean>;
  /** Notes that their pictures are gone; `detail` goes into the audit log. */
  forgetPictures(ids: readonly string[], detail: AuditDetails['pictures.removed'], change: Change): Promise<void>;

  /** The largest id of what is listed by it, and the latest time; null where there is nothing. */
  newest(): Promise<{ readonly id: string | null; readonly at: Date | null }>;
  countInspections(): Promise<number>;
  /** Those made first, whatever the clock said; all, or those that are too old. What was made after one that is not, is not, though a clock that was set back says so. */
  oldestInspections(old: TooOld | null, limit: number): Promise<OldInspection[]>;
  /** Deletes them with their verdicts, for good; `why` goes into the audit log together with what they were. */
  removeInspections(ids: readonly string[], why: RemovalReason, change: Change): Promise<RemovedInspections>;

  countNotInspected(): Promise<number>;
  oldestNotInspected(old: TooOld | null, limit: number): Promise<OldNotInspected[]>;
  /** Gives how many went. */
  removeNotInspected(ids: readonly string[], why: OldPartsReason, change: Change): Promise<number>;

  /** Newest first. */
  recipes(): Promise<Recipe[]>;
  recipe(id: string): Promise<Recipe | undefined>;
  /** Newest first. */
  revisions(id: string): Promise<RecipeRevision[]>;
  addRecipe(recipe: NewRecipe, change: Change): Promise<Recipe>;
  /** Throws NOT_FOUND, or CONFLICT when `expected` is not the present revision. */
  setThresholds(id: string, to: Thresholds, change: Change, expected?: number): Promise<Recipe>;
  /** The thresholds of revision `to`, or those before the present ones. Throws NOT_FOUND, or CONFLICT when there are none. */
  rollBack(id: string, to: number | undefined, change: Change): Promise<Recipe>;
  /** Makes it the one active recipe. Throws NOT_FOUND. */
  activate(id: string, change: Change): Promise<Recipe>;
  /** Leaves none active. Throws NOT_FOUND where none is. */
  deactivate(change: Change): Promise<void>;
  /** Oldest first. */
  signatures(): Promise<RecipeSignature[]>;
  /** Throws NOT_FOUND, CONFLICT where it is not what was shown or is released already, and SIGNATURE_REFUSED for who may not be the second. */
  sign(signature: NewSignature, change: Change): Promise<RecipeSignature>;
  /** Product codes with their recipes, by code. */
  products(): Promise<Product[]>;
  /** Null takes the code away. Throws NOT_FOUND. */
  setProduct(code: string, recipe: string | null, change: Change): Promise<void>;

  /** Runs a change of what is kept in files, and adds the entry that it gives; neither where it throws. */
  audited<T>(change: Change, work: () => Promise<[T, AuditedAction]>): Promise<T>;
  /** Newest first. */
  auditEntries(page: AuditPage): Promise<ChainedEntry[]>;
  /** Oldest first, all that fit, read in pieces. */
  allAuditEntries(search: AuditSearch): AsyncIterable<ChainedEntry>;
  /** The present head, without following the chain. */
  auditState(): Promise<AuditState & { readonly inspections: Seal }>;
  /** Follows the whole chain. Throws AUDIT_BROKEN naming the first entry that does not hold, or a head noted before that is not in it. */
  verifyAudit(noted?: readonly NotedHead[]): Promise<AuditState>;
  /**
   * Compares recipes, users and verdicts with what the audit log tells, and follows the seals of records; of inspections those in the range.
   * Gives the number that it came to, null at the end. Throws RECORDS_ALTERED, and AUDIT_BROKEN.
   */
  verifyRecords(range?: SealRange, noted?: readonly NotedHead[]): Promise<number | null>;

  counts(): Promise<RecordCounts>;

  /** Milliseconds by which the clock of the database's server is ahead of this one; null where there is no server. */
  serverClockAhead(): Promise<number | null>;
  /** Throws RECORDS_UNAVAILABLE when nothing could be recorded now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
