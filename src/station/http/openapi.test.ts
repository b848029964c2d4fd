/** The OpenAPI document: valid, whole, and what a real station answers. */
import { readdir, readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { startStation, type TestStation } from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import { errorCodes } from '../../core/errors.ts';
import { Value } from '../../core/schema.ts';
import { addresses, type EndpointName } from '../contract/addresses.ts';
import type { Endpoint } from '../contract/endpoints/endpoint.ts';
import { endpoints } from '../contract/endpoints.ts';
import { examples } from '../contract/examples.ts';
import { openApiDocument } from './openapi.ts';
import { contract } from './openapi-schemas.ts';

interface Operation {
  readonly operationId: EndpointName;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const document = JSON.parse(JSON.stringify(openApiDocument()));
const operations = new Map<EndpointName, Operation>(
  Object.values<Record<string, Operation>>(document.paths)
    .flatMap((path) => Object.values(path))
    .map((operation) => [operation.operationId, operation]),
);

describe('the document', () => {
  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has an operation for every endpoint, in a subject, with the rights that its role asks for', () => {
    expect([...operations.keys()].sort()).toEqual(Object.keys(addresses).sort());
    const subjects = document.tags.map(({ name }: { name: string }) => name);
    for (const [name, { tags, security }] of operations) {
      expect(subjects).toEqual(expect.arrayContaining([...tags]));
      expect(security, name).toEqual(endpoints[name].least === 'anyone' ? [] : [{ token: [] }, { session: [] }]);
    }
  });

  it('describes bodies that are files, and pictures, and events', () => {
    const content = (name: EndpointName) => operations.get(name)!.requestBody!.content;
    expect(Object.keys(content('inspect'))).toEqual(['multipart/form-data', 'application/octet-stream', 'image/*']);
    expect(Object.keys(content('inspect')['multipart/form-data']!.schema.properties!)).toEqual(
      expect.arrayContaining(['part', 'lot', 'resultId', 'recipe', 'image']),
    );
    expect(Object.keys(content('uploadRecipe'))).toEqual(['multipart/form-data']);
    expect(content('setMask')['image/png']!.schema.format).toBe('binary');
    const answer = (name: EndpointName) => operations.get(name)!.responses['200']!.content!;
    expect(answer('getInspectionMap')['image/png']!.schema.format).toBe('binary');
    expect(answer('listenToEvents')['text/event-stream']!.schema.$ref).toBe('#/components/schemas/StationEvent');
  });

  it('gives every refusal a body whose code is one of felfri’s', () => {
    expect(document.components.schemas.ErrorBody.properties.code.enum).toEqual(Object.keys(errorCodes));
    for (const [name, { responses }] of operations) {
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400 && name !== 'getReadiness');
      for (const [status, { content }] of refusals)
        expect(content!['application/json']!.schema.$ref, `${name} ${status}`).toBe('#/components/schemas/ErrorBody');
    }
  });

  it('calls all shapes as the contract does', async () => {
    const folder = new URL('../contract/', import.meta.url);
    const text = await readFile(new URL('openapi-schemas.ts', import.meta.url), 'utf8');
    const files = (await readdir(folder)).filter(
      (file) => !/addresses|endpoints|examples|roles|states|test/.test(file),
    );
    expect(files.filter((file) => !text.includes(`'../contract/${file}'`))).toEqual([]);
  });

  it.each(Object.entries(examples))('has an example of %s that is one', (name, example) => {
    expect([...Value.Errors(contract[name]!, example)]).toEqual([]);
    expect(document.components.schemas[name].examples).toEqual([example]);
  });
});

describe('a station', () => {
  const folder = temporaryFolders();
  let own: TestStation;
  let token: string;

  beforeAll(async () => {
    own = await startStation(await folder());
    token = await addUser(own, 'ada', 'admin');
  });
  afterAll(() => own.close());

  const asked = Object.keys(addresses).filter((name) => name !== 'listenToEvents') as EndpointName[];

  it('answers strangers, nonsense and unknown ids as the document says', async () => {
    for (const name of asked) {
      const [method, path] = addresses[name].split(' ') as ['GET', string];
      const url = path.replaceAll(':hash', 'a'.repeat(64)).replaceAll(/:\w+/g, 'none');
      const row: Endpoint = endpoints[name];
      const authorization = `Bearer ${token}`;
      const answers = [
        await own.app.inject({ method, url }),
        await own.app.inject({ method, url, headers: { authorization } }),
        await own.app.inject({ method, url: path.replaceAll(/:\w+/g, '%00'), headers: { authorization } }),
        await own.app.inject({ method, url, headers: { authorization, host: 'elsewhere.example' } }),
        ...(row.body ? [await own.app.inject({ method, url, headers: { authorization }, payload: { x: [] } })] : []),
      ];
      const { responses } = operations.get(name)!;
      for (const { statusCode, headers, body } of answers) {
        const { content } = responses[statusCode] ?? expect.fail(`${name} answers ${statusCode}: ${body}`);
        if (!content) continue;
        expect(Object.keys(content), name).toContain(String(headers['content-type']).split(';')[0]);
      }
    }
  });
});
