/** Training through the station's HTTP interface, by the real command in a process of its own. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { fillDataSet, startStation, type TestStation } from '../../../test/support/station.ts';
import type { Regions } from '../../data/regions/schema.ts';
import type { AuditTrail } from '../contract/audit.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { NewTraining, Training, TrainingCurve, TrainingState } from '../contract/training.ts';

const folder = temporaryFolders();
let data: string;
let own: TestStation;

const call = async <T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<T> =>
  (await own.app.inject({ method, url, ...(payload && { payload }) })).json();
const get = (id: string) => call<Training>('GET', `/api/trainings/${id}`);

/** Waits until it is in one of the states. */
async function until(id: string, ...states: TrainingState[]): Promise<Training> {
  for (;;) {
    const training = await get(id);
    if (states.includes(training.state)) return training;
    if (training.state === 'failed') throw new Error(`it failed: ${training.error?.code} ${training.error?.message}`);
    await sleep(100);
  }
}

const start = (settings: Partial<NewTraining['settings']> = {}, dataSet = 'parts') =>
  call<Training>('POST', '/api/trainings', {
    name: 'first try',
    dataSet,
    settings: { detector: 'flow', size: 64, epochs: 2, seed: 1, ...settings },
    by: 'Kim',
  });

beforeAll(async () => {
  data = await folder();
  own = await startStation(data);
  await fillDataSet(own.station, 'parts', 15);
});
afterAll(() => own.close());

const bore: Regions['regions'][number] = {
  name: 'bore',
  kind: 'ignore',
  shape: { form: 'ring', centre: [0.5, 0.5], outer: 0.2, inner: 0 },
};

