/** From the table of endpoints to routes: schema, role, limits and status come from the row, the rest is the handler's. */
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { addresses, type EndpointName, type NamesOf, type Subject } from '../contract/addresses.ts';
import { type Endpoint, type Least, paramsOf, queryOf } from '../contract/endpoints/endpoint.ts';
import {
  type AnswerOf,
  type BodyOf,
  type ContentName,
  endpoints,
  type JsonName,
  type ParamsOf,
  type QueryOf,
} from '../contract/endpoints.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that the route asks for. */
    least?: Least;
    /** Content types of a body, as a refusal names them. */
    takes?: readonly string[];
  }
}

/** What a handler is given: checked against its row. `body` is undefined for uploads, which the handler reads from the request. */
interface Ask<N extends EndpointName> {
  readonly params: ParamsOf<N>;
  readonly query: QueryOf<N>;
  readonly body: BodyOf<N>;
  readonly request: FastifyRequest;
  /** Has the row's status already. */
  readonly reply: FastifyReply;
}

type Answer<N extends EndpointName> = N extends JsonName
  ? AnswerOf<N>
  : N extends ContentName
    ? Buffer | Readable | string
    : // biome-ignore lint/suspicious/noConfusingVoidType: what has no body answers nothing
      void;

type Handler<N extends EndpointName> = (ask: Ask<N>) => Promise<Answer<N>> | Answer<N>;

/** A handler for each endpoint; one that is missing does not compile. */
export type Handlers = { readonly [N in EndpointName]: Handler<N> };

/** The handlers of a subject. */
export type HandlersOf<S extends Subject> = Pick<Handlers, NamesOf<S>>;

function rateLimitOf({ perMinute }: Endpoint) {
  if (perMinute === undefined) return {};
  return { rateLimit: perMinute === 'unlimited' ? (false as const) : { max: perMinute, timeWindow: '1 minute' } };
}

const takenBy = ({ upload, body }: Endpoint): readonly string[] =>
  upload ? ['multipart/form-data', ...upload.types] : body ? ['application/json'] : [];

function mountOne<N extends EndpointName>(app: FastifyInstance, name: N, handler: Handler<N>): void {
  const [method, url] = addresses[name].split(' ') as [HTTPMethods, string];
  const row: Endpoint = endpoints[name];
  const params = paramsOf(url);
  const querystring = queryOf(row);
  app.route({
    method,
    url,
    schema: {
      ...(params && { params }),
      ...(querystring && { querystring }),
      ...(row.body && { body: row.body }),
    },
    config: { least: row.least, takes: takenBy(row), ...rateLimitOf(row) },
    handler: async (request, reply) => {
      reply.code(row.status ?? 200);
      if (row.content?.length === 1) reply.type(row.content[0]!);
      const { params, query, body } = request as { params: unknown; query: unknown; body: unknown } as Ask<N>;
      return handler({ params, query, body, request, reply });
    },
  });
}

export function mount(app: FastifyInstance, handlers: Handlers): void {
  for (const name of Object.keys(addresses) as EndpointName[])
    mountOne(app, name, handlers[name] as Handler<EndpointName>);
}
