/**
 * What may be shown of the newest part, as a function of what was heard and the time: a decision stands only while the station lives, for
 * the newest part, and as long as it is told to. Knows no browser and no clock, so that every state can be tried.
 */
import type { PartRecord } from '../api/contract.ts';

/** The station tells something every second; after this long a silence nothing on the screen can be relied on. */
export const SILENCE_MILLIS = 5000;
/** An image that takes longer than this has made what is shown a matter of the part before. */
const BUSY_MILLIS = 3000;

/** What the page has heard. Times are milliseconds of a clock of the page's own that nobody sets, unless they say otherwise. */
export interface Heard {
  /** When the page began to listen. */
  readonly since: number;
  /** The last sign of life; undefined while there is no connection. */
  readonly alive: number | undefined;
  /** The same of a connection that has ended, too. */
  readonly lastAlive: number | undefined;
  /** Whether what happened before the connection was asked for, so that nothing is missing. */
  readonly complete: boolean;
  /** The station's own clock, as its last heartbeat said it, in milliseconds since 1970. */
  readonly stationTime: number | undefined;
  /** Images that it has at present. */
  readonly underWay: number;
  readonly newest: PartRecord | undefined;
  readonly hasRecipe: boolean;
  /** How long a decision is shown as the newest. */
  readonly showSeconds: number;
}

export type LineView =
  /** The page has just been opened. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'silent'; readonly seconds: number }
  | { readonly kind: 'no-recipe' }
  | { readonly kind: 'first' }
  /** The newest part. */
  | { readonly kind: 'part'; readonly record: PartRecord; readonly age: number }
  /** The newest part of a while ago; `busy` where the next one is being inspected. */
  | { readonly kind: 'waiting'; readonly record: PartRecord; readonly age: number; readonly busy: boolean };

/** Seconds since something was recorded, by the station's clock: that of the screen may be wrong. */
function ageOf({ createdAt }: PartRecord, { stationTime, alive }: Heard, now: number): number {
  if (stationTime === undefined || alive === undefined) return 0;
  return Math.max(0, (stationTime + (now - alive) - Date.parse(createdAt)) / 1000);
}

export function lineView(heard: Heard, now: number): LineView {
  const { since, alive, lastAlive, complete, newest, hasRecipe, showSeconds, underWay } = heard;
  const isOpening = now - since <= SILENCE_MILLIS;
  if (alive === undefined || now - alive > SILENCE_MILLIS || !complete) {
    if (isOpening) return { kind: 'connecting' };
    return { kind: 'silent', seconds: Math.floor((now - (lastAlive ?? since)) / 1000) };
  }
  const age = newest ? ageOf(newest, heard, now) : 0;
  if (newest && age < showSeconds) {
    if (underWay === 0 || age * 1000 < BUSY_MILLIS) return { kind: 'part', record: newest, age };
    return { kind: 'waiting', record: newest, age, busy: true };
  }
  if (!hasRecipe) return { kind: 'no-recipe' };
  return newest ? { kind: 'waiting', record: newest, age, busy: underWay > 0 } : { kind: 'first' };
}

interface AgeTexts {
  readonly justNow: string;
  readonly ago: (count: number, unit: 's' | 'min' | 'h') => string;
}

/** `just now`, `4 s ago`, `3 min ago`, `2 h ago`, in a language's words. */
export function ageText(seconds: number, { justNow, ago }: AgeTexts): string {
  if (seconds < 1) return justNow;
  if (seconds < 100) return ago(Math.floor(seconds), 's');
  if (seconds < 6000) return ago(Math.floor(seconds / 60), 'min');
  return ago(Math.floor(seconds / 3600), 'h');
}
