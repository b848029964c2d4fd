/** Makes docs/http-api.md from the station's OpenAPI document. */
import { auditActions } from '../src/station/audit/actions.ts';
import { openApiDocument } from '../src/station/http/openapi.ts';
import { isMain } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const httpApiPath = 'docs/http-api.md';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly examples?: readonly unknown[];
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description?: string;
  readonly 'x-least-role': string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const code = (text: string): string => `\`${text}\``;

function boundsOf({ minimum, maximum, maxLength, default: usual }: Schema): string {
  const said = [
    minimum !== undefined && `from ${minimum}`,
    maximum !== undefined && `to ${maximum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    usual !== undefined && `${usual} unless told`,
  ].filter((one) => one !== false);
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

/** A schema in a few words. */
function typeOf(schema: Schema): string {
  const { $ref, anyOf, items, properties, type, format } = schema;
  if ($ref) {
    const name = $ref.split('/').at(-1)!;
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.enum) return schema.enum.map((word) => code(String(word))).join(', ');
  if (schema.const !== undefined) return code(String(schema.const));
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (items) return `list of ${typeOf(items)}`;
  if (properties)
    return `{ ${Object.entries(properties)
      .map(([name, of]) => `${name}: ${typeOf(of)}`)
      .join('; ')} }`;
  if (format === 'date-time') return 'time';
  if (format === 'binary') return 'file';
  return `${type ?? 'anything'}${boundsOf(schema)}`;
}

function contentOf(content: Content): string {
  const shown = Object.entries(content).map(([type, { schema }]) => {
    if (type === 'application/json') return typeOf(schema);
    if (type === 'text/event-stream') return `stream of ${typeOf(schema)}`;
    if (type !== 'multipart/form-data') return code(type);
    const fields = Object.entries(schema.properties!).map(([name, of]) =>
      code(`${name}${of.format === 'binary' ? ' (file)' : ''}`),
    );
    return `form: ${fields.join(', ')}`;
  });
  return shown.join('; or ');
}

function asked({ parameters = [], requestBody }: Operation): string {
  const query = parameters.filter((one) => one.in === 'query').map(({ name }) => code(name));
  return [
    query.length > 0 && `query: ${query.join(', ')}`,
    requestBody && contentOf(requestBody.content) + (requestBody.required ? '' : ', may be left out'),
  ]
    .filter(Boolean)
    .join('<br>');
}

function answered({ responses }: Operation): string {
  const successes = Object.entries(responses).filter(([status, { content }]) => {
    const schema = content?.['application/json']?.schema.$ref;
    return Number(status) < 400 || schema !== '#/components/schemas/ErrorBody';
  });
  return successes
    .map(([status, { content }]) => `${status} ${content ? contentOf(content) : 'without a body'}`)
    .join('<br>');
}

/** The codes that an endpoint may refuse with, but for those of nearly all. */
function refused({ responses }: Operation): string {
  const usual = [
    'ORIGIN_REFUSED',
    'STATION_FAILED',
    'UNAUTHORISED',
    'FORBIDDEN',
    'RECORDS_UNAVAILABLE',
    'RATE_EXCEEDED',
    'REQUEST_INVALID',
  ];
  const codes = Object.values(responses).flatMap(({ description }) => description.match(/\b[A-Z_]{4,}(?=: )/g) ?? []);
  return codes
    .filter((one) => !usual.includes(one))
    .map(code)
    .join(', ');
}

function subjectText(name: string, description: string, paths: Document['paths']): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { tags }]) => tags[0] === name)
      .map(([method, one]) => [
        `${code(`${method.toUpperCase()} ${path}`)}<br>${one.operationId}`,
        one['x-least-role'],
        [one.summary, one.description].filter(Boolean).join('. '),
        asked(one),
        answered(one),
        refused(one),
      ]),
  );
  return `### ${description}\n\n${markdownTable(['endpoint', 'role', 'does', 'asks', 'answers', 'may refuse'], rows)}\n`;
}

function schemaText(name: string, schema: Schema): string {
  const { properties, required = [], examples } = schema;
  const example = examples ? `\nFor example:\n\n\`\`\`json\n${JSON.stringify(examples[0], null, 2)}\n\`\`\`\n` : '';
  // the codes are a document of their own
  if (name === 'ErrorBody')
    return `### ErrorBody\n\n\`code\` (one of [errors.md](errors.md)), \`message\`, and where it helps \`subject\`.\n${example}`;
  if (!properties) return `### ${name}\n\n${typeOf(schema)}\n${example}`;
  const rows = Object.entries(properties).map(([field, of]) => [
    code(field),
    typeOf(of),
    required.includes(field) ? '' : 'yes',
  ]);
  return `### ${name}\n\n${markdownTable(['field', 'type', 'may be left out'], rows)}\n${example}`;
}

function auditText(): string {
  const rows = Object.entries(auditActions).map(([action, { means, about }]) => [code(action), means, about]);
  return `## Actions of the audit log

\`about\` says what \`subject\` names; kept: what the station keeps for a time.

${markdownTable(['action', 'written when', 'about'], rows)}
`;
}

export function httpApiDocument(): string {
  const { paths, tags, components } = openApiDocument() as unknown as Document;
  const subjects = tags.map(({ name, description }) => subjectText(name, description, paths));
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaText(name, schema));
  return `# The HTTP API

Made from \`src/station/contract/endpoints.ts\` by \`npm run docs\`; edit that, not this.

A running station gives the same as OpenAPI 3.1 under \`GET /api/openapi.json\`. The name under an address
is its \`operationId\`, and what \`station.connection.call\` of \`felfri/client\` takes.
Bodies are JSON unless said otherwise; times are ISO 8601 UTC; a larger score is worse.

Every endpoint but those for anyone asks for \`Authorization: Bearer TOKEN\` or a session's cookie.
A role may do what those before it may: operator, engineer, admin.
A refusal is an [ErrorBody](#errorbody). All may refuse with \`REQUEST_INVALID\` (400), \`UNAUTHORISED\` (401),
\`FORBIDDEN\` and \`ORIGIN_REFUSED\` (403), \`RATE_EXCEEDED\` (429), \`STATION_FAILED\` (500) and
\`RECORDS_UNAVAILABLE\` (503); the tables name the others. [errors.md](errors.md) says what each means.

## Endpoints

${subjects.join('\n')}
${auditText()}
## Shapes

${schemas.join('\n')}`;
}

if (isMain(import.meta.url)) await writeDocument(httpApiPath, httpApiDocument());
