/** What a study of decisions is made of: who said what of which part, and what the part is. */
import { FelfriError } from '../../core/errors.ts';
import { isDefectiveName, isGoodName } from '../layouts/words.ts';

/** One decision on one presentation of a part. */
export interface Appraisal {
  readonly part: string;
  /** A person, or felfri with a bundle. */
  readonly appraiser: string;
  /** Whether the part may pass: OK. All else keeps it out: NG, REVIEW, and a part that was not inspected. */
  readonly passed: boolean;
  /** As it was said: such as OK, NG, REVIEW, or 'not inspected'. */
  readonly said: string;
  /** File that was looked at, and the score that it got; absent for decisions of people. */
  readonly image?: string;
  readonly score?: number;
}

/** What a part is, as it was agreed before. */
export interface Reference {
  readonly part: string;
  readonly good: boolean;
  /** `good`, or the class of its defect. */
  readonly className: string;
  /** Whether it is a limit sample, close to what is still good; null where nobody said. */
  readonly limit: boolean | null;
}

/** What was read: the appraisals in their order, and the references, empty where there are none. */
export interface Appraisals {
  readonly appraisals: readonly Appraisal[];
  readonly references: readonly Reference[];
  /** Sentences on what was met. */
  readonly notes: readonly string[];
}

export const NOT_INSPECTED = 'not inspected';

export function appraisalError(path: string, message: string, cause?: unknown): FelfriError {
  return new FelfriError('APPRAISALS_INVALID', `${path}: ${message}`, { subject: path, cause });
}

/** Words that keep a part out of what passes, beside those for defective parts. */
const keptOut = /^(review|not[ _-]?inspected|grey|unsure)$/i;

/**
 * Whether a decision lets the part pass; undefined for a word that does not say it, such as a number.
 *
 * @param good the words that alone let a part pass, where the user said them.
 */
export function passes(said: string, good: readonly string[] | undefined): boolean | undefined {
  if (good) return good.some((word) => word.toLowerCase() === said.toLowerCase());
  if (isGoodName(said)) return true;
  return isDefectiveName(said) || keptOut.test(said) ? false : undefined;
}

/** A reference as a table says it: a word for good, or the class of a defect. Undefined for what says neither. */
export function referenceOf(
  said: string,
  good: readonly string[] | undefined,
): Pick<Reference, 'good' | 'className'> | undefined {
  const isGood = good ? good.some((word) => word.toLowerCase() === said.toLowerCase()) : isGoodName(said);
  if (isGood) return { good: true, className: 'good' };
  if (good === undefined && /^(-?\d+|true|false|yes|no|y|n|\?+|-*|unknown|review|none|n\/?a)$/i.test(said))
    return undefined;
  return { good: false, className: said };
}
