/** An engineer's way through HTTP alone: images, masks, a U-Net trained on them, a recipe of it, and a part that an operator inspects by it. */
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { startStation, type TestStation } from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import { simulatePart } from '../../data/simulate/bearing-ring/simulate-part.ts';
import type { AuditTrail } from '../contract/audit.ts';
import type { DataSet, ImageChange } from '../contract/datasets.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { Training } from '../contract/training.ts';

const SIDE = 64;
const folder = temporaryFolders();
let own: TestStation;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  own = await startStation(await folder());
  for (const [name, role] of [
    ['ada', 'admin'],
    ['eve', 'engineer'],
    ['otto', 'operator'],
  ] as const)
    tokens[name] = await addUser(own, name, role);
});
afterAll(() => own.close());

const send = (as: string, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object | Buffer) =>
  own.app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${tokens[as]}`,
      ...(Buffer.isBuffer(payload) && { 'content-type': 'image/png' }),
    },
    ...(payload && { payload }),
  });

const greyPng = (grey: Uint8Array) =>
  sharp(Buffer.from(grey), { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .png()
    .toBuffer();

/** Uploads good and defective parts, the latter with their masks. */
async function uploadParts(id: string, parts: number): Promise<void> {
  for (let part = 0; part < parts; part++) {
    const defective = part % 2 === 1;
    const { image, mask } = simulatePart(300 + part, {
      width: SIDE,
      height: SIDE,
      className: defective ? 'dent' : 'good',
    });
    const url = `/api/datasets/${id}/images?name=part-${part}${defective ? '' : '&label=good'}`;
    const added = await send('eve', 'POST', url, await greyPng(image));
    expect(added.statusCode).toBe(201);
    if (!defective) continue;
    const { hash } = added.json<ImageChange>().image!;
    const drawn = await greyPng(mask.map((value) => value * 255));
    expect((await send('eve', 'PUT', `/api/datasets/${id}/images/${hash}/mask`, drawn)).statusCode).toBe(200);
  }
}

it('a U-Net learns from the masks of a data set, and parts are inspected by it', async () => {
  const { id } = (await send('eve', 'POST', '/api/datasets', { name: 'dented' })).json<DataSet>();
  await uploadParts(id, 20);

  const settings = { detector: 'unet', size: SIDE, epochs: 1, base: 2, patch: 32, seed: 1 };
  const wanted = { name: 'dents', dataSet: id, settings };
  expect((await send('otto', 'POST', '/api/trainings', wanted)).statusCode).toBe(403);
  const flow = await send('eve', 'POST', '/api/trainings', { ...wanted, settings: { detector: 'flow', patch: 32 } });
  expect([flow.statusCode, flow.json().code, flow.json().subject]).toEqual([400, 'OPTION_INVALID', 'patch']);

  const begun = await send('eve', 'POST', '/api/trainings', wanted);
  expect(begun.statusCode).toBe(201);
  let training = begun.json<Training>();
  while (training.state === 'queued' || training.state === 'running') {
    await sleep(100);
    training = (await send('eve', 'GET', `/api/trainings/${training.id}`)).json<Training>();
  }
  expect(training).toMatchObject({ state: 'finished', error: null, settings });
  const { images, threshold } = training.result!;
  expect(images.train + images.calibration + images.test).toBe(20);

  const made = await send('eve', 'POST', `/api/trainings/${training.id}/recipe`, { name: 'dents by U-Net' });
  expect(made.statusCode).toBe(201);
  const recipe = made.json<Recipe>();
  expect(recipe).toMatchObject({ detector: 'unet', threshold: threshold!.value, active: false });
  expect((await send('eve', 'POST', `/api/recipes/${recipe.id}/activate`)).statusCode).toBe(200);

  const part = await greyPng(simulatePart(999, { width: SIDE, height: SIDE, className: 'dent' }).image);
  const answer = await send('otto', 'POST', '/api/inspections?part=next', part);
  expect(answer.statusCode).toBe(201);
  const { decision, score, recipe: by } = answer.json<Inspection>();
  expect(by).toBe(recipe.id);
  expect(decision).toBe(score >= threshold!.value ? 'NG' : 'OK');

  const { entries } = (await send('eve', 'GET', '/api/audit?limit=4')).json<AuditTrail>();
  expect(entries.map((entry) => [entry.action, entry.by])).toEqual([
    ['recipe.activated', 'eve'],
    ['recipe.created', 'eve'],
    ['training.started', 'eve'],
    ['dataset.mask', 'eve'],
  ]);
});
