/**
 * Attribute agreement (AIAG MSA, 4th edition, chapter III, section C): does an appraiser agree with himself when a part comes again, do
 * appraisers agree with each other, and with what the parts are? felfri is an appraiser like any other.
 */
import { FelfriError } from '../../core/errors.ts';
import type { Appraisal, Appraisals, Reference } from '../../data/appraisals/appraisal.ts';
import { type Proportion, proportion } from '../decision-counts.ts';
import { cohenKappa, fleissKappa, type Kappa, type Pair } from './kappa.ts';

/** A rate over decisions, as AIAG states it, and over parts, of which each counts once: wrong in any of its trials. */
interface TwofoldRate {
  readonly decisions: Proportion;
  readonly parts: Proportion;
}

export interface AppraiserAgreement {
  readonly name: string;
  /** Decisions that kept a part out without being NG. */
  readonly review: number;
  readonly notInspected: number;
  /** Parts on which all trials say the same, and Fleiss' kappa of the trials; null with one trial. */
  readonly within: { readonly agreed: Proportion; readonly kappa: Kappa | null } | null;
  /** Null without references. */
  readonly against: {
    /** Parts that every trial decides rightly. */
    readonly effectiveness: Proportion;
    /** Cohen's, of all decisions and the references. */
    readonly kappa: Kappa | null;
    /** Defective parts that passed. */
    readonly miss: TwofoldRate;
    /** Good parts that were kept out. */
    readonly falseAlarm: TwofoldRate;
    /** Limit samples that every trial decides rightly; null where no part was said to be one. */
    readonly limitSamples: Proportion | null;
    /** Parts that were missed, and good ones kept out, in any trial. */
    readonly missed: readonly string[];
    readonly keptOut: readonly string[];
  } | null;
}

export interface AgreementStudy {
  readonly parts: number;
  /** Presentations of a part to each appraiser. */
  readonly trials: number;
  readonly appraisers: readonly AppraiserAgreement[];
  /** Null with one appraiser. */
  readonly between: {
    /** Parts on which all trials of all appraisers say the same. */
    readonly agreed: Proportion;
    /** Fleiss', of all decisions. */
    readonly kappa: Kappa | null;
    /** Cohen's, of the trials of two appraisers in their order. */
    readonly pairs: readonly { readonly one: string; readonly other: string; readonly kappa: Kappa | null }[];
  } | null;
  /** Parts that every trial of every appraiser decides rightly; null without references. */
  readonly allAgainstReference: Proportion | null;
  /** Parts by kind; null without references. `limit` is null where nobody said which are limit samples. */
  readonly references: { readonly good: number; readonly defective: number; readonly limit: number | null } | null;
  /** Of all intervals. */
  readonly confidence: number;
  readonly notes: readonly string[];
}

/** Decisions of one appraiser: a row a part, in the order of `parts`. */
interface Rows {
  readonly name: string;
  readonly rows: readonly (readonly Appraisal[])[];
}

const unbalanced = (message: string): FelfriError =>
  new FelfriError('APPRAISALS_INVALID', `${message}; every appraiser must see every part equally often`);

/** The decisions by appraiser and part. Throws APPRAISALS_INVALID unless each part has as many of each appraiser. */
function arranged(appraisals: readonly Appraisal[]): { parts: string[]; trials: number; all: Rows[] } {
  const parts = [...new Set(appraisals.map(({ part }) => part))];
  const names = [...new Set(appraisals.map(({ appraiser }) => appraiser))];
  const cells = new Map(names.map((name) => [name, new Map(parts.map((part) => [part, [] as Appraisal[]]))]));
  for (const each of appraisals) cells.get(each.appraiser)!.get(each.part)!.push(each);
  const trials = cells.get(names[0]!)!.get(parts[0]!)!.length;
  for (const name of names) {
    for (const part of parts) {
      const { length } = cells.get(name)!.get(part)!;
      if (length !== trials)
        throw unbalanced(
          `${name} decided ${length} times on part ${part}, ${names[0]} ${trials} times on part ${parts[0]}`,
        );
    }
  }
  return {
    parts,
    trials,
    all: names.map((name) => ({ name, rows: parts.map((part) => cells.get(name)!.get(part)!) })),
  };
}

