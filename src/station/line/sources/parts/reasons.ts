/** By what the reasons on record tell the record that stands for a part from those of its other views. */
import type { Decision } from '../../../../judge/decision.ts';

const OF_PART = 'views: ';

/** `views`: what came of each. */
export const reasonOfPart = (views: readonly string[], own: string): string => `${OF_PART}${views.join(', ')}${own}`;

export const standsForPart = (reason: string | null): boolean => reason?.startsWith(OF_PART) ?? false;

export const reasonOfView = (view: string, decision: Decision): string => `view ${view} of a part that is ${decision}`;

/** What a view's reason says of its part; null where it is none of several. */
export const partDecisionIn = (reason: string | null): Decision | null =>
  (/^view .* of a part that is (OK|REVIEW|NG)$/s.exec(reason ?? '')?.[1] as Decision | undefined) ?? null;
