/** Shadows as they are kept, and what they made of inspections. */
import type { Decision } from '../contract/common.ts';
import type { Verdict } from '../contract/inspections.ts';
import type { ShadowFault, ShadowState } from '../contract/shadows.ts';
import type { Change } from './change.ts';

export type { ShadowFault, ShadowState } from '../contract/shadows.ts';

export interface StoredShadow {
  /** Inspections with an earlier id are none of it. */
  readonly id: string;
  readonly recipe: string;
  readonly revision: number;
  readonly threshold: number | null;
  readonly review: number | null;
  readonly deciding: string;
  readonly state: ShadowState;
  readonly problem: string | null;
  readonly startedBy: string | null;
  readonly startedAt: string;
  readonly endsAt: string | null;
  readonly mostParts: number | null;
  readonly endedAt: string | null;
  readonly lastId: string | null;
}

/** How one ends: inspections with a later id than `lastId` are none of it. */
export type ShadowEnd = Pick<StoredShadow, 'state' | 'problem'> & { readonly lastId: string };

interface Of {
  readonly inspection: string;
}

/** What it made of an inspection, or why it did not judge it. */
export type ShadowResult = Of &
  (
    | { readonly decision: Decision; readonly score: number; readonly reason: string | null; readonly millis: number }
    | { readonly fault: Exclude<ShadowFault, 'gone'>; readonly reason: string | null }
  );

/** Inspections that were decided alike and judged alike, with a verdict alike. */
interface ShadowCount {
  readonly deciding: Decision;
  readonly shadow: Decision;
  readonly verdict: Verdict | null;
  readonly count: number;
}

export interface ShadowFound {
  readonly counts: readonly ShadowCount[];
  readonly millis: { readonly mean: number | null; readonly most: number | null };
  readonly faults: Readonly<Partial<Record<ShadowFault, number>>>;
  /** Inspections that are on record by the deciding recipe in its time. */
  readonly inspections: number;
}

export interface ChangedDecision extends Of {
  readonly part: string | null;
  readonly createdAt: string;
  readonly imageStored: boolean;
  readonly verdict: Verdict | null;
  readonly deciding: { readonly decision: Decision; readonly score: number };
  readonly shadow: { readonly decision: Decision; readonly score: number };
}

export interface ShadowRecords {
  /** Newest first. */
  all(): Promise<StoredShadow[]>;
  start(shadow: StoredShadow, bundleHash: string, change: Change): Promise<void>;
  /** Gives it as it is then; one that ended before stays as it was. */
  end(id: string, end: ShadowEnd, change: Change): Promise<StoredShadow>;
  /** Of inspections that are no longer on record none is kept. */
  addResults(shadow: string, results: readonly ShadowResult[]): Promise<void>;
  /** How many each has judged, by its id. */
  judged(): Promise<ReadonlyMap<string, number>>;
  found(shadow: StoredShadow): Promise<ShadowFound>;
  /** Those that would have passed first, then those that would not have, then those to and from REVIEW; of each the newest. */
  changes(shadow: string, limit: number): Promise<ChangedDecision[]>;
}
