/** The table of endpoints as an OpenAPI 3.1 document, for whoever makes a client of their own. */
import { STATUS_CODES } from 'node:http';
import { type ErrorCode, errorCodes } from '../../core/errors.ts';
import type { TSchema } from '../../core/schema.ts';
import { felfriVersion } from '../../core/version.ts';
import { addressesBySubject, type EndpointName, type Subject } from '../contract/addresses.ts';
import { ErrorBody } from '../contract/common.ts';
import { type Endpoint, paramsOf, queryOf, type Upload } from '../contract/endpoints/endpoint.ts';
import { refusalsOf } from '../contract/endpoints/refusals.ts';
import { endpoints } from '../contract/endpoints.ts';
import { cookieNameOf } from './callers.ts';
import { type JsonObject, NamedSchemas } from './openapi-schemas.ts';

/** What the document's tags say. */
const subjects: Readonly<Record<Subject, string>> = {
  session: 'Signing in and out',
  users: 'Who may do what',
  inspections: 'Images inspected, found, looked at, and judged by a person',
  recipes: 'Bundles with the thresholds that a product is judged by',
  replays: 'Two recipes on the same kept images',
  shadows: 'A second recipe judges the parts of the line without deciding',
  dataSets: 'Labelled images to train on',
  trainings: 'Training runs',
  studies: 'Studies of people who decide on pictures, blind',
  comparisons: 'Comparisons that felfri compare wrote',
  line: 'Outputs to controllers and plant',
  drift: 'What drifts, and reference parts',
  station: 'State, health, events, audit log',
};

const binary = { type: 'string', format: 'binary' };

const retryAfter = {
  'Retry-After': { description: 'Seconds after which to try again', schema: { type: 'integer' } },
};

interface Shape {
  readonly properties: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
}

class Describer {
  readonly schemas = new NamedSchemas();

  operation(name: EndpointName, subject: Subject, method: string, path: string): JsonObject {
    const row: Endpoint = endpoints[name];
    const parameters = [...this.#parameters(paramsOf(path), 'path'), ...this.#parameters(queryOf(row), 'query')];
    const body = this.#requestBody(row);
    return {
      operationId: name,
      tags: [subject],
      summary: row.summary,
      ...(row.description && { description: row.description }),
      'x-least-role': row.least,
      ...(parameters.length > 0 && { parameters }),
      ...(body && { requestBody: body }),
      responses: { ...this.#answers(row), ...this.#refusals(row, method, path) },
      security: row.least === 'anyone' ? [] : [{ token: [] }, { session: [] }],
    };
  }

  #parameters(schema: TSchema | undefined, place: 'path' | 'query'): JsonObject[] {
    if (!schema) return [];
    const { properties, required = [] } = schema as unknown as Shape;
    return Object.entries(properties).map(([name, of]) => ({
      name,
      in: place,
      required: required.includes(name),
      schema: this.schemas.of(of),
    }));
  }

  #requestBody({ body, upload }: Endpoint): JsonObject | undefined {
    if (upload) return { required: true, content: this.#uploads(upload) };
    if (!body) return undefined;
    const { required, anyOf } = body as { required?: unknown; anyOf?: unknown };
    return {
      required: required !== undefined || anyOf !== undefined,
      content: { 'application/json': { schema: this.schemas.of(body) } },
    };
  }

  #uploads({ file, fields, types }: Upload): JsonObject {
    const { properties, required = [] } = fields as unknown as Shape;
    const texts = Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, this.schemas.of(of)]));
    const files = file === 'image' ? { image: binary } : { 'bundle.json': binary, 'model.onnx': binary };
    const form = {
      type: 'object',
      properties: { ...texts, ...files },
      required: [...required, ...Object.keys(files)],
      additionalProperties: file === 'image' ? false : binary,
    };
    return {
      'multipart/form-data': { schema: form },
      ...Object.fromEntries(types.map((type) => [type, { schema: binary }])),
    };
  }

  #answers(row: Endpoint): JsonObject {
    const content = this.#content(row);
    const answer = (description: string) => ({ description, ...(content && { content }) });
    const also = Object.entries(row.also ?? {}).map(([status, when]) => [status, answer(when)]);
    const { status = 200 } = row;
    return { [status]: answer(STATUS_CODES[status]!), ...Object.fromEntries(also) };
  }

  #content({ answer, content, events }: Endpoint): JsonObject | undefined {
    if (answer) return { 'application/json': { schema: this.schemas.of(answer) } };
    if (events) return { 'text/event-stream': { schema: this.schemas.of(events) } };
    return (
      content &&
      Object.fromEntries(
        content.map((type) => [type, { schema: type.startsWith('text/') ? { type: 'string' } : binary }]),
      )
    );
  }

  #refusals(row: Endpoint, method: string, path: string): JsonObject {
    const described = [...refusalsOf(row, method, path)].map(([status, codes]) => [
      status,
      {
        description: codes.map((code: ErrorCode) => `${code}: ${errorCodes[code].meaning}`).join('; '),
        ...((status === 429 || codes.includes('TOO_BUSY')) && { headers: retryAfter }),
        content: { 'application/json': { schema: this.schemas.of(ErrorBody) } },
      },
    ]);
    return Object.fromEntries(described.filter(([status]) => !row.also?.[status as number]));
  }
}

/** The document, JSON. */
export function openApiDocument(): { openapi: string; paths: Record<string, Record<string, JsonObject>> } & JsonObject {
  const describer = new Describer();
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const [subject, addresses] of Object.entries(addressesBySubject))
    for (const [name, address] of Object.entries<string>(addresses)) {
      const [method, path] = address.split(' ') as [string, string];
      const operation = describer.operation(name as EndpointName, subject as Subject, method, path);
      const place = path.replaceAll(/:(\w+)/g, '{$1}');
      paths[place] = { ...paths[place], [method.toLowerCase()]: operation };
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'felfri station',
      version: felfriVersion,
      description: 'Images in, decisions out. Times are ISO 8601 UTC; a larger score is worse.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(subjects).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: describer.schemas.all(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Of a user (felfri user token), or of the station' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieNameOf(false),
          description: 'Set by POST /api/session; with TLS its name begins with __Host-',
        },
      },
    },
  };
}
