/** Whether a part of a picture seems to be missing: more lines of one value, or repeated ones, than good pictures of this product have. Needs nothing of Node. */
import type { FrameFaults } from '../data/image/frame-faults.ts';

/** By which a share may exceed those of good pictures: a part that lies elsewhere before a plain ground. */
const MORE = 0.1;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const kinds: Readonly<Record<keyof FrameFaults, string>> = {
  flat: 'of one value',
  repeated: 'the same as the one before',
};

const beginning = 'part of the picture is missing: ';

/** Why a picture is not judged; null where it is. */
export function frameFault(found: FrameFaults, learned: FrameFaults): string | null {
  for (const [kind, says] of Object.entries(kinds) as [keyof FrameFaults, string][])
    if (found[kind] > learned[kind] + MORE)
      return `${beginning}${percent(found[kind])} of its lines are ${says}, and ${percent(learned[kind])} at most in good pictures`;
  return null;
}

/** The largest shares of some pictures; null of none. */
export function largestFaults(pictures: readonly FrameFaults[]): FrameFaults | null {
  if (pictures.length === 0) return null;
  const most = (kind: keyof FrameFaults): number => pictures.reduce((high, one) => Math.max(high, one[kind]), 0);
  return { flat: most('flat'), repeated: most('repeated') };
}

/** Whether a reason on record is one of `frameFault`. */
export const tellsFrameFault = (reason: string | null): boolean => reason?.startsWith(beginning) ?? false;
