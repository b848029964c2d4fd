/** The page of the line at a real station with outputs: what fares how, and the test button. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type Running, startFelfri } from './cli/felfri.ts';
import { seriousViolations } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { freePort } from './support/line.ts';
import { partPng, smallBundle } from './support/station.ts';
import { patience } from './support/until.ts';

const shots = process.env['FELFRI_SCREENSHOTS'];
const folder = temporaryFolders();
let browser: Browser;
let running: Running;
let address: string;
let built: string;

beforeAll(async () => {
  const bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  built = await builtPage();
  const data = await folder();
  const watched = await folder();
  await writeFile(join(watched, 'ring1.png'), await partPng(2));
  const sources = {
    camera: { kind: 'folder', path: watched },
    archive: { kind: 'folder', path: join(watched, 'none') },
  };
  const outputs = {
    robot: { kind: 'lines', port: await freePort() },
    plc: { kind: 'modbus', port: await freePort() },
    mes: { kind: 'webhook', url: `http://127.0.0.1:${await freePort()}/felfri`, secret: 'x'.repeat(32) },
  };
  await writeFile(join(data, 'line.json'), JSON.stringify({ station: 'press-7', sources, outputs }));
  running = startFelfri(['serve', bundle, '--data', data, '--port', '0', '--threads', '1']);
  address = await running.printed(/felfri station at (\S+):/);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  running?.process.kill('SIGKILL');
  await running?.finished;
});

test('shows each source and output, what stands in its way, and tests it', async () => {
  const body = new Uint8Array(await partPng(1));
  const sent = await fetch(`${address}/api/inspections`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'image/png' },
  });
  expect(sent.status).toBe(201);
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(patience.condition);
  await page.route(
    (url) => !url.pathname.startsWith('/api/'),
    (route) =>
      route.fulfill({ path: join(built, new URL(route.request().url()).pathname.replace(/\/$/, '/index.html')) }),
  );
  await page.goto(`${address}/#/line`);
  await page.getByText('press-7 is ready').waitFor();
  const mes = page.getByRole('listitem').filter({ hasText: 'mes' });
  await mes.getByText(/cannot be reached/).waitFor();
  await page.getByText('ring1.png').waitFor();
  await page.getByRole('button', { name: 'Test camera' }).click();
  await page.getByText(/It works: 0 image files lie in/).waitFor();
  await page.getByRole('button', { name: 'Test archive' }).click();
  await page.getByText(/It failed: .*cannot be used: ENOENT/).waitFor();
  await page.getByRole('button', { name: 'Test robot' }).click();
  await page.getByText(/It works: something listens/).waitFor();
  await page.getByRole('button', { name: 'Test mes' }).click();
  await page.getByText(/It failed: .*ECONNREFUSED/).waitFor();
  if (shots) await page.screenshot({ path: join(shots, 'line.png'), fullPage: true });
  expect(await seriousViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  if (shots) await page.screenshot({ path: join(shots, 'line-narrow.png'), fullPage: true });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});
