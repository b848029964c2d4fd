/** What the station keeps: inspections, recipes with their revisions, feedback and the audit log. One interface, whatever the database. */
import type { Feedback, Inspection, InspectionPage, InspectionQuery, ReviewQueue } from '../contract/inspections.ts';
import type { NotInspected, PartRecordPage } from '../contract/not-inspected.ts';
import type { Recipe, RecipeRevision } from '../contract/recipes.ts';
import type { AuditEntry, AuditQuery } from '../contract/station.ts';
import type { AuditedAction } from './audit-chain.ts';
import type { UserRecords } from './users.ts';

export type NewInspection = Omit<Inspection, 'feedback'>;

export type NewNotInspected = Omit<NotInspected, 'decidedAs'>;

/** A search among decisions alone. */
export type InspectionSearch = Omit<InspectionQuery, 'decision'> & { readonly decision?: Inspection['decision'] };

export type OldNotInspected = Pick<NotInspected, 'id' | 'createdAt'>;

export type NewRecipe = Omit<Recipe, 'revision' | 'active'>;

/** Thresholds as a revision sets them. */
export interface Thresholds {
  readonly threshold: number | null;
  readonly review: number | null;
  readonly rule: string | null;
}

/** Who asks for a change, and when it is made. */
export interface Change {
  readonly by: string | null;
  readonly note?: string | null;
  readonly at: Date;
}

/** An inspection that a person gave a verdict on. */
export interface JudgedInspection {
  readonly id: string;
  readonly score: number;
  readonly decision: Inspection['decision'];
  readonly verdict: Feedback['verdict'];
}

/** An inspection whose image and map are on disk. */
export interface KeptPictures {
  readonly id: string;
  readonly imageHash: string;
  readonly createdAt: string;
}

export interface OldInspection extends KeptPictures {
  readonly imageStored: boolean;
}

/** What a removal took, as the audit log keeps it. */
export interface RemovedInspections {
  readonly inspections: number;
  readonly decisions: Readonly<Record<Inspection['decision'], number>>;
  /** Those that a person had given a verdict on. */
  readonly verdicts: number;
  /** REVIEW and NG that nobody had looked at. */
  readonly waiting: number;
  /** Times of the first and the last; null where there was none. */
  readonly from: string | null;
  readonly to: string | null;
}

/** An entry as it is kept. */
export type ChainedEntry = Omit<AuditEntry, 'summary'>;

export interface AuditState {
  readonly entries: number;
  /** Hash of the last entry; 64 zeros when there is none. */
  readonly head: string;
}

/** Every method that changes a recipe or gives feedback writes an entry of the audit log in the same transaction. */
export interface Records {
  readonly kind: 'sqlite' | 'postgresql';
  readonly users: UserRecords;

  /** Adds one, or gives the one that has its resultId already. When it is resolved, the record outlives a kill. */
  addInspection(inspection: NewInspection): Promise<{ inspection: Inspection; added: boolean }>;
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
  /** Throws NOT_FOUND. */
  giveFeedback(id: string, verdict: Feedback['verdict'], change: Change): Promise<Inspection>;
  /** Takes a verdict back, which the audit log keeps. Throws NOT_FOUND, also when there is none. */
  withdrawFeedback(id: string, change: Change): Promise<Inspection>;
  /** Inspections by one recipe that have feedback, the newest `limit`. */
  judgedInspections(recipe: string, limit: number): Promise<JudgedInspection[]>;

  /** Inspections with pictures, oldest first; of those before a time where one is given. */
  keptPictures(before: Date | null, limit: number): Promise<KeptPictures[]>;
  /** Whether another inspection than these has this image kept. */
  isImageKept(hash: string, except: readonly string[]): Promise<boolean>;
  /** Notes that their pictures are gone; `detail` goes into the audit log. */
  forgetPictures(ids: readonly string[], detail: object, change: Change): Promise<void>;

  countInspections(): Promise<number>;
  /** Oldest first; of those before a time where one is given. */
  oldestInspections(before: Date | null, limit: number): Promise<OldInspection[]>;
  /** Deletes them with their verdicts, for good; `detail` goes into the audit log together with what they were. */
  removeInspections(ids: readonly string[], detail: object, change: Change): Promise<RemovedInspections>;

  countNotInspected(): Promise<number>;
  oldestNotInspected(before: Date | null, limit: number): Promise<OldNotInspected[]>;
  /** Gives how many went. */
  removeNotInspected(ids: readonly string[], detail: object, change: Change): Promise<number>;

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

  /** Runs a change of what is kept in files, and adds the entry that it gives; neither where it throws. */
  audited<T>(change: Change, work: () => Promise<[T, AuditedAction]>): Promise<T>;
  /** Newest first. */
  auditEntries(query: AuditQuery): Promise<ChainedEntry[]>;
  /** Follows the whole chain. Throws AUDIT_BROKEN naming the first entry that does not hold, or when `head` is none of its hashes. */
  verifyAudit(head?: string): Promise<AuditState>;

  /** Throws RECORDS_UNAVAILABLE when nothing could be recorded now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
