/** What an entry of the audit log holds beside its subject, by action. Entries of before may lack what was added later. */
import type { Role } from '../contract/access.ts';
import type { DataSet, DataSetImage, Label } from '../contract/datasets.ts';
import type { ReferencePart } from '../contract/drift.ts';
import type { Inspection, Verdict } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { RecipeSignature, ReleasePolicy } from '../contract/releases.ts';
import type { NewTraining, Training } from '../contract/training.ts';
import type { NumberRange } from '../records/number-ranges.ts';
import type { ShadowState } from '../records/shadows.ts';

type Limits = Pick<Recipe, 'revision' | 'threshold' | 'review'>;

interface LimitChange {
  readonly before: Limits;
  readonly after: Limits;
  readonly note: string | null;
}

/** What was removed as it became too old or too much, and the times of the first and the last. */
interface Removal {
  readonly reason: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** By which seals are followed past what went. */
interface RemovedNumbers {
  readonly numbers: readonly NumberRange[];
  /** The last that was given until then. */
  readonly lastNumber: number;
}

/** What a removal took. */
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

type ImageState = Pick<DataSetImage, 'label' | 'className' | 'partGroup' | 'mask'>;

interface DataSetChange {
  /** SHA-256 of the image. */
  readonly image: string;
  readonly version: number;
  readonly hash: string;
  readonly before: ImageState | null;
  readonly after: ImageState | null;
}

interface Signed extends Pick<RecipeSignature, 'revision' | 'proposal' | 'content' | 'contentHash' | 'reason'> {
  /** Its number. */
  readonly signature: number;
}

interface Named {
  readonly name: string;
}

interface FromAddress {
  readonly address: string;
}

/** A shadow by its id, and the recipe that decides. */
interface ShadowOf {
  readonly shadow: string;
  readonly deciding: string;
}

interface Secret {
  /** Fingerprint of what is kept of the password. */
  readonly password: string;
}

interface Labelled {
  readonly label: string;
}

interface DriftKnown {
  readonly recipe: string;
  /** Which camera. */
  readonly source: string;
  /** What drifted then, in words. */
  readonly drifting: readonly string[];
  readonly note: string | null;
}

type StatedReference = Pick<ReferencePart, 'name' | 'recipe' | 'part' | 'expected' | 'everyHours'>;

export interface AuditDetails {
  'recipe.created': Pick<Recipe, 'name' | 'bundleHash' | 'threshold' | 'review'> & Partial<Pick<Recipe, 'signedBy'>>;
  'recipe.thresholds': LimitChange;
  'recipe.rolled back': LimitChange & { readonly to: number };
  'recipe.activated': { readonly former: string | null; readonly bundleHash: string };
  'recipe.deactivated': { readonly bundleHash: string };
  'recipe.proposed': Signed;
  'recipe.released': Signed;
  'product.set': {
    readonly recipe: string;
    readonly bundleHash: string;
    readonly former: string | null;
    readonly note: string | null;
  };
  'shadow.started': ShadowOf & {
    readonly bundleHash: string;
    readonly revision: number;
    readonly endsAt: string | null;
    readonly mostParts: number | null;
    readonly note: string | null;
  };
  'shadow.ended': ShadowOf & {
    readonly state: ShadowState;
    readonly problem: string | null;
    readonly note: string | null;
  };
  'product.removed': { readonly former: string; readonly note: string | null };
  'inspection.feedback': {
    readonly verdict: Verdict;
    readonly className?: string | null;
    readonly note: string | null;
    readonly before: Verdict | null;
  };
  'inspection.feedback withdrawn': { readonly before: Verdict; readonly givenBy: string | null };
  'pictures.removed': Removal & { readonly inspections: number; readonly bytes: number };
  'inspections.removed': RemovedInspections & RemovedNumbers & { readonly reason: string; readonly bytes: number };
  'not inspected.removed': Removal & RemovedNumbers & { readonly records: number };
  'dataset.created': Named;
  'dataset.image': DataSetChange;
  'dataset.label': DataSetChange;
  'dataset.mask': DataSetChange;
  'dataset.removed': DataSetChange;
  'dataset.deleted': Pick<DataSet, 'name' | 'version' | 'hash' | 'counts'>;
  'training.started': Pick<NewTraining, 'name' | 'dataSet'> &
    Pick<Training['dataSet'], 'version' | 'hash'> & {
      readonly settings: Omit<NewTraining['settings'], 'regions'>;
      /** Kind and name of each; their shapes stand in the training. */
      readonly regions?: readonly string[];
    };
  'training.stopped': Named;
  'training.resumed': Named;
  'records.upgraded': {
    /** Steps of the tables. */
    readonly from: string;
    readonly to: string;
    /** Name of the copy of before; null where none was made. */
    readonly copy: string | null;
    readonly felfri: string;
  };
  'station.release policy': {
    readonly before: ReleasePolicy;
    readonly after: ReleasePolicy;
    /** Whether product codes were set then. */
    readonly products: boolean;
  };
  'study.created': Named & {
    readonly dataSet: string;
    readonly version: number;
    readonly parts: number;
    readonly trials: number;
    readonly seed: number;
    /** SHA-256 of study.json as it was written. */
    readonly hash: string;
  };
  'study.answer': {
    readonly name: string;
    readonly trial: number;
    readonly position: number;
    readonly part: string;
    readonly answer: Label;
  };
  'study.closed': Named & {
    /** SHA-256 of the answers of each appraiser, as they lie in files. */
    readonly answers: Readonly<Record<string, string>>;
  };
  'station.restored': { readonly madeAt: string; readonly archive: string };
  'drift.acknowledged': DriftKnown;
  'drift.learned anew': DriftKnown;
  'reference.added': StatedReference;
  'reference.removed': StatedReference;
  'user.added': { readonly role: Role } & Secret;
  'user.role': { readonly before: Role; readonly after: Role };
  'user.password': Secret | null;
  'user.removed': { readonly role: Role };
  'user.signed in': FromAddress & {
    /** Fingerprint of the session that was opened; null by the token of the station. */
    readonly session: string | null;
  };
  'user.sign-in refused': FromAddress;
  'user.signature refused': FromAddress & { readonly recipe: string };
  'user.session ended': FromAddress & { readonly session: string };
  'user.token added': Labelled & {
    /** Fingerprint of what is kept of it. */
    readonly token: string;
  };
  'user.token revoked': Labelled;
}

export type AuditAction = keyof AuditDetails;

/** An action as it is written: the id of what was changed, and what its action says of it. */
export type AuditedAction = {
  [A in AuditAction]: { readonly action: A; readonly subject: string; readonly detail: AuditDetails[A] };
}[AuditAction];

/** What happens to an image of a data set. */
export type DataSetAction = Extract<AuditAction, `dataset.${'image' | 'label' | 'mask' | 'removed'}`>;
