/** The report in a real browser: what an engineer sees when opening the file, on a desk, on a telephone, on paper. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderReport } from '../src/judge/report/report.ts';
import { launchBrowser } from './browser.ts';
import { syntheticReport } from './synthetic-report.ts';

let browser: Browser;
let folder: string;
let url: string;
const input = await syntheticReport();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-report-'));
  const path = join(folder, 'report.html');
  await writeFile(path, renderReport(input));
  url = pathToFileURL(path).href;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

async function open(width: number, colorScheme: 'light' | 'dark' = 'light') {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests };
}

const texts = (page: Page, selector: string) => page.locator(selector).allInnerTexts();

test('loads without complaint and asks for nothing but itself', async () => {
  const { page, complaints, requests } = await open(1280);
  expect(complaints).toEqual([]);
  expect(requests.filter((request) => !request.startsWith('data:'))).toEqual([url]);
  expect(await page.title()).toBe(input.title);
  const broken = await page
    .locator('img')
    .evaluateAll((images) => images.filter((i) => !('naturalWidth' in i && i.naturalWidth)).length);
  expect(broken).toBe(0);
  expect(await page.locator('img').count()).toBe(2 * input.detectors.flatMap((d) => d.examples).length);
  await page.close();
});

test('draws every curve, working point, histogram and threshold, each chart with a title', async () => {
  const { page } = await open(1280);
  for (const chart of ['.roc', '.precision-recall']) {
    expect(await page.locator(`svg${chart} path.curve`).count()).toBe(2);
    expect(await page.locator(`svg${chart} circle.point`).count()).toBe(2);
    for (const curve of await page.locator(`svg${chart} path.curve`).all()) {
      const box = (await curve.boundingBox())!;
      expect(box.width).toBeGreaterThan(200);
    }
  }
  expect(await page.locator('svg.scores').count()).toBe(2);
  expect(await page.locator('svg.scores line.threshold').count()).toBe(2);
  for (const kind of ['good', 'defective']) {
    expect(await page.locator(`svg.scores rect.${kind}`).count()).toBeGreaterThan(10);
  }
  expect(await page.locator('svg[role=img]:not(:has(> title))').count()).toBe(0);
  await page.close();
});

test('fills every table with the figures of the evaluation', async () => {
  const { page } = await open(1280);
  const rows = await texts(page, 'table.headline tbody tr');
  for (const [i, { evaluation: e }] of input.detectors.entries()) {
    for (const value of [e.precision.value!, e.recall.value!, e.auroc.value, e.auroc.interval!.low]) {
      expect(rows[i]).toContain(value.toFixed(3));
    }
    expect(rows[i]).toContain(e.chosenOn);
    const { tp, fp, fn, tn } = e.confusion;
    const cells = await texts(page, `section.detector:nth-of-type(${4 + i}) table.confusion tbody td`);
    expect(cells.map((cell) => Number.parseInt(cell, 10))).toEqual([tp, fn, fp, tn]);
  }
  expect(await texts(page, 'table.headline tfoot td')).toContain('0.571');
  expect(await texts(page, 'table.classes tbody th')).toEqual(['dent', 'scratch', 'stain']);
  expect((await texts(page, 'table.times tbody td')).join(' ')).toBe('1 min 34 s 38.4 ms 23 min 0 s 212 ms');
  expect(await texts(page, 'table.provenance tbody tr')).toHaveLength(4);
  expect(await page.locator('table:not(:has(> caption))').count()).toBe(0);
  expect(await texts(page, '.care')).toEqual([
    expect.stringMatching(/^The threshold of U-Net was chosen on the evaluation set/),
  ]);
  await page.close();
});

test.each([1280, 420])('is no wider than a window of %i px', async (width) => {
  const { page } = await open(width);
  const content = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(content).toBeLessThanOrEqual(width);
  const headline = (await page.locator('table.headline').boundingBox())!;
  expect(headline.x + headline.width).toBeLessThanOrEqual(width);
  await page.close();
});

/** Relative luminance and contrast as WCAG 2 defines them. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = colour.match(/[\d.]+/g)!.map((text) => {
      const c = Number(text) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (light! + 0.05) / (dark! + 0.05);
}

test.each(['light', 'dark'] as const)('reads well in %s', async (scheme) => {
  const { page, complaints } = await open(1280, scheme);
  const style = (selector: string, property: string) =>
    page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);
  const ground = await style('section', 'backgroundColor');
  const page_ = await style('body', 'backgroundColor');
  expect(contrast(page_, 'rgb(255, 255, 255)') > 10).toBe(scheme === 'dark');
  for (const selector of ['section p', 'caption', '.headline small', '.decision.NG', '.decision.OK', 'h4']) {
    expect(contrast(await style(selector, 'color'), ground)).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast(await style('.care p', 'color'), await style('.care', 'backgroundColor'))).toBeGreaterThanOrEqual(
    4.5,
  );
  expect(contrast(await style('.product', 'color'), page_)).toBeGreaterThanOrEqual(4.5);
  // WCAG asks 3 of graphics
  for (const selector of ['svg.roc .d0 .curve', 'svg.roc .d1 .curve']) {
    expect(contrast(await style(selector, 'stroke'), ground)).toBeGreaterThanOrEqual(3);
  }
  for (const selector of ['svg.scores .good', 'svg.scores .defective']) {
    expect(contrast(await style(selector, 'fill'), ground)).toBeGreaterThanOrEqual(3);
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test('prints dark on white, even for a reader who prefers dark', async () => {
  const { page } = await open(700, 'dark');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const style = (property: string) => page.evaluate<string>(`getComputedStyle(document.body).${property}`);
  expect(await style('backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(contrast(await style('color'), 'rgb(255, 255, 255)')).toBeGreaterThanOrEqual(7);
  await page.close();
});
