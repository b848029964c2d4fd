/** The service itself: what it says of itself, logs, sends with every answer, and tells listeners. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../test/support/compiled.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import type { Inspection } from '../contract/inspections.ts';

const folder = temporaryFolders();
let own: TestStation;
let bundle: string;
let recipe: string;
let png: Buffer;
/** What it logs. */
const lines: string[] = [];

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  const stream = { write: (line: string) => void lines.push(line) };
  own = await startStation(await folder(), { logger: { level: 'info', stream } });
  recipe = await activeRecipe(own, bundle);
  png = await partPng(7);
});
afterAll(() => own.close());

const raw = (payload: Uint8Array, query = '', headers: Record<string, string> = {}) =>
  own.app.inject({
    method: 'POST',
    url: `/api/inspections${query}`,
    payload: Buffer.from(payload),
    headers: { 'content-type': 'image/png', ...headers },
  });

const get = (url: string) => own.app.inject({ url });

const send = (method: 'DELETE' | 'PATCH' | 'POST' | 'PUT', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });

describe('the service', () => {
  it('describes itself', async () => {
    // what it counts
    await raw(png);
    await raw(Buffer.from('no image'));
    const { paths, openapi } = (await get('/api/openapi.json')).json();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/inspections', '/api/recipes/{id}/tune', '/api/inspections/{id}/map', '/api/audit']),
    );
    expect((await get('/health')).json()).toEqual({ status: 'ok' });
    expect((await get('/ready')).json()).toMatchObject({
      ready: true,
      reason: null,
      recipes: [{ product: null, name: 'rings', reason: null }],
    });
    const metrics = (await get('/metrics')).body;
    expect(metrics).toMatch(/felfri_images_total\{outcome="OK"\} [1-9]/);
    expect(metrics).toMatch(
      /felfri_http_request_seconds_count\{route="\/api\/inspections",method="POST",status="201"\}/,
    );
    // whatever the dashboard asks for of every station is there
    const dashboard = await readFile(join(root, 'examples', 'grafana-dashboard.json'), 'utf8');
    const asked = new Set(dashboard.match(/felfri_(?!station|line)[a-z_]+/g));
    expect(asked.size).toBeGreaterThan(5);
    for (const name of asked) expect(metrics).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    const missing = await get('/api/nothing');
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'NOT_FOUND']);
  });

  it('logs a JSON object a line: requests, decisions and refusals, and no secret', async () => {
    lines.length = 0;
    const authorization = 'Bearer a-token-of-many-letters';
    const made = (await raw(png, '?part=ring&resultId=logged', { authorization })).json<Inspection>();
    await raw(Buffer.from('no image'));
    await send('POST', '/api/session', { name: 'nobody', password: 'a password in the clear' });
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const { time, level } of told) expect([typeof time, typeof level]).toEqual(['number', 'number']);
    const inspected = told.find(({ msg }) => msg === 'inspected')!;
    const { id, decision, score, revision } = made;
    expect(inspected).toMatchObject({ id, resultId: 'logged', part: 'ring', decision, score, recipe, revision });
    const same = told.filter(({ reqId }) => reqId === inspected['reqId']);
    expect(same.map(({ msg }) => msg)).toEqual(['incoming request', 'inspected', 'request completed']);
    expect(same.at(-1)).toMatchObject({ res: { statusCode: 201 }, responseTime: expect.any(Number) });
    const refused = told.filter(({ msg }) => msg === 'refused');
    expect(refused.map(({ code }) => code)).toEqual(['IMAGE_FORMAT', 'UNAUTHORISED']);
    for (const secret of ['of-many-letters', 'in the clear']) expect(lines.join('')).not.toContain(secret);
  });

  it('sends headers that keep other sites out', async () => {
    const { headers } = await get('/api/station');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('tells listeners what happens', async () => {
    const address = await own.app.listen({ port: 0, host: '127.0.0.1' });
    const stop = new AbortController();
    const answer = await fetch(`${address}/api/events`, { signal: stop.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) text += (await reader.read()).value;
    };
    await until('retry');
    const { id } = (await raw(png)).json<Inspection>();
    await until(`"id":"${id}"`);
    await send('PATCH', `/api/recipes/${recipe}`, { ng: 2e9 });
    await until('"change":"thresholds"');
    expect(text).toContain('event: inspection\ndata: {"type":"inspection","change":"new"');
    stop.abort();
  });
});
