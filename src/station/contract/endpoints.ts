/**
 * The HTTP API, an endpoint a row: who may, what it asks, what it answers, what it refuses. The server's routes and roles, OpenAPI,
 * docs/http-api.md, `felfri/client` and the page's calls all come from here; addresses stand in `addresses.ts`.
 */
import type { Static, TSchema } from '../../core/schema.ts';
import type { addresses, EndpointName } from './addresses.ts';
import { comparisonRows } from './endpoints/comparisons.ts';
import { dataSetRows } from './endpoints/datasets.ts';
import { driftRows } from './endpoints/drift.ts';
import type { Endpoint, PathWord, pathWords } from './endpoints/endpoint.ts';
import { inspectionRows } from './endpoints/inspections.ts';
import { lineRows } from './endpoints/line.ts';
import { recipeRows } from './endpoints/recipes.ts';
import { replayRows } from './endpoints/replays.ts';
import { sessionRows } from './endpoints/session.ts';
import { shadowRows } from './endpoints/shadows.ts';
import { stationRows } from './endpoints/station.ts';
import { studyRows } from './endpoints/studies.ts';
import { trainingRows } from './endpoints/trainings.ts';
import { userRows } from './endpoints/users.ts';

export const endpoints = {
  ...sessionRows,
  ...userRows,
  ...inspectionRows,
  ...recipeRows,
  ...replayRows,
  ...shadowRows,
  ...dataSetRows,
  ...trainingRows,
  ...studyRows,
  ...comparisonRows,
  ...lineRows,
  ...driftRows,
  ...stationRows,
} as const satisfies Readonly<Record<EndpointName, Endpoint>>;

type Row<N extends EndpointName> = (typeof endpoints)[N];

type WordsOf<Path extends string> = Path extends `${string}:${infer Word}/${infer Rest}`
  ? Word | WordsOf<Rest>
  : Path extends `${string}:${infer Word}`
    ? Word
    : never;

/** Values for the words of its path; none of them where it has none. */
export type ParamsOf<N extends EndpointName> = {
  readonly [Word in WordsOf<(typeof addresses)[N]> & PathWord]: Static<(typeof pathWords)[Word]>;
};

type Given<Schema> = Schema extends TSchema ? Static<Schema> : undefined;

/** The fields of an upload may come as its query. */
export type QueryOf<N extends EndpointName> =
  Row<N> extends { readonly query: infer Query }
    ? Given<Query>
    : Row<N> extends { readonly upload: { readonly fields: infer Fields } }
      ? Given<Fields>
      : undefined;

/** JSON alone; undefined for none, and for uploads. */
export type BodyOf<N extends EndpointName> = Row<N> extends { readonly body: infer Body } ? Given<Body> : undefined;

/** The JSON of its answer; undefined for those that answer with something else. */
export type AnswerOf<N extends EndpointName> =
  Row<N> extends { readonly answer: infer Answer } ? Given<Answer> : undefined;

/** Endpoints that answer JSON. */
export type JsonName = { [N in EndpointName]: Row<N> extends { readonly answer: object } ? N : never }[EndpointName];

/** Endpoints that answer with pictures, pages and other bytes. */
export type ContentName = {
  [N in EndpointName]: Row<N> extends { readonly content: readonly string[] } ? N : never;
}[EndpointName];

/** A form, or the file alone. */
type Sent<N extends EndpointName> =
  Row<N> extends { readonly upload: object } ? FormData | Blob | Uint8Array<ArrayBuffer> : BodyOf<N>;

type Loose<Fields> = { readonly [Name in keyof Fields]: Fields[Name] | undefined };

/** What a client says: words of the path, query and body, as far as the endpoint has them. */
export type Asked<N extends EndpointName> = {
  readonly signal?: AbortSignal | undefined;
} & ([keyof ParamsOf<N>] extends [never] ? unknown : { readonly params: ParamsOf<N> }) &
  (QueryOf<N> extends undefined ? unknown : { readonly query?: Loose<QueryOf<N>> }) &
  (Sent<N> extends undefined
    ? unknown
    : Record<never, never> extends Sent<N>
      ? { readonly body?: Sent<N> }
      : { readonly body: Sent<N> });

/** The same as arguments: nothing where nothing must be said. */
export type AskedArguments<N extends EndpointName> =
  Record<never, never> extends Asked<N> ? [asked?: Asked<N>] : [asked: Asked<N>];
