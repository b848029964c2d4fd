/** The tables as both databases have them. Columns are in snake case there. */
import type { Inspection, Verdict } from '../contract/inspections.ts';
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

export interface Tables {
  inspections: InspectionRow;
  feedback: FeedbackRow;
  recipes: RecipeRow;
  recipeRevisions: RevisionRow;
  audit: AuditRow;
}