describe('training', () => {
  it('is given a range and bands, which it hands on', async () => {
    for (const wrong of [{ range: '9..1' }, { range: 'x' }, { bands: '1,2' }, { bands: '0' }])
      expect(await start(wrong)).toMatchObject({ code: 'OPTION_INVALID', subject: Object.keys(wrong)[0] });
    // these images have 8 bits, which the training says of such a range
    const { id } = await start({ range: '-5..4095', bands: 'mean' });
    await expect(until(id, 'finished')).rejects.toThrow('OPTION_INVALID the images have 8 bits a channel');
  });

  it('is given regions, which are checked before it starts', async () => {
    const nothing = { ...bore, shape: { ...bore.shape, inner: 0.3 } };
    expect(await start({ regions: { aspect: 1, regions: [nothing] } })).toMatchObject({ code: 'REGIONS_INVALID' });
  });

  it('trains on the version that was, gives curves, figures and a report, and becomes a recipe that is not active', async () => {
    const regions = { aspect: 1, regions: [bore] };
    const started = await start({ regions });
    expect(started.dataSet).toMatchObject({ id: 'parts', hash: own.station.dataSets.require('parts').facts.hash });
    const waiting = await start();
    expect(waiting.state).toBe('queued');
    await call('POST', `/api/trainings/${waiting.id}/cancel`);
    expect((await get(waiting.id)).state).toBe('stopped');
    // labelling goes on meanwhile
    const [image] = own.station.dataSets.detail('parts').images;
    await own.station.dataSets.label('parts', image!.hash, { label: null }, { by: null, at: new Date() });

    const { result, progress, error } = await until(started.id, 'finished');
    expect([progress, error]).toEqual([null, null]);
    expect(result!.figures).toMatchObject({ good: expect.any(Number), auroc: expect.any(Number) });
    expect(result!.threshold!.statement).toMatch(/\w+ \w+/);
    const curve = await call<TrainingCurve>('GET', `/api/trainings/${started.id}/curve`);
    expect(curve.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(curve.losses.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    const bundle = JSON.parse(await readFile(join(data, 'trainings', started.id, 'bundle', 'bundle.json'), 'utf8'));
    expect(bundle.data.images.train).toBe(result!.images.train);
    expect(bundle.regions).toMatchObject(regions);

    const report = await own.app.inject({ url: `/api/trainings/${started.id}/report` });
    expect(report.headers['content-security-policy']).toContain('sandbox');
    expect(report.body).toContain('<html');

    const recipe = await call<Recipe>('POST', `/api/trainings/${started.id}/recipe`, { name: 'trained here' });
    expect(recipe).toMatchObject({
      name: 'trained here',
      active: false,
      detector: 'flow',
      threshold: result!.threshold!.value,
    });
    expect((await get(started.id)).recipe).toBe(recipe.id);
    expect(own.station.recipes.active).toBeNull();
    const { entries } = await call<AuditTrail>('GET', '/api/audit?limit=5');
    expect(entries.map(({ action }) => action)).toContain('recipe.created');
    expect(entries.map(({ action, by }) => [action, by])).toContainEqual(['training.started', 'Kim']);
  });

  it('is stopped and resumed, and survives the end of the station', async () => {
    const { id } = await start({ epochs: 400 });
    const running = async (): Promise<void> => {
      while ((await get(id)).progress?.epoch == null) await sleep(50);
    };
    await running();
    await call('POST', `/api/trainings/${id}/cancel`);
    const stopped = await until(id, 'stopped');
    expect(stopped.error).toBeNull();
    const before = (await call<TrainingCurve>('GET', `/api/trainings/${id}/curve`)).losses.at(-1)!.step;
    expect(await readdir(join(data, 'trainings', id, 'bundle', 'run'))).toContain('checkpoint.safetensors');
    expect(
      (await own.app.inject({ method: 'POST', url: `/api/trainings/${id}/recipe`, payload: { name: 'x' } })).statusCode,
    ).toBe(409);

    await call('POST', `/api/trainings/${id}/resume`);
    await running();
    await own.close();
    own = await startStation(data);
    const interrupted = await get(id);
    expect(interrupted.state).toBe('interrupted');
    expect((await call<TrainingCurve>('GET', `/api/trainings/${id}/curve`)).losses.at(-1)!.step).toBeGreaterThanOrEqual(
      before,
    );
    expect(own.station.trainings.list().map(({ state }) => state)).toEqual([
      'interrupted',
      'stopped',
      'finished',
      'failed',
    ]);
  });

  it('says in plain words why it failed, and nothing of where the station keeps things', async () => {
    await own.station.dataSets.create('empty', { by: null, at: new Date() });
    const { id } = await start({}, 'empty');
    let training = await get(id);
    while (training.state !== 'failed') {
      await sleep(50);
      training = await get(id);
    }
    expect(training.error).toMatchObject({ code: 'DATASET_MANIFEST' });
    expect(training.error!.message).not.toContain(data);
    expect(
      (
        await own.app.inject({
          method: 'POST',
          url: '/api/trainings',
          payload: { name: 'x', dataSet: 'none', settings: { detector: 'flow' } },
        })
      ).statusCode,
    ).toBe(404);
    for (const settings of [
      { detector: 'flow', backbone: 'onnx:/etc/passwd' },
      { detector: 'unet', backbone: 'surface' },
      { detector: 'flow', rule: '--x' },
      { detector: 'flow', rule: 'recal=0.95' },
      { detector: 'flow', rule: 'recall=1.5' },
      { detector: 'flow', rule: 'cost=100:1@2' },
      { detector: 'x' },
    ])
      expect(
        (
          await own.app.inject({
            method: 'POST',
            url: '/api/trainings',
            payload: { name: 'x', dataSet: 'parts', settings },
          })
        ).statusCode,
      ).toBe(400);
  });

  it('knows one that was under way when the station was killed as interrupted', async () => {
    await own.close();
    const [first] = await readdir(join(data, 'trainings'));
    const path = join(data, 'trainings', first!, 'training.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), state: 'running' }));
    own = await startStation(data);
    expect((await get(first!)).state).toBe('interrupted');
  });
});
