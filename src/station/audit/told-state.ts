/** What recipes, users and verdicts must be, if all that the audit log tells was done and nothing else was. */
import type { Role } from '../contract/access.ts';
import { NumberSet } from '../records/number-ranges.ts';
import type { SealedTable } from '../records/seals.ts';
import type { AuditAction, AuditDetails } from './details.ts';

interface ToldLimits {
  readonly threshold: number | null;
  readonly review: number | null;
}

export interface ToldRecipe extends ToldLimits {
  readonly name: string;
  readonly bundleHash: string;
  readonly revision: number;
  /** By revision, to each of which a person may go back. */
  readonly revisions: Map<number, ToldLimits>;
}

export interface ToldUser {
  readonly role: Role;
  /** Fingerprint of what is kept of the password; undefined where the log is older than those. */
  readonly password: string | undefined;
  /** Fingerprints by label. */
  readonly tokens: Map<string, string | undefined>;
}

export interface ToldVerdict {
  readonly verdict: string;
  readonly className: string | null;
  readonly by: string | null;
  readonly note: string | null;
}

/** A signature as it must be on record. */
export interface ToldSignature {
  readonly recipe: string;
  readonly meaning: string;
  readonly by: string | null;
  readonly detail: AuditDetails['recipe.released'];
}

interface Entry<A extends AuditAction> {
  readonly subject: string;
  readonly by: string | null;
  /** Those that older versions wrote may lack some. */
  readonly detail: AuditDetails[A];
}

type Step<A extends AuditAction> = (state: ToldState, entry: Entry<A>) => void;

/** Changes nothing that is compared. */
const nothing = (): void => undefined;

function setLimits(
  { recipes }: ToldState,
  { subject, detail: { after } }: { subject: string; detail: { after: ToldLimits & { readonly revision: number } } },
) {
  const recipe = recipes.get(subject);
  if (!recipe) return;
  recipe.revisions.set(after.revision, after);
  recipes.set(subject, { ...recipe, ...after });
}

function goes(table: SealedTable) {
  return ({ removed }: ToldState, { detail: { numbers } }: Entry<'inspections.removed' | 'not inspected.removed'>) =>
    removed[table].add(numbers ?? []);
}

function signs(meaning: string) {
  return ({ signatures }: ToldState, { subject, by, detail }: Entry<'recipe.proposed' | 'recipe.released'>): void =>
    void signatures.set(detail.signature, { recipe: subject, meaning, by, detail });
}

const steps: { readonly [A in AuditAction]: Step<A> } = {
  'recipe.created': ({ recipes }, { subject, detail: { name, bundleHash, threshold, review } }) =>
    void recipes.set(subject, {
      name,
      bundleHash,
      threshold,
      review,
      revision: 1,
      revisions: new Map([[1, { threshold, review }]]),
    }),
  'recipe.thresholds': setLimits,
  'recipe.rolled back': setLimits,
  'recipe.activated': (state, { subject }) => {
    const recipe = state.recipes.get(subject);
    if (recipe) setLimits(state, { subject, detail: { after: { ...recipe, revision: recipe.revision + 1 } } });
    state.active = subject;
  },
  'recipe.deactivated': (state) => {
    state.active = null;
  },
  'recipe.proposed': signs('proposed'),
  'recipe.released': signs('released'),
  'product.set': ({ products }, { subject, detail: { recipe } }) => void products.set(subject, recipe),
  'product.removed': ({ products }, { subject }) => void products.delete(subject),
  'shadow.started': nothing,
  'shadow.ended': nothing,
  'inspection.feedback': ({ verdicts }, { subject, by, detail: { verdict, className = null, note } }) =>
    void verdicts.set(subject, { verdict, className, by, note }),
  'inspection.feedback withdrawn': ({ verdicts }, { subject }) => void verdicts.delete(subject),
  'pictures.removed': nothing,
  'inspections.removed': goes('inspections'),
  'not inspected.removed': goes('notInspected'),
  'dataset.created': nothing,
  'dataset.image': nothing,
  'dataset.label': nothing,
  'dataset.mask': nothing,
  'dataset.removed': nothing,
  'dataset.deleted': nothing,
  'training.started': nothing,
  'training.stopped': nothing,
  'training.resumed': nothing,
  'records.upgraded': nothing,
  'station.release policy': nothing,
  'study.created': nothing,
  'study.answer': nothing,
  'study.closed': nothing,
  'station.restored': nothing,
  'drift.acknowledged': nothing,
  'drift.learned anew': nothing,
  'reference.added': nothing,
  'reference.removed': nothing,
  'user.added': ({ users }, { subject, detail: { role, password } }) =>
    void users.set(subject, { role, password, tokens: new Map() }),
  'user.role': ({ users }, { subject, detail: { after } }) => {
    const user = users.get(subject);
    if (user) users.set(subject, { ...user, role: after });
  },
  'user.password': ({ users }, { subject, detail }) => {
    const user = users.get(subject);
    // tokens outlived a password when there were no fingerprints
    if (user) users.set(subject, { ...user, password: detail?.password, tokens: detail ? new Map() : user.tokens });
  },
  'user.removed': ({ users }, { subject }) => void users.delete(subject),
  'user.signed in': ({ sessions }, { detail: { session } }) => {
    if (session) sessions.add(session);
  },
  'user.sign-in refused': nothing,
  'user.signature refused': nothing,
  'user.session ended': nothing,
  'user.token added': ({ users }, { subject, detail: { label, token } }) =>
    void users.get(subject)?.tokens.set(label, token),
  'user.token revoked': ({ users }, { subject, detail: { label } }) => void users.get(subject)?.tokens.delete(label),
};

export class ToldState {
  readonly recipes = new Map<string, ToldRecipe>();
  active: string | null = null;
  /** Recipes by product code. */
  readonly products = new Map<string, string>();
  /** By their numbers. */
  readonly signatures = new Map<number, ToldSignature>();
  readonly users = new Map<string, ToldUser>();
  /** Fingerprints of all that were ever opened. */
  readonly sessions = new Set<string>();
  /** By inspection; also of those that are no longer on record. */
  readonly verdicts = new Map<string, ToldVerdict>();
  /** Numbers of records that went. */
  readonly removed: Readonly<Record<SealedTable, NumberSet>> = {
    inspections: new NumberSet(),
    notInspected: new NumberSet(),
  };

  /** Takes the next entry; one of a later version's actions changes nothing that is compared. */
  take(action: string, entry: Entry<never>): void {
    if (Object.hasOwn(steps, action)) (steps[action as AuditAction] as Step<never>)(this, entry);
  }
}
