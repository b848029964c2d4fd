/** The large view at a real station that refuses, freezes and comes back: an OK never stands for a part that was not judged. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type Running, startFelfri } from './cli/felfri.ts';
import { StationVisitor, seriousViolations } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { plainPng, temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, smallBundle } from './support/station.ts';
import { patience } from './support/until.ts';

/** Where pictures of every state are left to be looked at; without it none are taken. */
const shots = process.env['FELFRI_SCREENSHOTS'];

const folder = temporaryFolders();
let browser: Browser;
let running: Running;
let address: string;
let page: Page;
let bundle: string;
let data: string;

const start = (port: string): Running =>
  startFelfri(['serve', bundle, '--data', data, '--port', port, '--threads', '1', '--store', 'none', '--show-for', '6']); // biome-ignore format: one line

beforeAll(async () => {
  if (shots) await mkdir(shots, { recursive: true });
  bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  const built = await builtPage();
  data = await folder();
  running = start('0');
  address = await running.printed(/felfri station at (\S+):/);
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(patience.condition);
  // the page as it is in the source; all that it asks goes to the process
  await page.route(
    (url) => !url.pathname.startsWith('/api/'),
    (route) =>
      route.fulfill({ path: join(built, new URL(route.request().url()).pathname.replace(/\/$/, '/index.html')) }),
  );
});
afterAll(async () => {
  await browser?.close();
  running?.process.kill('SIGCONT');
  running?.process.kill('SIGKILL');
  await running?.finished;
});

async function send(part: string, image: Uint8Array): Promise<number> {
  const headers = { 'content-type': 'image/png' };
  const body = new Uint8Array(image);
  return (await fetch(`${address}/api/inspections?part=${part}`, { method: 'POST', headers, body })).status;
}

async function photograph(name: string): Promise<void> {
  if (!shots) return;
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

const view = (kind: string) => page.locator(`main.operator.is-${kind}`);

test('shows OK with its picture, whatever is stored, and its age', async () => {
  await page.goto(`${address}/#/live`);
  await page.getByText('Nothing inspected yet').waitFor();
  await page.keyboard.press('o');
  await view('first').waitFor();
  expect(await send('P-1001', await partPng(1))).toBe(201);
  await view('part.ok').waitFor();
  await page.locator('p.part', { hasText: 'P-1001' }).waitFor();
  await page.locator('.age', { hasText: /^[1-5] s ago$/ }).waitFor();
  const drawn = '[...document.querySelectorAll("figure img")].every((i) => i.complete && i.naturalWidth === 96)';
  await expect.poll(() => page.evaluate(drawn)).toBe(true);
  await photograph('ok-1280x720');
});

test('says NOT INSPECTED of a part that was refused, and why', async () => {
  const png = await partPng(2);
  expect(await send('P-1002', png.subarray(0, png.length - 200))).toBe(422);
  await view('part.none').waitFor();
  await page.locator('.word', { hasText: 'NOT INSPECTED' }).waitFor();
  await page.locator('p.part', { hasText: 'P-1002' }).waitFor();
  await page.getByText('IMAGE_CORRUPT').waitFor();
  expect(await view('part.ok').count()).toBe(0);
  await photograph('not-inspected-1280x720');
  expect(await seriousViolations(page)).toEqual([]);
});

test('flashes with every new part, so that two alike differ', async () => {
  for (const part of ['P-1003', 'P-1004']) {
    const flashes = page.evaluate(
      'new Promise((done) => document.addEventListener("animationstart", (e) => done(e.animationName), { once: true }))',
    );
    expect(await send(part, await partPng(3))).toBe(201);
    expect(await flashes).toMatch(/flash$/);
    await page.locator('p.part', { hasText: part }).waitFor();
  }
});

test('waits for the next part once a decision is old', async () => {
  await view('waiting').waitFor();
  await page.getByText('Waiting for the next part').waitFor();
  await photograph('waiting-1280x720');
  expect(await seriousViolations(page)).toEqual([]);
});

test('turns grey when the station freezes, on every page, and comes back with what was missed', async () => {
  expect(await send('P-1005', await partPng(5))).toBe(201);
  await view('part.ok').waitFor();
  running.process.kill('SIGSTOP');
  await view('silent').waitFor();
  await page.getByText('NO CONNECTION').waitFor();
  expect(await page.getByText('P-1005').count()).toBe(0);
  await photograph('silent-1280x720');
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('o');
  await page.getByText('NO CONNECTION').waitFor();
  await page.getByText('not connected', { exact: true }).waitFor();
  await photograph('live-silent');
  await page.keyboard.press('o');

  running.process.kill('SIGCONT');
  await page.locator('main.operator.is-part, main.operator.is-waiting').waitFor();
  expect(await send('P-1006', await partPng(6))).toBe(201);
  await page.locator('p.part', { hasText: 'P-1006' }).waitFor();
});

test('shows NG and REVIEW in words and colours of their own, and the reason', async () => {
  const { recipes } = (await (await fetch(`${address}/api/recipes`)).json()) as { recipes: { id: string }[] };
  const limits = async (ng: number, review: number) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ng, review });
    expect((await fetch(`${address}/api/recipes/${recipes[0]!.id}`, { method: 'PATCH', headers, body })).status).toBe(
      200,
    );
  };
  await limits(1e-7, 1e-8);
  expect(await send('P-1007', await partPng(7))).toBe(201);
  await view('part.ng').waitFor();
  await photograph('ng-1280x720');
  expect(await seriousViolations(page)).toEqual([]);
  await limits(0.99, 1e-8);
  expect(await send('P-1008', await partPng(8))).toBe(201);
  await view('part.review').waitFor();
  await photograph('review-1280x720');
  expect(await send('P-1009', await plainPng(0, 96, 64))).toBe(201);
  await page.getByText('no picture').waitFor();
  await photograph('review-with-reason-1280x720');
  expect(await seriousViolations(page)).toEqual([]);
});

