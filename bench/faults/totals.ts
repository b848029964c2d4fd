/** What several runs of bench/station-faults.ts found, put together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from './check.ts';
import { faultTable, type Suffered } from './table.ts';

interface Totals extends Found {
  readonly faults: number;
  /** Answers of /ready while nothing could be recorded, and those of them that said ready in vain. */
  readonly readyAsked: number;
  readonly readyInVain: number;
  /** Ends of the station that nobody asked for. */
  readonly unasked: number;
  readonly kinds: ReturnType<typeof faultTable>;
}

export const sufferedIn = (folder: string): Suffered[] =>
  readFileSync(join(folder, 'faults.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Suffered);

/** `found` is of each folder's records, in its order. */
export function totalsOf(folders: readonly string[], found: readonly Found[]): Totals {
  const all = folders.flatMap(sufferedIn);
  const sum = <T>(list: readonly T[], of: (one: T) => number): number =>
    list.reduce((total, one) => total + of(one), 0);
  return {
    faults: all.length,
    acknowledged: sum(found, (one) => one.acknowledged),
    lost: sum(found, (one) => one.lost),
    doubled: sum(found, (one) => one.doubled),
    altered: sum(found, (one) => one.altered),
    readyAsked: sum(all, (one) => one.readyAsked),
    readyInVain: sum(all, (one) => one.readyInVain),
    unasked: sum(all, (one) => one.unasked),
    kinds: faultTable(all),
  };
}
