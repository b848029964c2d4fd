/**
 * The station from TypeScript, as `felfri/client`: what a line and those at it ask of it, typed by the table of endpoints. The rest of the API
 * (data sets, trainings, replays) is asked by `connection.call`.
 */
import type { EndpointName } from '../contract/addresses.ts';
import type { AuditQuery, AuditTrail } from '../contract/audit.ts';
import type { AnswerOf, AskedArguments, JsonName } from '../contract/endpoints.ts';
import type {
  Feedback,
  FeedbackRequest,
  Inspection,
  InspectionFields,
  InspectionQuery,
  ReviewQueue,
} from '../contract/inspections.ts';
import type { NotInspected, PartRecord, PartRecordPage } from '../contract/not-inspected.ts';
import type { Recipe, RecipeDetail, Rollback, ThresholdChange } from '../contract/recipes.ts';
import type { Readiness, Station, StationEvent } from '../contract/station.ts';
import type { TuneRequest, Tuning } from '../contract/tuning.ts';
import { addressOf, Connection, type ConnectionSettings, StationError } from './connection.ts';
import { eventsOf, type ToldEvent } from './events.ts';
import { busyMillis, patiently } from './patience.ts';

export { StationError } from './connection.ts';
export type { Feedback, Inspection, InspectionFields, NotInspected, Readiness, Recipe, Station, StationEvent };

export interface StationClientSettings extends ConnectionSettings {
  /**
   * Milliseconds in which `inspect` must have its decision, tries and waiting included, and for which other questions are asked again while the
   * station is busy; 10 000 unless told.
   */
  readonly patience?: number;
}

/** Milliseconds to the next try where the station did not say. */
const PAUSE_MILLIS = 250;
const HEARTBEAT_MILLIS = 2000;

/** As a browser gives one only to pages that came by HTTPS, crypto.randomUUID is not asked. */
function newResultId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An image may be sent again after any fault that may pass, as its resultId keeps it from being counted twice. */
const imageMillis = (refusal: StationError): number | undefined =>
  [0, 429, 503].includes(refusal.status) ? (busyMillis(refusal) ?? PAUSE_MILLIS) : undefined;

/**
 * Every method throws StationError where the station refuses or does not answer. While it is busy (429 or 503, with Retry-After) it is asked
 * again until `patience` is over.
 */
export class StationClient {
  readonly connection: Connection;
  readonly #patience: number;

  constructor(settings: StationClientSettings) {
    this.connection = new Connection(settings);
    this.#patience = settings.patience ?? 10_000;
  }

  #response<N extends EndpointName>(name: N, ...asked: AskedArguments<N>): Promise<Response> {
    const ask = () => this.connection.response(name, ...asked);
    return patiently(ask, performance.now() + this.#patience, busyMillis, asked[0]?.signal);
  }

  async #call<N extends JsonName>(name: N, ...asked: AskedArguments<N>): Promise<AnswerOf<N>> {
    return (await (await this.#response(name, ...asked)).json()) as AnswerOf<N>;
  }

  /**
   * Inspects an image file's bytes. While the station is busy or does not answer, the image is sent again with the same resultId, so that it is
   * on record once; after `patience` the last refusal is thrown, and nobody decided on the part.
   */
  async inspect(
    image: Blob | Uint8Array<ArrayBuffer>,
    fields: InspectionFields = {},
    signal?: AbortSignal,
  ): Promise<Inspection> {
    const query = { resultId: newResultId(), ...fields };
    const end = performance.now() + this.#patience;
    const deadline = AbortSignal.timeout(this.#patience);
    const both = signal ? AbortSignal.any([signal, deadline]) : deadline;
    const ask = () => this.connection.call('inspect', { query, body: image, signal: both });
    try {
      return await patiently(ask, end, imageMillis, signal);
    } catch (error) {
      if (!deadline.aborted || signal?.aborted) throw error;
      const message = `The station gave no decision within ${this.#patience} ms.`;
      throw new StationError({ code: 'STATION_UNREACHABLE', message }, 0, undefined, error);
    }
  }

  /** The heartbeat: whether it can inspect. Never throws; without an answer within two seconds it cannot. */
  async ready(): Promise<Readiness> {
    try {
      const signal = AbortSignal.timeout(HEARTBEAT_MILLIS);
      return (await (await this.connection.ask(addressOf('getReadiness', {}), { signal })).json()) as Readiness;
    } catch (error) {
      return { ready: false, reason: error instanceof Error ? error.message : String(error), recipes: [] };
    }
  }

  station(): Promise<Station> {
    return this.#call('getStation');
  }

  /** An inspection, or a part that was not inspected. */
  inspection(id: string): Promise<PartRecord> {
    return this.#call('getInspection', { params: { id } });
  }

  /** Newest first; `next` of a page as `before` gives the one after it. */
  inspections(search: InspectionQuery = {}): Promise<PartRecordPage> {
    return this.#call('findInspections', { query: search });
  }

  /** The image's bytes as they came, or a copy (WebP) of which no side is longer. */
  async image(id: string, longest?: number): Promise<Blob> {
    return (await this.#response('getInspectionImage', { params: { id }, query: { longest } })).blob();
  }

  /** The image with its heat map, PNG. */
  async map(id: string, longest?: number): Promise<Blob> {
    return (await this.#response('getInspectionMap', { params: { id }, query: { longest } })).blob();
  }

  /** REVIEW and NG that nobody has looked at, oldest first. */
  review(limit?: number): Promise<ReviewQueue> {
    return this.#call('getReviewQueue', { query: { limit } });
  }

  giveFeedback(id: string, feedback: FeedbackRequest): Promise<Inspection> {
    return this.#call('giveFeedback', { params: { id }, body: feedback });
  }

  withdrawFeedback(id: string, by?: string): Promise<Inspection> {
    return this.#call('withdrawFeedback', { params: { id }, query: { by } });
  }

  async recipes(): Promise<readonly Recipe[]> {
    return (await this.#call('listRecipes')).recipes;
  }

  recipe(id: string): Promise<RecipeDetail> {
    return this.#call('getRecipe', { params: { id } });
  }

  /** What these thresholds would have meant; changes nothing. */
  tune(id: string, thresholds: TuneRequest): Promise<Tuning> {
    return this.#call('tuneThresholds', { params: { id }, body: thresholds });
  }

  setThresholds(id: string, change: ThresholdChange): Promise<Recipe> {
    return this.#call('setThresholds', { params: { id }, body: change });
  }

  activate(id: string, by?: string): Promise<Recipe> {
    return this.#call('activateRecipe', { params: { id }, ...(by !== undefined && { body: { by } }) });
  }

  rollBack(id: string, to: Rollback = {}): Promise<Recipe> {
    return this.#call('rollBackRecipe', { params: { id }, body: to });
  }

  /** Newest first. */
  audit(search: AuditQuery = {}): Promise<AuditTrail> {
    return this.#call('readAudit', { query: search });
  }

  /**
   * What happens once it is resolved, also parts that were not inspected, until the signal or the end of the connection: an abort, at whatever
   * time, ends the loop and throws nothing. Throws STATION_UNREACHABLE where the connection breaks, and after five seconds without a sign of
   * life.
   */
  async events(signal?: AbortSignal): Promise<AsyncGenerator<ToldEvent, void, undefined>> {
    try {
      return eventsOf((await this.#response('listenToEvents', { signal })).body!, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
      return eventsOf(new ReadableStream(), signal);
    }
  }
}
