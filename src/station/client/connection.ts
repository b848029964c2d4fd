/** Requests to a station over fetch, and its refusals as errors. Needs nothing of Node: the station's own page asks by it too. */
import { addresses, type EndpointName } from '../contract/addresses.ts';
import type { ErrorBody } from '../contract/common.ts';
import type { AnswerOf, Asked, AskedArguments, JsonName } from '../contract/endpoints.ts';

/** What is said of a refusal; codes of later stations, and of what stands between, are any text. */
type Refusal = Omit<ErrorBody, 'code'> & { readonly code: string };

/** A refusal: `code` and message are the station's, or STATION_UNREACHABLE where there was no answer. */
export class StationError extends Error {
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The field, file or id that it is about. */
  readonly subject: string | undefined;
  /** Seconds after which the station asks to be tried again. */
  readonly retryAfter: number | undefined;

  constructor({ code, message, subject }: Refusal, status: number, retryAfter?: number, cause?: unknown) {
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
  /** Another fetch, such as one that trusts a certificate of the plant's own; a StationError that it throws is passed on. */
  readonly fetch?: typeof fetch | undefined;
}

async function refusal(response: Response): Promise<StationError> {
  const body = (await response.json().catch(() => ({}))) as Partial<Refusal>;
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  const {
    code = `HTTP_${response.status}`,
    message = `The station answered ${response.status} ${response.statusText}.`,
  } = body;
  return new StationError({ ...body, code, message }, response.status, Number.isFinite(wait) ? wait : undefined);
}

/** What the types of an endpoint's question have in common. */
interface LooselyAsked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

type AddressParts<N extends EndpointName> = Omit<Asked<N>, 'body' | 'signal'>;

/** Where an endpoint is found on its station, such as /api/recipes/r1; what is undefined is left out of the query. */
export function addressOf<N extends EndpointName>(name: N, parts: AddressParts<N>): string {
  const { params = {}, query = {} } = parts as LooselyAsked;
  const path = addresses[name].slice(addresses[name].indexOf(' ') + 1);
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const place = path.replace(/:(\w+)/g, (_, word: string) => encodeURIComponent(params[word]!));
  return search.size === 0 ? place : `${place}?${search}`;
}

/** Forms and files as they are, all else as JSON. */
function sentBody(body: object): RequestInit {
  if (body instanceof FormData) return { body };
  const isFile = body instanceof Blob || body instanceof Uint8Array;
  if (isFile) return { body: body as Blob, headers: { 'content-type': 'application/octet-stream' } };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
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
      if (init.signal?.aborted || error instanceof StationError) throw error;
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

  /** The answer of an endpoint, for those that answer with something else than JSON. Throws as `request` does. */
  async response<N extends EndpointName>(name: N, ...[asked]: AskedArguments<N>): Promise<Response> {
    const { body, signal } = (asked ?? {}) as LooselyAsked;
    const [method] = addresses[name].split(' ') as [string];
    return this.request(addressOf(name, (asked ?? {}) as AddressParts<N>), {
      method,
      ...(body !== undefined && sentBody(body)),
      ...(signal && { signal }),
    });
  }

  /** The JSON that an endpoint answers. Throws as `request` does. */
  async call<N extends JsonName>(name: N, ...asked: AskedArguments<N>): Promise<AnswerOf<N>> {
    return (await (await this.response(name, ...asked)).json()) as AnswerOf<N>;
  }
}
