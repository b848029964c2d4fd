/** Many who look at large pictures at once take two threads and no more, and nobody's picture is made who went away. */
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, smallBundle, startStation, type TestStation } from '../support/station.ts';

const folder = temporaryFolders();
let own: TestStation;
let id: string;
let origin: string;

beforeAll(async () => {
  own = await startStation(await folder(), { maxPixels: 20_000_000 });
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  const payload = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  const headers = { 'content-type': 'image/png' };
  const answer = await own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers });
  ({ id } = answer.json());
  await own.app.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://127.0.0.1:${(own.app.server.address() as { port: number }).port}`;
});
afterAll(() => own.close());

/** The most that were made at a time meanwhile. */
async function mostMade(work: Promise<unknown>): Promise<number> {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, own.station.views.load.running);
  }, 1);
  await work;
  clearInterval(timer);
  return most;
}

it.each(['image', 'map'])('twenty who ask for the %s at once get it, two at a time', async (what) => {
  const ask = (longest: number) => fetch(`${origin}/api/inspections/${id}/${what}?longest=${longest}`);
  const answers = Promise.all(Array.from({ length: 20 }, (_, i) => ask(16 + i)));
  expect(await mostMade(answers)).toBe(2);
  expect((await answers).map(({ status }) => status)).toEqual(Array(20).fill(200));
});

it('those who went away are forgotten', async () => {
  const gone = new AbortController();
  const ask = (longest: number) =>
    fetch(`${origin}/api/inspections/${id}/image?longest=${longest}`, { signal: gone.signal }).catch(() => 'gone');
  const answers = Array.from({ length: 20 }, (_, i) => ask(2000 + i));
  while (own.station.views.load.waiting < 10) await new Promise((resolve) => setTimeout(resolve, 1));
  gone.abort();
  expect(new Set(await Promise.all(answers))).toContain('gone');
  while (own.station.views.load.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(own.station.views.load.running).toBeLessThanOrEqual(2);
});

it('a deep image for a data set is decoded where it holds up nobody', async () => {
  const payload = await sharp({ create: { width: 4400, height: 4400, channels: 3, background: '#888' } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  await own.station.dataSets.create('deep', { by: 'test', at: new Date() });
  const headers = { 'content-type': 'image/png' };
  const before = process.memoryUsage().arrayBuffers;
  let [longest, most, last] = [0, 0, performance.now()];
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 5);
  const begin = performance.now();
  const answer = await own.app.inject({ method: 'POST', url: '/api/datasets/deep/images', payload, headers });
  longest = Math.max(longest, performance.now() - last);
  clearInterval(timer);
  expect(answer.json().image).toMatchObject({ width: 4400, height: 4400 });
  expect(longest).toBeLessThan((performance.now() - begin) / 2);
  // its pixels alone have 116 MB
  expect(most).toBeLessThan(50e6);
}, 60_000);
