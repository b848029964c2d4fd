/** The tables as both databases have them. Columns are in snake case there. */
import type { Role } from '../contract/access.ts';
import type { Inspection, Verdict } from '../contract/inspections.ts';
import type { NotInspected } from '../contract/not-inspected.ts';
import type { RecipeRevision } from '../contract/recipes.ts';
import type { RecipeSignature } from '../contract/releases.ts';
import type { Outcome } from './outbox.ts';
import type { ShadowFault, ShadowState } from './shadows.ts';

/** Milliseconds since 1970, UTC. */
type Millis = number;

/** Null in none but what was put in past the station. */
interface SealColumns {
  number: number | null;
  previous: string | null;
  seal: string | null;
}

interface InspectionRow extends SealColumns {
  id: string;
  resultId: string;
  part: string | null;
  lot: string | null;
  product: string | null;
  recipe: string;
  revision: number;
  decision: Inspection['decision'];
  reason: string | null;
  score: number;
  threshold: number | null;
  review: number | null;
  millis: number;
  imageHash: string;
  /** 0 or 1. */
  imageStored: number;
  /** 1 while it is NG or REVIEW and nobody has given a verdict, else 0. */
  awaitsReview: number;
  width: number;
  height: number;
  createdAt: Millis;
  reference: string | null;
}

interface NotInspectedRow extends SealColumns {
  id: string;
  cause: NotInspected['cause'];
  code: string;
  message: string;
  resultId: string | null;
  part: string | null;
  lot: string | null;
  product: string | null;
  recipe: string | null;
  imageHash: string | null;
  count: number;
  millis: number;
  createdAt: Millis;
}

interface FeedbackRow {
  inspection: string;
  verdict: Verdict;
  className: string | null;
  givenBy: string | null;
  note: string | null;
  createdAt: Millis;
}

interface RecipeRow {
  id: string;
  name: string;
  /** The present one. */
  revision: number;
  /** 0 or 1; 1 in at most one row. */
  active: number;
  bundleHash: string;
  detector: string;
  /** JSON: figures, data, mapRange. */
  facts: string;
  createdAt: Millis;
}

interface ProductRow {
  code: string;
  recipe: string;
  setBy: string | null;
  since: Millis;
}

interface SignatureRow extends Omit<RecipeSignature, 'content' | 'by' | 'at'> {
  /** JSON. */
  content: string;
  signedBy: string;
  createdAt: Millis;
}

interface RevisionRow {
  recipe: string;
  revision: number;
  change: RecipeRevision['change'];
  thresholdsFrom: number;
  threshold: number | null;
  review: number | null;
  rule: string | null;
  madeBy: string | null;
  note: string | null;
  createdAt: Millis;
}

export interface AuditRow {
  number: number;
  at: Millis;
  madeBy: string | null;
  action: string;
  subject: string;
  /** JSON. */
  detail: string;
  previous: string;
  hash: string;
}

export interface UserRow {
  id: string;
  name: string;
  role: Role;
  /** As hashPassword gives it. */
  password: string;
  createdAt: Millis;
}

interface TokenRow {
  /** SHA-256 of the token. */
  hash: string;
  user: string;
  label: string;
  createdAt: Millis;
  usedAt: Millis | null;
}

interface SessionRow {
  /** SHA-256 of the session's id. */
  hash: string;
  user: string;
  address: string;
  openedAt: Millis;
  /** When it was used last, to a minute. */
  seenAt: Millis;
  until: Millis;
}

interface OutboxRow {
  output: string;
  sequence: number;
  /** JSON. */
  record: string;
  /** Null while it waits. */
  outcome: Outcome | null;
  settledAt: Millis | null;
  createdAt: Millis;
}

/** One row. */
interface OutboxCounterRow {
  id: number;
  /** The last sequence number that was given. */
  last: number;
}

interface ShadowRow {
  id: string;
  recipe: string;
  revision: number;
  threshold: number | null;
  review: number | null;
  /** The recipe that decides. */
  deciding: string;
  state: ShadowState;
  problem: string | null;
  startedBy: string | null;
  startedAt: Millis;
  endsAt: Millis | null;
  mostParts: number | null;
  endedAt: Millis | null;
  /** Inspections with a later id are none of it; null while it goes on. */
  lastId: string | null;
}

/** What a shadow made of an inspection: decision and score, or why there are none. */
interface ShadowResultRow {
  shadow: string;
  inspection: string;
  decision: Inspection['decision'] | null;
  score: number | null;
  reason: string | null;
  fault: ShadowFault | null;
  millis: number | null;
}

/** One row, written to see whether rows can be written. */
interface ProbeRow {
  id: number;
  checkedAt: Millis;
}

export interface Tables {
  inspections: InspectionRow;
  notInspected: NotInspectedRow;
  feedback: FeedbackRow;
  recipes: RecipeRow;
  recipeRevisions: RevisionRow;
  recipeSignatures: SignatureRow;
  products: ProductRow;
  audit: AuditRow;
  users: UserRow;
  userTokens: TokenRow;
  sessions: SessionRow;
  outbox: OutboxRow;
  outboxCounter: OutboxCounterRow;
  shadows: ShadowRow;
  shadowResults: ShadowResultRow;
  probe: ProbeRow;
}
