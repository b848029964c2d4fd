/** Models that chance altered, byte by byte, with hashes made right again: none ends the station, whatever it makes of them. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { alteredBundle } from '../support/altered-bundle.ts';
import { temporaryFolders } from '../support/folder.ts';
import { mutated } from '../support/mutated.ts';
import {
  activeRecipe,
  bundleParts,
  form,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../support/station.ts';

const MODELS = 100;
const folder = temporaryFolders();
let own: TestStation;
let bundle: string;

beforeAll(async () => {
  own = await startStation(await folder(), { queue: { limit: 8, workers: 1, threads: 1, checkSeconds: 60 } });
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  await activeRecipe(own, bundle);
});
afterAll(() => own.close());

it(`${MODELS} altered models are refused or harmless`, async () => {
  const random = Random.of(1, 'altered models');
  const statuses = new Map<number, number>();
  for (let i = 0; i < MODELS; i++) {
    const sent = await alteredBundle(bundle, join(await folder(), 'sent'), {
      model: (bytes) => mutated(bytes, random),
    });
    const request = await form(await bundleParts(sent, `altered ${i}`));
    // one address may upload thirty a minute
    const remoteAddress = `127.0.0.${1 + Math.floor(i / 30)}`;
    const asked = { method: 'POST', url: '/api/recipes', remoteAddress, ...request } as const;
    const { statusCode, body } = await own.app.inject(asked);
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    expect([201, 422], `model ${i}: ${body}`).toContain(statusCode);
  }
  console.log(Object.fromEntries(statuses));
  const headers = { 'content-type': 'image/png' };
  const answer = await own.app.inject({ method: 'POST', url: '/api/inspections', payload: await partPng(1), headers });
  expect(answer.statusCode).toBe(201);
});