const agree = (row: readonly Appraisal[]): boolean => row.every(({ passed }) => passed === row[0]!.passed);
const flags = (row: readonly Appraisal[]): boolean[] => row.map(({ passed }) => passed);
const said = (rows: Rows['rows'], what: RegExp): number => rows.flat().filter((one) => what.test(one.said)).length;

/** A part with its decisions. */
interface Judged {
  readonly reference: Reference;
  readonly row: readonly Appraisal[];
}

const isRight = ({ reference, row }: Judged): boolean => row.every(({ passed }) => passed === reference.good);

function against(judged: readonly Judged[], confidence: number): NonNullable<AppraiserAgreement['against']> {
  const wrong = (good: boolean): { rate: TwofoldRate; parts: string[] } => {
    const own = judged.filter(({ reference }) => reference.good === good);
    const decisions = own.flatMap(({ row }) => flags(row));
    const parts = own.filter((one) => !isRight(one)).map(({ reference }) => reference.part);
    return {
      rate: {
        decisions: proportion(decisions.filter((passed) => passed !== good).length, decisions.length, confidence),
        parts: proportion(parts.length, own.length, confidence),
      },
      parts,
    };
  };
  const pairs = judged.flatMap(({ reference: { part, good }, row }): Pair[] =>
    row.map(({ passed }) => ({ part, one: passed, other: good })),
  );
  const limits = judged.filter(({ reference }) => reference.limit);
  const [miss, falseAlarm] = [wrong(false), wrong(true)];
  return {
    effectiveness: proportion(judged.filter(isRight).length, judged.length, confidence),
    kappa: cohenKappa(pairs, confidence),
    miss: miss.rate,
    falseAlarm: falseAlarm.rate,
    limitSamples: limits.length === 0 ? null : proportion(limits.filter(isRight).length, limits.length, confidence),
    missed: miss.parts,
    keptOut: falseAlarm.parts,
  };
}

function between(parts: readonly string[], all: readonly Rows[], confidence: number): AgreementStudy['between'] {
  if (all.length < 2) return null;
  const joined = parts.map((_, i) => all.flatMap(({ rows }) => rows[i]!));
  const pairs = all.flatMap((one, i) =>
    all.slice(i + 1).map((other) => ({
      one: one.name,
      other: other.name,
      kappa: cohenKappa(
        parts.flatMap((part, k): Pair[] =>
          one.rows[k]!.map(({ passed }, trial) => ({ part, one: passed, other: other.rows[k]![trial]!.passed })),
        ),
        confidence,
      ),
    })),
  );
  return {
    agreed: proportion(joined.filter(agree).length, parts.length, confidence),
    kappa: fleissKappa(joined.map(flags), confidence),
    pairs,
  };
}

/**
 * The whole study. Without references it says nothing of right and wrong.
 *
 * @param confidence of every interval, 0..1.
 * @throws FelfriError APPRAISALS_INVALID unless every appraiser decided on every part equally often.
 */
export function attributeAgreement({ appraisals, references, notes }: Appraisals, confidence = 0.95): AgreementStudy {
  const { parts, trials, all } = arranged(appraisals);
  const byPart = new Map(references.map((reference) => [reference.part, reference]));
  const known = parts.every((part) => byPart.has(part));
  const judged = (rows: Rows['rows']): Judged[] =>
    parts.map((part, i) => ({ reference: byPart.get(part)!, row: rows[i]! }));
  const everyone = parts.map((_, i) => all.flatMap(({ rows }) => rows[i]!));
  const told = references.filter(({ limit }) => limit !== null);
  return {
    parts: parts.length,
    trials,
    appraisers: all.map(({ name, rows }) => ({
      name,
      review: said(rows, /^review$/i),
      notInspected: said(rows, /^not[ _-]?inspected$/i),
      within:
        trials < 2
          ? null
          : {
              agreed: proportion(rows.filter(agree).length, parts.length, confidence),
              kappa: fleissKappa(rows.map(flags), confidence),
            },
      against: known ? against(judged(rows), confidence) : null,
    })),
    between: between(parts, all, confidence),
    allAgainstReference: known ? proportion(judged(everyone).filter(isRight).length, parts.length, confidence) : null,
    references: known
      ? {
          good: references.filter(({ good }) => good).length,
          defective: references.filter(({ good }) => !good).length,
          limit: told.length === 0 ? null : told.filter(({ limit }) => limit).length,
        }
      : null,
    confidence,
    notes,
  };
}
