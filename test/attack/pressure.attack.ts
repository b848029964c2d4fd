/** A station as users run it, under slow senders and under pictures of 49 megapixels. Measured as bench/station-pressure.ts does. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Images, memory, outage } from '../../bench/pressure-tasks.ts';
import { felfri, type ServedStation, serveStation } from '../../bench/served-station.ts';
import { makeSimulatedRecipe } from '../../scripts/simulated-recipe.ts';
import { temporaryFolders } from '../support/folder.ts';

const folder = temporaryFolders();
let station: ServedStation;
let images: Images;

beforeAll(async () => {
  const data = await folder();
  const [parts, bundle] = [join(data, 'parts'), join(data, 'bundle')];
  await makeSimulatedRecipe(felfri, parts, bundle, 128);
  station = await serveStation(bundle, join(data, 'station'));
  const names = (await readdir(join(parts, 'images'))).slice(0, 20);
  images = await Promise.all(names.map(async (name) => new Uint8Array(await readFile(join(parts, 'images', name)))));
});
afterAll(() => station.stop());

it('32 senders of a byte a second, who come again, hold up honest images by two seconds at most', async () => {
  const millis = await outage(station, images, 32, 60);
  console.log(`longest time without a decision: ${Math.round(millis)} ms`);
  expect(millis).toBeLessThan(2000);
});

it.runIf(process.platform === 'linux')('pictures of 49 megapixels, twenty at a time, take 1.5 GB at most', async () => {
  const found = await memory(station);
  console.log(found.map(([what, megabytes]) => `${what}: ${megabytes} MB`).join('\n'));
  for (const [what, megabytes] of found) expect(megabytes, what).toBeLessThan(1500);
});
