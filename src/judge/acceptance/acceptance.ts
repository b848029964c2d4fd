/**
 * An acceptance test of one inspector, in the words of VDI/VDE/VDMA 2632: slip is a defective part that passes, pseudo-reject a good part that
 * is kept out, a limit sample a part close to what is still good. A part counts once, however often it was presented: wrong if it was ever wrong.
 */
import { FelfriError } from '../../core/errors.ts';
import { type Appraisal, type Appraisals, NOT_INSPECTED, type Reference } from '../../data/appraisals/appraisal.ts';
import { type Proportion, proportion } from '../decision-counts.ts';
import { type RateProof, rateProof } from '../rate-proof.ts';
import { proofOf, trialsNeeded } from '../sample-size.ts';

/** What both sides agreed on before the test. */
export interface AcceptanceLimits {
  /** Largest rates, between 0 and 1. */
  readonly slip: number;
  readonly pseudoReject: number;
  /** One-sided, of what is shown; of intervals two-sided. */
  readonly confidence: number;
}

/** Whether a limit is shown to be kept, shown to be broken, or neither. */
export type Finding = 'shown' | 'broken' | 'open';

export interface AcceptedRate {
  /** Parts that were ever wrong. */
  readonly rate: Proportion;
  readonly limit: number;
  readonly finding: Finding;
  readonly proof: RateProof;
  /** Parts that show the limit with 0, 1, 2 and 3 wrong among them. */
  readonly needed: readonly number[];
  /** Parts that were wrong, in their order. */
  readonly wrong: readonly string[];
}

interface ClassRate {
  readonly name: string;
  /** Parts of this class that every presentation decided rightly. */
  readonly right: Proportion;
}

export interface Acceptance {
  readonly inspector: string;
  readonly parts: number;
  readonly presentations: number;
  readonly slip: AcceptedRate;
  readonly pseudoReject: AcceptedRate;
  /** `good`, then classes of defects by name. */
  readonly classes: readonly ClassRate[];
  /** Null where nobody said which parts are limit samples. */
  readonly limitSamples: { readonly right: Proportion; readonly others: Proportion } | null;
  /** Presentations that a person must decide on, and those that were not inspected; both keep the part out. */
  readonly review: number;
  readonly notInspected: number;
  /** Parts that were presented several times and not always decided alike. */
  readonly unsteady: readonly string[];
  readonly finding: Finding;
  readonly confidence: number;
  readonly notes: readonly string[];
}

interface Part {
  readonly reference: Reference;
  readonly trials: readonly Appraisal[];
}

const isRight = ({ reference, trials }: Part): boolean => trials.every(({ passed }) => passed === reference.good);

/** With as much confidence as a limit is shown to be kept, that it is not. */
function isBroken(wrong: number, parts: number, limit: number, confidence: number): boolean {
  if (wrong === 0) return false;
  return proofOf({ rate: limit, confidence }, { trials: parts, failures: parts - wrong }).proven;
}

function accepted(
  all: readonly Part[],
  words: { readonly name: string; readonly part: string; readonly error: string },
  limit: number,
  confidence: number,
): AcceptedRate {
  const wrong = all.filter((part) => !isRight(part)).map(({ reference }) => reference.part);
  const proof = rateProof({ ...words, limit, confidence }, wrong.length, all.length);
  const broken = isBroken(wrong.length, all.length, limit, confidence);
  return {
    rate: proportion(wrong.length, all.length, confidence),
    limit,
    finding: proof.proven ? 'shown' : broken ? 'broken' : 'open',
    proof,
    needed: [0, 1, 2, 3].map((failures) => trialsNeeded({ rate: 1 - limit, confidence }, failures)),
    wrong,
  };
}

function partsOf({ appraisals, references }: Appraisals): Part[] {
  const trials = new Map<string, Appraisal[]>();
  for (const one of appraisals) trials.set(one.part, [...(trials.get(one.part) ?? []), one]);
  return references.map((reference) => ({ reference, trials: trials.get(reference.part)! }));
}

/** The one who decided. Throws APPRAISALS_INVALID where there are several, or no references. */
function inspectorOf({ appraisals, references }: Appraisals): string {
  const names = [...new Set(appraisals.map(({ appraiser }) => appraiser))];
  if (names.length > 1)
    throw new FelfriError(
      'APPRAISALS_INVALID',
      `got decisions of ${names.join(', ')}; an acceptance is of one inspector: give the results of one bundle (felfri msa compares several)`,
    );
  if (references.length === 0)
    throw new FelfriError('APPRAISALS_INVALID', 'no part has a reference; say by --reference what each part is');
  return names[0]!;
}

const everyRight = (parts: readonly Part[], confidence: number): Proportion =>
  proportion(parts.filter(isRight).length, parts.length, confidence);

/** Throws APPRAISALS_INVALID, and OPTION_INVALID for limits outside 0..1. */
export function acceptanceOf(study: Appraisals, { slip, pseudoReject, confidence }: AcceptanceLimits): Acceptance {
  const inspector = inspectorOf(study);
  const parts = partsOf(study);
  const of = (good: boolean) => parts.filter(({ reference }) => reference.good === good);
  const slips = accepted(of(false), { name: 'slip', part: 'defective part', error: 'let through' }, slip, confidence);
  const rejects = accepted(of(true), { name: 'pseudo-reject', part: 'good part', error: 'kept out' }, pseudoReject, confidence); // biome-ignore format: one line
  const names = [...new Set(of(false).map(({ reference }) => reference.className))].sort();
  const limits = parts.filter(({ reference }) => reference.limit === true);
  const isSaid = parts.some(({ reference }) => reference.limit !== null);
  const findings = [slips.finding, rejects.finding];
  return {
    inspector,
    parts: parts.length,
    presentations: study.appraisals.length,
    slip: slips,
    pseudoReject: rejects,
    classes: [
      { name: 'good', right: everyRight(of(true), confidence) },
      ...names.map((name) => ({
        name,
        right: everyRight(
          of(false).filter(({ reference }) => reference.className === name),
          confidence,
        ),
      })),
    ],
    limitSamples: isSaid
      ? {
          right: everyRight(limits, confidence),
          others: everyRight(
            parts.filter(({ reference }) => reference.limit !== true),
            confidence,
          ),
        }
      : null,
    review: study.appraisals.filter(({ said }) => /^review$/i.test(said)).length,
    notInspected: study.appraisals.filter(({ said }) => said === NOT_INSPECTED).length,
    unsteady: parts
      .filter(({ trials }) => new Set(trials.map(({ passed }) => passed)).size > 1)
      .map(({ reference }) => reference.part),
    finding: findings.includes('broken') ? 'broken' : findings.includes('open') ? 'open' : 'shown',
    confidence,
    notes: study.notes,
  };
}
