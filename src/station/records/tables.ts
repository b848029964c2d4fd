/** The tables as both databases have them. Columns are in snake case there. */
import type { Role } from '../contract/access.ts';
import type { Inspection, Verdict } from '../contract/inspections.ts';
import type { NotInspected } from '../contract/not-inspected.ts';
import type { RecipeRevision } from '../contract/recipes.ts';

/** Milliseconds since 1970, UTC. */
type Millis = number;

interface InspectionRow {
  id: string;
  resultId: string;
  part: string | null;
  lot: string | null;
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
  width: number;
  height: number;
  createdAt: Millis;
}

interface NotInspectedRow {
  id: string;
  cause: NotInspected['cause'];
  code: string;
  message: string;
  resultId: string | null;
  part: string | null;
  lot: string | null;
  recipe: string | null;
  imageHash: string | null;
  count: number;
  millis: number;
  createdAt: Millis;
}

interface FeedbackRow {
  inspection: string;
  verdict: Verdict;
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
}

interface SessionRow {
  /** SHA-256 of the session's id. */
  hash: string;
  user: string;
  until: Millis;
}

export interface Tables {
  inspections: InspectionRow;
  notInspected: NotInspectedRow;
  feedback: FeedbackRow;
  recipes: RecipeRow;
  recipeRevisions: RevisionRow;
  audit: AuditRow;
  users: UserRow;
  userTokens: TokenRow;
  sessions: SessionRow;
}
