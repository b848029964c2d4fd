/** Requests to a station over fetch, and its refusals as errors. Needs nothing of Node: the station's own page asks by it too. */
import type { ErrorBody } from '../contract/common.ts';

/** A refusal: `code` and message are the station's, or STATION_UNREACHABLE where there was no answer. */
export class StationError extends Error {
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The field, file or id that it is about. */
  readonly subject: string | undefined;
  /** Seconds after which the station asks to be tried again. */
  readonly retryAfter: number | undefined;

  constructor({ code, message, subject }: ErrorBody, status: number, retryAfter?: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'StationError';
    this.code = code;
    this.status = status;
    this.subject = subject;
    this.retryAfter = retryAfter;
  }
}

export interface ConnectionSettings {
  /** Such as http://127.0.0.1:7350; the empty text is the station that a page came from. */
  readonly address: string;
  /** Of a user (`felfri user token`), or the station's own. */
  readonly token?: string | undefined;
  /** Another fetch, such as one that trusts a certificate of the plant's own. */
  readonly fetch?: typeof fetch | undefined;
}

async function refusal(response: Response): Promise<StationError> {
  const body = (await response.json().catch(() => ({}))) as Partial<ErrorBody>;
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  const {
    code = `HTTP_${response.status}`,
    message = `The station answered ${response.status} ${response.statusText}.`,
  } = body;
  return new StationError({ ...body, code, message }, response.status, Number.isFinite(wait) ? wait : undefined);
}

export class Connection {
  readonly #settings: ConnectionSettings;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /** The answer, whatever its status. Throws StationError where there is none, and what an abort by the signal throws. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const { address, token, fetch: ask = fetch } = this.#settings;
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    try {
      return await ask(`${address.replace(/\/+$/, '')}${path}`, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      const message = 'The station does not answer. Is the service running?';
      throw new StationError({ code: 'STATION_UNREACHABLE', message }, 0, undefined, error);
    }
  }

  /** The answer of a success. Throws StationError, and what an abort by the signal throws. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.ask(path, init);
    if (response.ok) return response;
    throw await refusal(response);
  }

  /** The answer's JSON; `body`, where it is given, goes as JSON too. Throws as `request` does. */
  async json<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await this.request(path, { method, ...sent, ...(signal && { signal }) });
    return (await response.json()) as T;
  }
}
