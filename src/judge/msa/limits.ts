/** The limits in use for attribute studies (AIAG MSA, 4th edition, after its third): rules of thumb, not tied to what a miss costs. */

type Grade = 'acceptable' | 'marginal' | 'unacceptable';

interface Limit {
  readonly words: string;
  /** Whether more is better. */
  readonly rising: boolean;
  readonly acceptable: number;
  readonly marginal: number;
}

export const customaryLimits = {
  effectiveness: { words: 'effectiveness', rising: true, acceptable: 0.9, marginal: 0.8 },
  miss: { words: 'miss rate', rising: false, acceptable: 0.02, marginal: 0.05 },
  falseAlarm: { words: 'false alarm rate', rising: false, acceptable: 0.05, marginal: 0.1 },
} as const satisfies Record<string, Limit>;

export type Limited = keyof typeof customaryLimits;

/** Where a measured figure lies; null where it was not measured. */
export function gradeOf(what: Limited, value: number | null): Grade | null {
  if (value === null) return null;
  const { rising, acceptable, marginal } = customaryLimits[what];
  const within = (limit: number): boolean => (rising ? value >= limit : value <= limit);
  if (within(acceptable)) return 'acceptable';
  return within(marginal) ? 'marginal' : 'unacceptable';
}
