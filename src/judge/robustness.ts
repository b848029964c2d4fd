/** How a detector holds when its pictures are disturbed: rates by degree, and the degree to which they hold. */
import { auroc } from '../core/auroc.ts';
import type { Decision } from './decision.ts';
import { type Proportion, proportion } from './decision-counts.ts';
import { bootstrapAuroc, type Interval } from './intervals.ts';

/** One picture by the bundle's own thresholds. */
export interface Judged {
  readonly score: number;
  readonly decision: Decision;
}

export interface JudgedParts {
  /** 1 for defective, 0 for good, one per image. */
  readonly labels: readonly number[];
  readonly partGroups: readonly string[];
}

export interface Rates {
  /** Null when the images are of one kind only; the interval is by part group. */
  readonly auroc: { readonly value: number; readonly interval: Interval | null } | null;
  /** Share of the defective images that are not OK. */
  readonly recall: Proportion;
  /** Share of the good images that are NG. */
  readonly falseAlarmRate: Proportion;
  /** Share of the good images that are for REVIEW. */
  readonly reviewRate: Proportion;
}

export interface DegreeRates extends Rates {
  readonly degree: number;
  /** Whether the rates are nearly those of undisturbed pictures (`tolerance`). */
  readonly holds: boolean;
}

export interface DisturbedRates {
  /** From the mildest to the strongest. */
  readonly degrees: readonly DegreeRates[];
  /** The strongest degree up to which all hold; null where not even the mildest does. */
  readonly limit: number | null;
}

/** By how much a rate may be worse than on undisturbed pictures and still hold. */
const tolerance = { auroc: 0.02, recall: 0.05, falseAlarmRate: 0.05 } as const;

const CONFIDENCE = 0.95;
const SEED = 0;

/** What holding means, in a sentence. */
export const toleranceText = `it holds while AUC-ROC is at most ${tolerance.auroc} below that of undisturbed images, the share of defective images that are not OK at most ${tolerance.recall}, and the share of good images that are NG at most ${tolerance.falseAlarmRate} above`;

/** Rates of decisions on images, in the order of the parts. */
export function ratesOf(judged: readonly Judged[], { labels, partGroups }: JudgedParts): Rates {
  const scores = judged.map(({ score }) => score);
  const hasBoth = labels.includes(0) && labels.includes(1);
  const share = (label: number, is: (decision: Decision) => boolean): Proportion => {
    const own = judged.filter((_, i) => labels[i] === label);
    return proportion(own.filter(({ decision }) => is(decision)).length, own.length, CONFIDENCE);
  };
  return {
    auroc: hasBoth
      ? { value: auroc(scores, labels), interval: bootstrapAuroc({ labels, scores }, { partGroups, seed: SEED }) }
      : null,
    recall: share(1, (decision) => decision !== 'OK'),
    falseAlarmRate: share(0, (decision) => decision === 'NG'),
    reviewRate: share(0, (decision) => decision === 'REVIEW'),
  };
}

/** Rounding must not decide. */
const EPSILON = 1e-9;

function holds(rates: Rates, plain: Rates): boolean {
  const area = (plain.auroc?.value ?? 0) - (rates.auroc?.value ?? 0);
  const missed = (plain.recall.value ?? 0) - (rates.recall.value ?? 0);
  const alarms = (rates.falseAlarmRate.value ?? 0) - (plain.falseAlarmRate.value ?? 0);
  return (
    area <= tolerance.auroc + EPSILON &&
    missed <= tolerance.recall + EPSILON &&
    alarms <= tolerance.falseAlarmRate + EPSILON
  );
}

/** The rates of each degree, from the mildest on, beside those of undisturbed pictures. */
export function disturbedRates(
  degrees: readonly (Rates & { readonly degree: number })[],
  plain: Rates,
): DisturbedRates {
  const told = degrees.map((rates) => ({ ...rates, holds: holds(rates, plain) }));
  const first = told.findIndex((rates) => !rates.holds);
  const held = first === -1 ? told.length : first;
  return { degrees: told, limit: told[held - 1]?.degree ?? null };
}
