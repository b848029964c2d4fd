/** What became of the parts since midnight: from the records, and from what the station counted since they were asked. */
import type { Station } from '../../api/contract.ts';
import { clockOffset, getStatistics, since } from '../statistics/statistics.ts';

export interface Counts {
  readonly ok: number;
  readonly review: number;
  readonly ng: number;
  readonly notInspected: number;
}

function ofStation({ counts }: Station): Counts {
  const { ok, review, ng, refused, shed, late, lost, failed } = counts;
  return { ok, review, ng, notInspected: refused + shed + late + lost + failed };
}

/** Records may be removed meanwhile, and what a full disk kept from the records is in the station's own count alone. */
const FRESH_MILLIS = 300_000;

export class Today {
  #records = $state.raw<Counts>();
  #then = $state.raw<Station>();
  #midnight = '';
  #askedAt = 0;

  /** To be told of each answer of the station; asks for the records at first, at midnight, and after a restart. Never rejects. */
  async follow(facts: Station, now = new Date()): Promise<void> {
    const midnight = since(0, now);
    const isFresh = now.getTime() - this.#askedAt < FRESH_MILLIS;
    if (isFresh && midnight === this.#midnight && this.#then?.startedAt === facts.startedAt) return;
    this.#midnight = midnight;
    this.#askedAt = now.getTime();
    try {
      const { rows } = await getStatistics({ by: 'recipe', from: midnight, offset: clockOffset(now) });
      const sum = (count: (row: Counts) => number) => rows.reduce((total, row) => total + count(row), 0);
      this.#records = {
        ok: sum(({ ok }) => ok),
        review: sum(({ review }) => review),
        ng: sum(({ ng }) => ng),
        notInspected: sum(({ notInspected }) => notInspected),
      };
      this.#then = facts;
    } catch {
      // the page's own banner says what is wrong; asked again with the next answer
      this.#askedAt = 0;
    }
  }

  /** Undefined before the records were counted. */
  of(facts: Station): Counts | undefined {
    if (!this.#records || !this.#then) return undefined;
    const [now, then, records] = [ofStation(facts), ofStation(this.#then), this.#records];
    const more = (name: keyof Counts) => records[name] + Math.max(0, now[name] - then[name]);
    return { ok: more('ok'), review: more('review'), ng: more('ng'), notInspected: more('notInspected') };
  }
}
