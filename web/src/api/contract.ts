/** The types that page and service share: of the service's source, the page knows these, and how a client asks. */
export type { Role, SessionRequest, SessionState } from '../../../src/station/contract/access.ts';
export type { AuditEntry, AuditFilter, AuditFormat, AuditQuery } from '../../../src/station/contract/audit.ts';
export type { Decision, Proportion } from '../../../src/station/contract/common.ts';
export type {
  DataSetCounts,
  DataSetDetail,
  DataSetImage,
  ImageChange,
  ImageLabel,
  Label,
} from '../../../src/station/contract/datasets.ts';
export type {
  Inspection,
  InspectionQuery,
  Verdict,
} from '../../../src/station/contract/inspections.ts';
export type { NotInspected, PartRecord } from '../../../src/station/contract/not-inspected.ts';
export type { Product } from '../../../src/station/contract/products.ts';
export type { Recipe, RecipeRevision } from '../../../src/station/contract/recipes.ts';
export type { Station, StationEvent } from '../../../src/station/contract/station.ts';
export type { CountedBy, StatisticsRow } from '../../../src/station/contract/statistics.ts';
export type { StudyTask } from '../../../src/station/contract/studies.ts';
export type {
  NewTraining,
  Training,
  TrainingChoices,
  TrainingState,
} from '../../../src/station/contract/training.ts';
export type { RecipeScores, ScoreSource, TuneRequest, Tuning } from '../../../src/station/contract/tuning.ts';
