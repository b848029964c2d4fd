/** The two limits of the threshold tuner: how typing, dragging and the tick change them, and what is wrong with what was typed. */
import { formatScore } from '../../lib/format.ts';

export interface Limits {
  /** From which score on a part is NG. */
  readonly ng: number;
  /** From which a person looks at it; null: no REVIEW. */
  readonly review: number | null;
}

export type LimitName = 'ng' | 'review';

/** What was typed and refused, with the reason. */
export type Refusals = { readonly [L in LimitName]?: { readonly text: string; readonly reason: string } };

/** Limits after a change, or why what was typed is refused; the limits in force stay then. */
type Change = { readonly limits: Limits } | { readonly refused: string };

/** Four digits are what is shown; what is saved is what was seen. */
const seen = (score: number): number => Number(formatScore(score));

/** A handle that is dragged, or moved by keys, stops at the other: neither ever moves the other. */
export function dragged(limits: Limits, which: LimitName, score: number): Limits {
  const { ng, review } = limits;
  if (which === 'ng') return { ng: Math.max(seen(score), review ?? Number.NEGATIVE_INFINITY), review };
  return { ng, review: Math.min(seen(score), ng) };
}

/** What was typed: refused where it is no number, or puts REVIEW above NG. */
export function typed(limits: Limits, which: LimitName, text: string): Change {
  const score = text.trim() === '' ? Number.NaN : Number(text);
  const name = which === 'ng' ? 'NG' : 'REVIEW';
  if (!Number.isFinite(score)) {
    const inForce = which === 'ng' ? limits.ng : limits.review;
    return { refused: `Give a number. ${name} from ${inForce === null ? 'none' : formatScore(inForce)} still holds.` };
  }
  const next = { ...limits, [which]: seen(score) };
  if (next.review === null || next.review <= next.ng) return { limits: next };
  return which === 'review'
    ? { refused: `REVIEW must not begin above NG, which is from ${formatScore(limits.ng)}. Move NG first.` }
    : { refused: `NG must not begin below REVIEW, which is from ${formatScore(next.review)}. Move REVIEW first.` };
}

/** Ticked or not: REVIEW begins at `below` where there was none. */
export function toggledReview({ ng, review }: Limits, below: number): Limits {
  return { ng, review: review === null ? Math.min(ng, seen(below)) : null };
}

export function sameLimits(
  some: Limits,
  { ng, review }: { readonly ng: number | null; readonly review: number | null },
) {
  return some.ng === ng && some.review === review;
}