test('turns grey when the station is stopped, and waits for a part when it is there again', async () => {
  expect(await send('P-1010', await partPng(5))).toBe(201);
  await view('part').waitFor();
  running.process.kill('SIGTERM');
  await view('silent').waitFor();
  expect(await page.getByText('P-1010').count()).toBe(0);
  await page.getByText(/No sign of life for \d+ s$/).waitFor();
  await photograph('stopped-1280x720');
  expect(await seriousViolations(page)).toEqual([]);
  await running.finished;
  await page.setViewportSize({ width: 390, height: 844 });
  await photograph('stopped-390x844');
  await page.setViewportSize({ width: 1280, height: 720 });
  running = start(new URL(address).port);
  await running.printed(/felfri station at (\S+):/);
  await page.locator('main.operator:not(.is-silent)').waitFor();
  // what was decided before the stop is old
  await view('waiting').waitFor();
  await photograph('started-again-1280x720');
  expect(await send('P-1011', await partPng(6))).toBe(201);
  await page.locator('p.part', { hasText: 'P-1011' }).waitFor();
});

test('turns grey when the station is gone', async () => {
  running.process.kill('SIGKILL');
  await running.finished;
  await view('silent').waitFor();
});

test('says at a station without a recipe that nothing is inspected, and shows no green dot', async () => {
  const visitor = await StationVisitor.of(await folder(), { page: await builtPage() }, browser);
  const { page: other } = await visitor.visit('live');
  await other.getByText('no recipe', { exact: true }).waitFor();
  expect(await other.locator('.dot.on').count()).toBe(0);
  await other.keyboard.press('o');
  await other.getByText('NO RECIPE', { exact: true }).waitFor();
  if (shots) await other.screenshot({ path: join(shots, 'no-recipe.png') });
  await other.keyboard.press('Escape');
  await other.keyboard.press('3');
  await other.getByText('Nothing inspected yet').waitFor();
  await activeRecipe(visitor.own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  await other.locator('.dot.on').waitFor();
  await visitor.close();
});
