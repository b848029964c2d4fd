/**
 * Views of parts that come by HTTP. They wait beside those of the sources for the others of their part, and each is answered with the record that
 * stands for the part: also where it is sent again because an answer was lost.
 */
import { FelfriError } from '../../../../core/errors.ts';
import { isDecided } from '../../../inspections/decided.ts';
import type { Recorded } from '../../../inspections/inspecting.ts';
import type { SentViewOfPart } from '../../../inspections/inspections.ts';
import type { Records } from '../../../records/records.ts';
import type { Room } from '../room.ts';
import type { Assembly } from './assembly.ts';
import { partDecisionIn, standsForPart } from './reasons.ts';
import { hashOf, type View } from './record.ts';
import type { PartSettings } from './settings.ts';

interface UnderWay {
  readonly part: string;
  readonly view: string;
  readonly found: Promise<View>;
  readonly done: Promise<Recorded>;
}

export class SentViews {
  readonly #settings: PartSettings | null;
  readonly #assembly: Assembly | null;
  readonly #room: Room;
  readonly #records: Pick<Records, 'inspectionOfResult' | 'partRecords'>;
  readonly #underWay = new Map<string, UnderWay>();

  /** `room`: of all sources. */
  constructor(
    settings: PartSettings | null,
    assembly: Assembly | null,
    room: Room,
    records: Pick<Records, 'inspectionOfResult' | 'partRecords'>,
  ) {
    this.#settings = settings;
    this.#assembly = assembly;
    this.#room = room;
    this.#records = records;
  }

  /**
   * Resolves with the record that stands for the part. Throws OPTION_INVALID, TOO_BUSY, CONFLICT where the part has another image of that view, and
   * what `decide` throws.
   */
  async add({ view, bytes, fields }: SentViewOfPart, decide: () => Promise<View>): Promise<Recorded> {
    const part = this.#requirePart(view, fields.part);
    const { resultId } = fields;
    const known = this.#underWay.get(resultId);
    if (known) return this.#again(known, { part, view, resultId }, decide);
    let decided!: (found: Promise<View>) => void;
    let refused!: (error: unknown) => void;
    const found = new Promise<View>((resolve, reject) => {
      decided = resolve;
      refused = reject;
    });
    const done = this.#join({ part, view, resultId, bytes }, () => {
      const work = decide();
      decided(work);
      return work;
    });
    // where it is refused before it is decided, so is who sent it again
    done.catch(refused);
    found.catch(() => undefined);
    this.#underWay.set(resultId, { part, view, found, done });
    try {
      return await done;
    } finally {
      this.#underWay.delete(resultId);
    }
  }

  async #join(
    { part, view, resultId, bytes }: { part: string; view: string; resultId: string; bytes: number },
    decide: () => Promise<View>,
  ): Promise<Recorded> {
    if (await this.#records.inspectionOfResult(resultId)) {
      const former = await decide();
      if (!('picture' in former)) return { inspection: await this.#recordOfPart(former), added: false };
    }
    const giveBack = this.#room.take(bytes);
    if (!giveBack) throw new FelfriError('TOO_BUSY', 'images of the line wait for their decisions, as many as may');
    try {
      const inspection = await this.#assembly!.add(part, view, decide);
      if (standsForPart(inspection.reason)) return { inspection, added: true };
      return { inspection: await this.#recordOfPart(inspection), added: false };
    } finally {
      giveBack();
    }
  }

  #requirePart(view: string, part: string | undefined): string {
    if (!this.#settings?.http)
      throw invalid('view', 'views come by HTTP only where the file of the line has "parts" with "http": true');
    const { views } = this.#settings;
    if (!views.includes(view)) throw invalid('view', `${view} is no view; there are ${views.join(', ')}`);
    if (part === undefined) throw invalid('part', `the image of view ${view} says no part`);
    return part;
  }

  /** The same image again, while it waits for the others: it is not a second view. */
  async #again(
    known: UnderWay,
    { part, view, resultId }: { part: string; view: string; resultId: string },
    decide: () => Promise<View>,
  ): Promise<Recorded> {
    const [first, now] = await Promise.all([known.found, decide()]);
    if (known.part !== part || known.view !== view || hashOf(first) !== hashOf(now))
      throw new FelfriError('CONFLICT', `${resultId} is another image, or of another part or view`, {
        subject: resultId,
      });
    return { ...(await known.done), added: false };
  }

  /** Of a view that is on record: the decision on its part, never that on the view alone. */
  async #recordOfPart(view: Recorded['inspection']): Promise<Recorded['inspection']> {
    if (standsForPart(view.reason)) return view;
    const decision = partDecisionIn(view.reason);
    const { part } = view;
    if (decision !== null && part !== null) {
      const { inspections } = await this.#records.partRecords({ part, limit: 500 });
      const newer = inspections.filter(
        (one) => isDecided(one) && one.part === part && one.id > view.id && standsForPart(one.reason),
      );
      const next = newer.at(-1);
      if (next && isDecided(next) && next.decision === decision) return next;
    }
    throw new FelfriError(
      'CONFLICT',
      `the image is on record as ${view.id}, and no decision on its part is; send all views of the part anew, under new resultIds`,
      { subject: view.id },
    );
  }
}

const invalid = (subject: string, why: string): FelfriError => new FelfriError('OPTION_INVALID', why, { subject });
