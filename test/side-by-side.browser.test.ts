/** What another recipe would have decided on kept images, on the page. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StationVisitor, seriousViolations } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, smallBundle } from './support/station.ts';

const folder = temporaryFolders();
let visitor: StationVisitor;

beforeAll(async () => {
  visitor = await StationVisitor.of(await folder(), { page: await builtPage() });
  const bundles = await folder();
  await activeRecipe(visitor.own, await smallBundle(join(bundles, 'mild'), 1e9), 'Mild');
  await activeRecipe(visitor.own, await smallBundle(join(bundles, 'strict'), 1e-6), 'Strict');
  for (const [seed, part] of [
    [50, 'A-1'],
    [51, 'A-2'],
  ] as const) {
    const headers = { 'content-type': 'image/png' };
    const body = new Uint8Array(await partPng(seed));
    await fetch(`${visitor.address}/api/inspections?part=${part}`, { method: 'POST', headers, body });
  }
});
afterAll(() => visitor?.close());

test('two recipes are set side by side on the kept images, and both maps are shown', async () => {
  const { page, complaints } = await visitor.visit('recipes');
  await page.getByRole('link', { name: 'Side by side' }).click();
  await page.getByLabel('First').selectOption({ label: 'Strict (active)' });
  await page.getByLabel('Second').selectOption({ label: 'Mild' });
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('Done: 2 of 2 images.').waitFor();
  const counts = page.getByRole('region', { name: 'Decisions' });
  await counts.getByRole('row', { name: /^Strict revision \d+ 0 0 2$/ }).waitFor();
  await counts.getByRole('row', { name: /^Mild revision \d+ 2 0 0$/ }).waitFor();
  await counts.getByText('0 images would have been decided more strictly').waitFor();
  await counts.getByText('Nobody gave a verdict on these parts').waitFor();
  await page.locator('details').getByText('A-1', { exact: true }).click();
  for (const name of ['Strict', 'Mild']) {
    const map = `document.querySelector('img[alt="A-1, heat map by ${name}"]')`;
    await expect.poll(() => page.evaluate(`${map}?.naturalWidth`)).toBe(96);
  }
  expect(await seriousViolations(page)).toEqual([]);
  // the address keeps it
  await page.reload();
  await page.getByText('Done: 2 of 2 images.').waitFor();
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(complaints).toEqual([]);
});

test('a shadow is started, judges the parts of the line, is reported and stopped', async () => {
  const { page, complaints } = await visitor.visit('recipes', 1280);
  await page.getByRole('link', { name: 'Shadow', exact: true }).click();
  await page.getByLabel('Decides').selectOption({ label: 'Strict (active)' });
  await page.getByLabel('Judges as its shadow').selectOption({ label: 'Mild' });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('“Strict” has a shadow already.').waitFor();
  const headers = { 'content-type': 'image/png' };
  const body = new Uint8Array(await partPng(52));
  await fetch(`${visitor.address}/api/inspections?part=B-1`, { method: 'POST', headers, body });
  const result = page.getByRole('region', { name: '“Mild” beside “Strict”' });
  await result.getByText('1 part that is NG would have passed').waitFor();
  await result.getByRole('row', { name: 'NG 1 0 0' }).waitFor();
  await result.getByText('It says nothing of parts that were not seen').waitFor();
  await page.locator('details').getByText('B-1', { exact: true }).click();
  const map = 'document.querySelector(\'img[alt="B-1, heat map by Mild"]\')';
  await expect.poll(() => page.evaluate(`${map}?.naturalWidth`)).toBe(96);
  expect(await seriousViolations(page)).toEqual([]);
  const report = await page.getByRole('link', { name: 'Report' }).getAttribute('href');
  expect(await (await fetch(`${visitor.address}${report}`)).text()).toContain('would have passed: look at it');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('region', { name: 'Shadows' }).getByText('stopped').waitFor();
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(complaints).toEqual([]);
});
