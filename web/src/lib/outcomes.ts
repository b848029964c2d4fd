/** What can become of a part: a shape, a word and a colour, of which each is enough. */
import type { Inspection, PartRecord } from '../api/contract.ts';
import type { IconName } from '../ui/Icon.svelte';
import { texts } from './operator-texts.ts';

export type Outcome = PartRecord['decision'];

interface OutcomeRow {
  readonly word: string;
  readonly icon: IconName;
  /** Name of its colours in style/tokens.css, and of its classes. */
  readonly style: string;
  readonly meaning: string;
}

export const outcomes: Readonly<Record<Outcome, OutcomeRow>> = {
  OK: { word: 'OK', icon: 'ok', style: 'ok', meaning: 'The part passes' },
  REVIEW: { word: 'REVIEW', icon: 'review', style: 'review', meaning: 'A person decides' },
  NG: { word: 'NG', icon: 'ng', style: 'ng', meaning: 'The part is rejected' },
  NOT_INSPECTED: {
    word: 'NOT INSPECTED',
    icon: 'none',
    style: 'none',
    meaning: 'Nobody knows whether the part is good',
  },
};

export const isDecided = (record: PartRecord): record is Inspection => record.decision !== 'NOT_INSPECTED';

/** Why, in a few words. */
export const causeNames = texts.en.causes;

/** What a part is called in lists. */
export function partName(record: PartRecord, { severalParts, unnamed } = texts.en): string {
  if (!isDecided(record) && record.count > 1) return severalParts(record.count);
  return record.part ?? unnamed;
}
