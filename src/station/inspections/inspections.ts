/** The station's inspections: an image comes in and is decided on, a person judges the decision, and both are found again. */
import { FelfriError } from '../../core/errors.ts';
import type { Decision } from '../../judge/decision.ts';
import type { Inspection, InspectionFields } from '../contract/inspections.ts';
import type { PartRecord } from '../contract/not-inspected.ts';
import { newId } from '../ids.ts';
import { Attempt } from '../inspecting/attempt.ts';
import type { Change } from '../records/change.ts';
import type { Said } from '../records/records.ts';
import { type Decided, type Failure, type InspectedBy, Inspecting, type Recorded } from './inspecting.ts';
import { labelOfVerdict } from './verdict.ts';

/** An image as its sender gave it. */
export interface SentImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fields: InspectionFields;
}

/** A view of a part, which has an id of its own. */
export interface SentView extends SentImage {
  readonly fields: InspectionFields & { readonly resultId: string };
}

/** A view of a part that its sender waits for. */
export interface SentViewOfPart {
  readonly view: string;
  /** How many its image has. */
  readonly bytes: number;
  readonly fields: SentView['fields'];
}

/** Gives a view, whose decision `decide` starts, to its part; resolves with the record that stands for that. */
export type JoinPart = (sent: SentViewOfPart, decide: () => Promise<Decided | Inspection>) => Promise<Recorded>;

export class Inspections {
  /** In which an image must be decided on once it has come. */
  readonly decideSeconds: number;
  readonly #things: InspectedBy;
  readonly #inspecting: Inspecting;

  constructor(things: InspectedBy, decideSeconds: number) {
    this.decideSeconds = decideSeconds;
    this.#things = things;
    this.#inspecting = new Inspecting(things);
  }

  /** Decisions since the start. */
  get counts(): Readonly<Record<Decision, number>> {
    return this.#inspecting.counts;
  }

  /** Of the last image whose decision could not be recorded, and when; null once one was. */
  get lastFailure(): Failure | null {
    return this.#inspecting.lastFailure;
  }

  /**
   * Lets a caller's image come in, takes a place of the queue for it once it is there, and inspects it; there is no way to a decision without
   * a place. Throws what `read`, InspectionQueue.admit and Inspecting.inspect throw, and TOO_LATE as soon as the attempt is given up.
   */
  receive(caller: string, read: () => Promise<SentImage>, attempt = new Attempt()): Promise<Recorded> {
    return this.#placed(caller, read, attempt, ({ bytes, fields }) => this.#inspecting.inspect(bytes, fields, attempt));
  }

  /** As `receive`, of an image that may be a view of a part. Throws also what `join` throws. */
  async receiveSent(
    caller: string,
    read: () => Promise<SentImage>,
    attempt: Attempt,
    join: JoinPart,
  ): Promise<Recorded> {
    let joined: Promise<Recorded> | undefined;
    const alone = await this.#placed(caller, read, attempt, async ({ bytes, fields: { view, ...fields } }) => {
      if (view === undefined) return this.#inspecting.inspect(bytes, fields, attempt);
      attempt.source = `${attempt.source} ${view}`;
      const named = { ...fields, resultId: fields.resultId ?? newId() };
      let decided = (): void => undefined;
      const isDecided = new Promise<void>((resolve) => {
        decided = resolve;
      });
      joined = join({ view, bytes: bytes.length, fields: named }, () => {
        const work = this.#inspecting.decide(bytes, named, attempt);
        work.then(decided, decided);
        return work;
      });
      // its place of the queue is free once it is decided; the part may wait for other views
      await Promise.race([isDecided, joined.catch(() => undefined)]);
      return undefined;
    });
    return joined ?? alone!;
  }

  /** As `receive`, of a view of a part, of which nothing is recorded yet. */
  decide(caller: string, { bytes, fields }: SentView, attempt = new Attempt()): Promise<Decided | Inspection> {
    return this.#placed(
      caller,
      async () => ({ bytes, fields }),
      attempt,
      () => this.#inspecting.decide(bytes, fields, attempt),
    );
  }

  /** As `Inspecting.recordPart`. */
  recordPart(views: readonly Decided[], part: Decided): Promise<Recorded> {
    return this.#inspecting.recordPart(views, part);
  }

  async #placed<T>(
    caller: string,
    read: () => Promise<SentImage>,
    attempt: Attempt,
    inspect: (image: SentImage) => Promise<T>,
  ): Promise<T> {
    const arrival = this.#things.queue.admit(caller);
    const work = async (): Promise<T> => {
      try {
        const image = await read();
        arrival.takePlace(image.bytes.length);
        attempt.limit(this.decideSeconds);
        return await inspect(image);
      } finally {
        attempt.finish();
        // a computation that is under way holds its place, whoever still waits for it
        arrival.release();
      }
    };
    return Promise.race([work(), attempt.givenUp]);
  }

  /** A person's verdict. Throws NOT_FOUND, or OPTION_INVALID when it does not go with the decision. */
  async giveFeedback(id: string, said: Said, change: Change): Promise<Inspection> {
    const { decision } = await this.require(id);
    const { verdict, className } = said;
    if ((decision === 'OK' && verdict === 'false-alarm') || (decision === 'NG' && verdict === 'missed')) {
      throw new FelfriError(
        'OPTION_INVALID',
        `the decision was ${decision}, which is no ${verdict}; legal are agree, ${decision === 'OK' ? 'missed' : 'false-alarm'} and cannot-tell`,
        { subject: 'verdict' },
      );
    }
    if (className !== null && labelOfVerdict(decision, verdict) !== 'defective')
      throw new FelfriError(
        'OPTION_INVALID',
        `a class of defect is given with a verdict by which the part is not defective: ${verdict} on ${decision}`,
        { subject: 'className' },
      );
    return this.#toldFeedback(await this.#things.records.giveFeedback(id, said, change));
  }

  /** Throws NOT_FOUND, also when nobody gave a verdict. */
  async withdrawFeedback(id: string, change: Change): Promise<Inspection> {
    return this.#toldFeedback(await this.#things.records.withdrawFeedback(id, change));
  }

  #toldFeedback(inspection: Inspection): Inspection {
    this.#things.events.tell({ type: 'inspection', change: 'feedback', inspection });
    return inspection;
  }

  /** An inspection, or a part that was not inspected. Throws NOT_FOUND. */
  async requireRecord(id: string): Promise<PartRecord> {
    return (await this.#things.records.notInspected(id)) ?? this.require(id);
  }

  /** Throws NOT_FOUND, or CONFLICT where the part was not inspected. */
  async require(id: string): Promise<Inspection> {
    const { records } = this.#things;
    const inspection = await records.inspection(id);
    if (inspection) return inspection;
    if (await records.notInspected(id))
      throw new FelfriError('CONFLICT', `the part of ${id} was not inspected; there is no decision to go by`, {
        subject: id,
      });
    throw new FelfriError('NOT_FOUND', `there is no inspection ${id}`, { subject: id });
  }
}
