/**
 * The station from TypeScript, as `felfri/client`: what a line and those at it ask of it, typed by the contract. For the rest of the API
 * (data sets, trainings, replays) there is `connection`.
 */
import type {
  Feedback,
  FeedbackRequest,
  Inspection,
  InspectionFields,
  InspectionQuery,
  ReviewQueue,
} from '../contract/inspections.ts';
import type { NotInspected, PartRecord, PartRecordPage } from '../contract/not-inspected.ts';
import type { Recipe, RecipeDetail, RecipeList, Rollback, ThresholdChange } from '../contract/recipes.ts';
import type { AuditQuery, AuditTrail, Readiness, Station, StationEvent } from '../contract/station.ts';
import type { TuneRequest, Tuning } from '../contract/tuning.ts';
import { Connection, type ConnectionSettings, StationError } from './connection.ts';

export { StationError } from './connection.ts';
export type { Feedback, Inspection, InspectionFields, NotInspected, Readiness, Recipe, Station, StationEvent };

export interface StationClientSettings extends ConnectionSettings {
  /** Milliseconds in which `inspect` must have its decision, tries and waiting included; 10 000 unless told. */
  readonly patience?: number;
}

/** Milliseconds to the next try where the station did not say. */
const PAUSE_MILLIS = 250;
const HEARTBEAT_MILLIS = 2000;
/** The station tells something every second; after this it cannot be relied on. */
const SILENCE_MILLIS = 5000;

const path = (...parts: string[]): string => `/api/${parts.map(encodeURIComponent).join('/')}`;

function query(values: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search}`;
}

/** As a browser gives one only to pages that came by HTTPS, crypto.randomUUID is not asked. */
function newResultId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

/** What the station tells of parts and recipes; heartbeats are heard by the client itself. */
type ToldEvent = Exclude<StationEvent, { type: 'heartbeat' }>;

/** Throws STATION_UNREACHABLE where the station, which tells something every second, is silent. */
async function readSoon(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The station has told nothing for ${SILENCE_MILLIS / 1000} seconds, not even that it lives.`;
      reject(new StationError({ code: 'STATION_UNREACHABLE', message }, 0));
    }, SILENCE_MILLIS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The events of a stream of lines `data: JSON`, each ended by an empty line. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ToldEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await readSoon(reader);
      if (done) return;
      const blocks = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const event = data === undefined ? undefined : (JSON.parse(data) as StationEvent);
        if (event && event.type !== 'heartbeat') yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Every method throws StationError where the station refuses or does not answer. */
export class StationClient {
  readonly connection: Connection;
  readonly #patience: number;

  constructor(settings: StationClientSettings) {
    this.connection = new Connection(settings);
    this.#patience = settings.patience ?? 10_000;
  }

  /**
   * Inspects an image file's bytes. While the station is busy (429, 503, with its Retry-After) or does not answer, the image is sent again
   * with the same resultId, so that it is on record once; after `patience` the last refusal is thrown, and nobody decided on the part.
   */
  async inspect(
    image: Blob | Uint8Array<ArrayBuffer>,
    fields: InspectionFields = {},
    signal?: AbortSignal,
  ): Promise<Inspection> {
    const to = `/api/inspections${query({ resultId: newResultId(), ...fields })}`;
    const end = Date.now() + this.#patience;
    const deadline = AbortSignal.timeout(this.#patience);
    const init = {
      method: 'POST',
      body: image,
      headers: { 'content-type': 'application/octet-stream' },
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    };
    for (;;) {
      try {
        return (await (await this.connection.request(to, init)).json()) as Inspection;
      } catch (error) {
        signal?.throwIfAborted();
        if (deadline.aborted) {
          const message = `The station gave no decision within ${this.#patience} ms.`;
          throw new StationError({ code: 'STATION_UNREACHABLE', message }, 0, undefined, error);
        }
        if (!(error instanceof StationError) || ![0, 429, 503].includes(error.status)) throw error;
        const wait = error.retryAfter === undefined ? PAUSE_MILLIS : error.retryAfter * 1000;
        if (Date.now() + wait >= end) throw error;
        await pause(wait);
      }
    }
  }

  /** The heartbeat: whether it can inspect. Never throws; without an answer within two seconds it cannot. */
  async ready(): Promise<Readiness> {
    try {
      const signal = AbortSignal.timeout(HEARTBEAT_MILLIS);
      return (await (await this.connection.ask('/ready', { signal })).json()) as Readiness;
    } catch (error) {
      return { ready: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  station(): Promise<Station> {
    return this.connection.json('GET', '/api/station');
  }

  /** An inspection, or a part that was not inspected. */
  inspection(id: string): Promise<PartRecord> {
    return this.connection.json('GET', path('inspections', id));
  }

  /** Newest first; `next` of a page as `before` gives the one after it. */
  inspections(search: InspectionQuery = {}): Promise<PartRecordPage> {
    return this.connection.json('GET', `/api/inspections${query(search)}`);
  }

  /** The image's bytes as they came, or a copy (WebP) of which no side is longer. */
  async image(id: string, longest?: number): Promise<Blob> {
    return (await this.connection.request(`${path('inspections', id, 'image')}${query({ longest })}`)).blob();
  }

  /** The image with its heat map, PNG. */
  async map(id: string, longest?: number): Promise<Blob> {
    return (await this.connection.request(`${path('inspections', id, 'map')}${query({ longest })}`)).blob();
  }

  /** REVIEW and NG that nobody has looked at, oldest first. */
  review(limit?: number): Promise<ReviewQueue> {
    return this.connection.json('GET', `/api/review${query({ limit })}`);
  }

  giveFeedback(id: string, feedback: FeedbackRequest): Promise<Inspection> {
    return this.connection.json('PUT', path('inspections', id, 'feedback'), feedback);
  }

  withdrawFeedback(id: string, by?: string): Promise<Inspection> {
    return this.connection.json('DELETE', `${path('inspections', id, 'feedback')}${query({ by })}`);
  }

  async recipes(): Promise<readonly Recipe[]> {
    return (await this.connection.json<RecipeList>('GET', '/api/recipes')).recipes;
  }

  recipe(id: string): Promise<RecipeDetail> {
    return this.connection.json('GET', path('recipes', id));
  }

  /** What these thresholds would have meant; changes nothing. */
  tune(id: string, thresholds: TuneRequest): Promise<Tuning> {
    return this.connection.json('POST', path('recipes', id, 'tune'), thresholds);
  }

  setThresholds(id: string, change: ThresholdChange): Promise<Recipe> {
    return this.connection.json('PATCH', path('recipes', id), change);
  }

  activate(id: string, by?: string): Promise<Recipe> {
    return this.connection.json('POST', path('recipes', id, 'activate'), by === undefined ? {} : { by });
  }

  rollBack(id: string, to: Rollback = {}): Promise<Recipe> {
    return this.connection.json('POST', path('recipes', id, 'rollback'), to);
  }

  /** Newest first. */
  audit(search: AuditQuery = {}): Promise<AuditTrail> {
    return this.connection.json('GET', `/api/audit${query(search)}`);
  }

  /**
   * What happens once it is resolved, until the signal or the end of the connection; also parts that were not inspected. Throws
   * STATION_UNREACHABLE after five seconds without a sign of life.
   */
  async events(signal?: AbortSignal): Promise<AsyncGenerator<ToldEvent>> {
    const response = await this.connection.request('/api/events', signal ? { signal } : {});
    return eventsOf(response.body!);
  }
}
