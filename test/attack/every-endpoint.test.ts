/**
 * Every endpoint of the contract, asked by each role for what nobody means: bodies, queries and ids that nearly fit, by a seeded chance. None is
 * an error of the station's own, none tells of its inside, and none changes what a role may not.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { addresses, type EndpointName } from '../../src/station/contract/addresses.ts';
import { type Endpoint, queryOf } from '../../src/station/contract/endpoints/endpoint.ts';
import { endpoints } from '../../src/station/contract/endpoints.ts';
import { suffices } from '../../src/station/contract/roles.ts';
import { databases } from '../support/databases.ts';
import { temporaryFolders } from '../support/folder.ts';
import {
  activeRecipe,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../support/station.ts';
import { addUser } from '../support/users.ts';

const ROUNDS = 12;
const roles = ['operator', 'engineer'] as const;
const folder = temporaryFolders();
const texts = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\nb',
    '\u202e',
    '\ud800',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '..%2f..',
    '%',
    '*',
    '_',
  ],
  ...[
    "' or 1=1 --",
    '"; drop table inspections',
    '=cmd()',
    '<script>',
    '{{7*7}}',
    '1e999',
    '-0',
    'NaN',
    'null',
    '2026-99-99T99:99:99Z',
  ],
  ...[
    '9'.repeat(400),
    'x'.repeat(2000),
    ' '.repeat(5000),
    '١٢٣',
    'ſ',
    '\u{1F600}',
    'onnx:/etc/passwd',
    '2026-02-30T00:00:00Z',
  ],
];
const numbers = [0, -0, -1, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 31, 2 ** 63, 0.5, Number.MAX_SAFE_INTEGER + 2];

/** Any value of JSON, as deep as asked. */
function anything(random: Random, depth = 3): unknown {
  const kind = random.integer(depth > 0 ? 7 : 4);
  if (kind === 0) return random.pick(texts);
  if (kind === 1) return random.pick(numbers);
  if (kind === 2) return random.pick([null, true, false]);
  if (kind === 3) return random.pick(known);
  if (kind === 4) return Array.from({ length: random.integer(4) }, () => anything(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: random.integer(4) }, () => [random.pick(texts) || 'x', anything(random, depth - 1)]),
  );
}

/** Ids that are there. */
const known: string[] = ['rings', 'active'];

interface Shape {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly Shape[];
}

/** The names that a schema knows, each with some value. */
function nearly(schema: Shape | undefined, random: Random): Record<string, unknown> {
  const { properties = {} } = schema?.anyOf ? random.pick(schema.anyOf) : (schema ?? {});
  const names = Object.keys(properties).filter(() => random.next() < 0.7);
  if (random.next() < 0.1) names.push('unknown');
  return Object.fromEntries(names.map((name) => [name, anything(random, 2)]));
}

/** Without half surrogates, which no address can hold. */
const asText = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString();

describe.each(databases(folder))('with its records in %s', (_, make) => {
  let own: TestStation;
  let drop: () => Promise<void>;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    const database = await make();
    drop = database.drop;
    const records = 'url' in database.place ? { records: database.place } : {};
    own = await startStation(await folder(), { store: 'all', ...records });
    const recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
    const { inspection } = await inspectImage(own.station, await partPng(3), { part: 'P', lot: 'L' });
    const { id } = await own.station.dataSets.create('set', { by: 'test', at: new Date() });
    known.push(recipe, inspection.id, inspection.imageHash, id);
    await addUser(own, 'ada', 'admin');
    for (const role of roles) tokens.set(role, await addUser(own, role, role));
  });
  afterAll(async () => {
    await own.close();
    await drop();
  });

  const names = (Object.keys(addresses) as EndpointName[]).filter((name) => name !== 'listenToEvents');
  it.each(names)('%s refuses, or does what it is for', async (name) => {
    const [method, path] = addresses[name].split(' ') as ['GET', string];
    const row: Endpoint = endpoints[name];
    for (let round = 0; round < ROUNDS; round++) {
      const random = Random.of(16, 'every endpoint', name, round);
      const url = path.replace(/:\w+/g, () => encodeURIComponent(asText(anything(random, 0))));
      const query = nearly(queryOf(row), random);
      const search = new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, asText(value)]),
      );
      const role = random.pick(roles);
      const isOdd = random.next() < 0.2;
      const body = row.body && JSON.stringify(isOdd ? anything(random) : nearly(row.body as Shape, random));
      const answer = await own.app.inject({
        method,
        url: `${url}?${search}`,
        headers: { authorization: `Bearer ${tokens.get(role)}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { payload: body }),
      });
      const asked = `${url}?${search} ${body ?? ''}`.slice(0, 300);
      const said = `${role} ${method} ${asked}: ${answer.statusCode} ${answer.body.slice(0, 300)}`;
      expect(answer.statusCode, said).toBeLessThan(500);
      expect(answer.body, said).not.toMatch(/node:internal|\/src\/|\.ts:\d|SQLITE|syntax error|at Object\./);
      if (answer.statusCode >= 400) expect(Object.keys(answer.json()).slice(0, 2), said).toEqual(['code', 'message']);
      // an address that is no address is told so to anyone
      const legal = url.length > 100 ? [400, 403, 429] : [403, 429];
      if (row.least !== 'anyone' && !suffices(role, row.least)) expect(legal, said).toContain(answer.statusCode);
    }
  });

  it('and afterwards the users are who they were, and the line goes on', async () => {
    const users = await own.station.records.users.list();
    expect(users.map(({ name, role }) => [name, role])).toEqual([
      ['ada', 'admin'],
      ['engineer', 'engineer'],
      ['operator', 'operator'],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await own.station.records.verifyAudit();
    await own.station.records.verifyRecords();
    expect((await inspectImage(own.station, await partPng(4))).added).toBe(true);
  });
});
