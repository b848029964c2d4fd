/** Views that come by HTTP: each is answered with the decision on its part, which is OK only of all views, also where it is sent again. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { freePort, startLine, type TestLine } from '../../../../../test/support/line.ts';
import { activeRecipe, partPng, serverOf, smallBundle } from '../../../../../test/support/station.ts';
import { until } from '../../../../../test/support/until.ts';
import { Inspecting } from '../../../inspections/inspecting.ts';

const folder = temporaryFolders();
const WITHIN = 3;
let test: TestLine;
let app: FastifyInstance;
let strict: string;
let lenient: string;
let image: Buffer;
let other: Buffer;

beforeAll(async () => {
  const outputs = { robot: { kind: 'lines', port: await freePort() } };
  const parts = { views: ['top', 'side'], withinSeconds: WITHIN, http: true };
  test = await startLine(await folder(), outputs, 'press-7', {}, parts);
  app = await serverOf(test.station, { line: test.line });
  const bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  const by = { by: 'test', at: new Date() };
  strict = await activeRecipe(test, bundle, 'strict');
  await test.station.recipes.setThresholds(strict, { ng: -1e9, review: null }, by);
  lenient = await activeRecipe(test, bundle, 'lenient');
  await test.station.recipes.setThresholds(lenient, { ng: 1e9, review: null }, by);
  [image, other] = [await partPng(1), await partPng(2)];
});
afterAll(async () => {
  await app.close();
  await test.close();
});

async function send(query: Record<string, string>, bytes = image) {
  const headers = { 'content-type': 'image/png' };
  const answer = await app.inject({ method: 'POST', url: '/api/inspections', query, payload: bytes, headers });
  return { status: answer.statusCode, body: answer.json() as Record<string, string> };
}

/** What goes out of a part. */
async function sent(part: string) {
  const all = await test.station.records.outbox.after('robot', 0, 500);
  return all.map(({ record }) => record).filter((record) => record.part === part);
}

const both = (part: string, side: Record<string, string> = {}) =>
  Promise.all([
    send({ part, view: 'top', resultId: `${part}-top` }),
    send({ part, view: 'side', resultId: `${part}-side`, ...side }, other),
  ]);

it('answers both views of a part with the one record that stands for it', async () => {
  const [top, side] = await both('v1');
  expect([top.status, side.status]).toEqual([201, 201]);
  expect(top.body).toMatchObject({ decision: 'OK', part: 'v1' });
  expect(top.body['reason']).toMatch(/^views: (top OK, side OK|side OK, top OK)/);
  expect(side.body['id']).toBe(top.body['id']);
  expect(await sent('v1')).toMatchObject([{ id: top.body['id'], decision: 'OK' }]);
});

it('answers both with NG where one is, and so again where a view is sent once more', async () => {
  const [top, side] = await both('v2', { recipe: strict });
  expect([top.body['decision'], side.body['decision']]).toEqual(['NG', 'NG']);
  // the view alone was OK
  const again = await send({ part: 'v2', view: 'top', resultId: 'v2-top' });
  expect([again.status, again.body['decision'], again.body['id']]).toEqual([200, 'NG', top.body['id']]);
  expect(await sent('v2')).toHaveLength(1);
  expect((await send({ part: 'v2', view: 'top', resultId: 'v2-top' }, other)).body['code']).toBe('CONFLICT');
});

it('takes the same image twice for one view, and another image of that view for a conflict', async () => {
  const top = { part: 'v3', view: 'top', resultId: 'v3-top' };
  const judged = vi.spyOn(Inspecting.prototype, 'decide');
  const first = send(top);
  await until(() => judged.mock.settledResults.some(({ type }) => type === 'fulfilled'), 'it waits for the other view');
  const [again, another, swapped] = [send(top), send({ ...top, resultId: 'v3-x' }, other), send(top, other)];
  expect([(await another).status, (await swapped).status]).toEqual([409, 409]);
  await send({ part: 'v3', view: 'side' }, other);
  expect([(await first).status, (await again).status]).toEqual([201, 200]);
  expect((await again).body['id']).toBe((await first).body['id']);
  expect((await sent('v3')).filter(({ decision }) => decision !== 'NOT_INSPECTED')).toHaveLength(1);
});

it('gives REVIEW where a view is missing, and again where it comes too late', async () => {
  const alone = await send({ part: 'v4', view: 'top' });
  expect([alone.status, alone.body['decision']]).toEqual([201, 'REVIEW']);
  expect(alone.body['reason']).toContain('side missing');
  const late = await send({ part: 'v4', view: 'side' }, other);
  expect(late.body['decision']).toBe('REVIEW');
  const [bad, good] = await Promise.all([
    send({ part: 'v5', view: 'top' }, Buffer.from('no image')),
    send({ part: 'v5', view: 'side' }, other),
  ]);
  expect([bad.status, good.body['decision']]).toEqual([415, 'REVIEW']);
});

it('gives REVIEW where the views name more than one product or lot, as of two parts of one number', async () => {
  const [own] = await both('v10', { lot: 'L8' });
  expect(own.body['decision']).toBe('OK');
  const change = { by: null, at: new Date() };
  for (const code of ['4711', '4712']) await test.station.products.set({ code, recipe: lenient }, change);
  const views = (part: string, top: Record<string, string>, side: Record<string, string>) =>
    Promise.all([send({ part, view: 'top', ...top }), send({ part, view: 'side', ...side }, other)]);
  const [lots] = await views('v11', { product: '4711', lot: 'L7' }, { product: '4711', lot: 'L8' });
  const [products] = await views('v12', { product: '4711' }, { product: '4712' });
  for (const code of ['4711', '4712']) await test.station.products.set({ code, recipe: null }, change);
  expect(lots.body).toMatchObject({ decision: 'REVIEW', reason: expect.stringContaining('more than one lot') });
  expect(products.body).toMatchObject({ decision: 'REVIEW', reason: expect.stringContaining('more than one product') });
});

it('refuses views that cannot be, and takes an image without one for a part', async () => {
  const refusals = [{ view: 'top' }, { view: 'below', part: 'v6' }];
  for (const query of refusals) expect((await send(query)).body['code']).toBe('OPTION_INVALID');
  expect((await send({ part: 'v6' })).body).toMatchObject({ decision: 'OK', part: 'v6' });
  const plain = await test.app.inject({ method: 'POST', url: '/api/inspections?view=top&part=v7', payload: image, headers: { 'content-type': 'image/png' } }); // biome-ignore format: one line
  expect(plain.json()).toMatchObject({ code: 'OPTION_INVALID', subject: 'view' });
});

it('gives no decision of a part for a view of which the part was never recorded', async () => {
  // as a kill leaves it between the records of views and that of their part
  const view = await test.record('OK', { part: 'v8', resultId: 'v8-top', reason: 'view top of a part that is NG', imageHash: await hashOf(image) }); // biome-ignore format: one line
  expect(view.decision).toBe('OK');
  const again = await send({ part: 'v8', view: 'top', resultId: 'v8-top' });
  expect([again.status, again.body['code']]).toEqual([409, 'CONFLICT']);
});

async function hashOf(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
}
