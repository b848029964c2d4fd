/** Recipes over HTTP: uploaded, changed and rolled back, judged by a person, and tuned by that. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  bundleParts,
  form,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';

const folder = temporaryFolders();
let own: TestStation;
let bundle: string;
let recipe: string;
let png: Buffer;

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  own = await startStation(await folder());
  recipe = await activeRecipe(own, bundle);
  png = await partPng(7);
});
afterAll(() => own.close());

const get = (url: string) => own.app.inject({ url });

const send = (method: 'DELETE' | 'PATCH' | 'POST' | 'PUT', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });

describe('recipes', () => {
  it('are uploaded, listed, changed against a revision, and rolled back', async () => {
    const { payload, headers } = await form([...(await bundleParts(bundle, 'uploaded')), ['by', 'Kim']]);
    const made = await own.app.inject({ method: 'POST', url: '/api/recipes', payload, headers });
    expect(made.statusCode).toBe(201);
    const { id } = made.json();
    expect(made.json()).toMatchObject({
      name: 'uploaded',
      revision: 1,
      active: false,
      threshold: 1e9,
      detector: 'unet',
    });
    expect((await get('/api/recipes')).json().recipes.map((r: { id: string }) => r.id)).toEqual([id, recipe]);
    const change = { ng: 0.6, review: 0.5, by: 'Kim', note: 'too strict', revision: 1 };
    expect((await send('PATCH', `/api/recipes/${id}`, change)).json()).toMatchObject({ revision: 2, review: 0.5 });
    expect((await send('PATCH', `/api/recipes/${id}`, change)).statusCode).toBe(409);
    expect((await send('PATCH', `/api/recipes/${id}`, { ng: 0.1, review: 0.5 })).statusCode).toBe(400);
    expect((await send('PATCH', `/api/recipes/${id}`, { ng: null })).statusCode).toBe(400);
    expect((await send('PATCH', `/api/recipes/${id}`, { ng: '5' })).statusCode).toBe(400);
    expect((await send('POST', `/api/recipes/${id}/rollback`)).json()).toMatchObject({ revision: 3, threshold: 1e9 });
    expect((await send('POST', `/api/recipes/${id}/rollback`)).statusCode).toBe(409);
    const detail = (await get(`/api/recipes/${id}`)).json();
    expect(detail.revisions[1]).toMatchObject({ revision: 2, by: 'Kim', note: 'too strict' });
    expect((await get('/api/audit?limit=2')).json().entries[1]).toMatchObject({
      by: 'Kim',
      action: 'recipe.thresholds',
    });
  });

  it('refuse bundles that are altered, incomplete, or lead out of their folder', async () => {
    const parts = await bundleParts(bundle, 'bad');
    const without = (name: string) => parts.filter(([n]) => n !== name);
    const altered = parts.map(([n, v]): [string, string | Uint8Array] =>
      n === 'golden/0.png' ? [n, new Uint8Array(10)] : [n, v],
    );
    const cases: [string, [string, string | Uint8Array][], number][] = [
      ['altered', altered, 422],
      ['no model', without('model.onnx'), 422],
      ['no manifest', without('bundle.json'), 422],
      ['no name', without('name'), 400],
      ['outside', [...parts, ['../../../evil.png', png]], 400],
      ['absolute', [...parts, ['/tmp/evil.png', png]], 400],
      ['other file', [...parts, ['golden/run.sh', png]], 400],
      ['twice', [...parts, ['model.onnx', png]], 400],
    ];
    const before = (await get('/api/recipes')).json().recipes.length;
    for (const [what, given, status] of cases) {
      const { payload, headers } = await form(given);
      const answer = await own.app.inject({ method: 'POST', url: '/api/recipes', payload, headers });
      expect(answer.statusCode, `${what}: ${answer.body}`).toBe(status);
    }
    expect((await get('/api/recipes')).json().recipes).toHaveLength(before);
  });
});

describe('review and tuning', () => {
  it('lets a person judge, and the tuner learn from it', async () => {
    await send('PATCH', `/api/recipes/${recipe}`, { ng: -1e9 });
    const { id, score } = (await inspectImage(own.station, png)).inspection;
    await send('PATCH', `/api/recipes/${recipe}`, { ng: 1e9 });
    expect((await get('/api/review')).json()).toMatchObject({ waiting: 1, inspections: [{ id, decision: 'NG' }] });
    const feedback = (verdict: string, className?: string) =>
      send('PUT', `/api/inspections/${id}/feedback`, { verdict, by: 'Kim', ...(className && { className }) });
    expect((await feedback('missed')).statusCode).toBe(400);
    expect((await feedback('perhaps')).statusCode).toBe(400);
    // a part that is good, or of which nobody can tell, has no class of defect
    expect((await feedback('false-alarm', 'dent')).json()).toMatchObject({ subject: 'className' });
    expect((await feedback('cannot-tell', 'dent')).statusCode).toBe(400);
    expect((await feedback('agree', 'dent')).json()).toMatchObject({
      feedback: { verdict: 'agree', className: 'dent' },
    });
    expect((await feedback('cannot-tell')).json()).toMatchObject({
      feedback: { verdict: 'cannot-tell', className: null },
    });
    // it waits no longer, and is no labelled score
    expect((await get('/api/review')).json()).toMatchObject({ waiting: 0 });
    expect((await get(`/api/recipes/${recipe}/scores`)).json().scores).toHaveLength(16);
    expect((await feedback('false-alarm')).json()).toMatchObject({ feedback: { verdict: 'false-alarm', by: 'Kim' } });
    expect((await get('/api/review')).json()).toEqual({ waiting: 0, inspections: [] });
    const takeBack = () => send('DELETE', `/api/inspections/${id}/feedback?by=Kim`);
    expect((await takeBack()).json()).toMatchObject({ id, feedback: null });
    expect((await takeBack()).statusCode).toBe(404);
    expect((await get('/api/review')).json()).toMatchObject({ waiting: 1 });
    await feedback('false-alarm');
    expect((await send('PUT', '/api/inspections/none/feedback', { verdict: 'agree' })).statusCode).toBe(404);

    const scores = (await get(`/api/recipes/${recipe}/scores`)).json();
    expect(scores.scores).toHaveLength(17);
    expect(scores.scores).toContainEqual({ source: 'feedback', label: 'good', score, name: id, className: null });
    expect(scores.notes.join()).toContain('recall looks too good');

    const tuning = (
      await send('POST', `/api/recipes/${recipe}/tune`, { ng: 0.65, review: 0.35, sources: ['calibration'] })
    ).json();
    expect(tuning).toMatchObject({
      confusion: { tp: 3, fp: 0, fn: 1, tn: 4 },
      good: { ok: 3, review: 1, ng: 0 },
      defective: { ok: 0, review: 1, ng: 3 },
      recall: { value: 0.75, count: 3, total: 4 },
      recallWithReview: { value: 1 },
      falseAlarmRate: { value: 0 },
    });
    // Clopper and Pearson for 3 of 4
    expect(tuning.recall.interval.low).toBeCloseTo(0.19412, 4);
    expect(tuning.recall.interval.high).toBeCloseTo(0.99369, 4);
    const refused = [{ ng: 0.1, review: 0.2 }, { ng: 'x' }, { ng: 1, sources: [] }, {}];
    for (const body of refused) expect((await send('POST', `/api/recipes/${recipe}/tune`, body)).statusCode).toBe(400);
  });
});

describe('a recipe', () => {
  it('shows a model card made of what the bundle says of itself, not of text that came along', async () => {
    const parts = (await bundleParts(bundle, 'told')).map(([name, content]): [string, string | Uint8Array] =>
      name === 'MODEL_CARD.md' ? [name, Buffer.from('Finds everything.')] : [name, content],
    );
    const { payload, headers } = await form(parts);
    const { id } = (await own.app.inject({ method: 'POST', url: '/api/recipes', payload, headers })).json();
    const card = await get(`/api/recipes/${id}/card`);
    expect([card.statusCode, card.headers['content-security-policy']]).toEqual([
      200,
      expect.stringMatching(/^sandbox/),
    ]);
    expect(card.body).toContain('It is no safety function.');
    expect(card.body).not.toContain('Finds everything.');
    expect((await get('/api/recipes/none/card')).statusCode).toBe(404);
    const path = join(own.station.recipes.bundles.directory(id), 'bundle.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('simulated', 'something'));
    expect((await get(`/api/recipes/${id}/card`)).json()).toMatchObject({ code: 'BUNDLE_INVALID' });
  });
});
