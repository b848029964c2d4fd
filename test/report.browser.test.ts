/** The report in a real browser: what an engineer sees when opening the file, on a desk, on a telephone, on paper. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderReport } from '../src/judge/report/report.ts';
import { contrast, headingLevels, type OpenedReport, ReportReader, styleOf, texts } from './opened-report.ts';
import { syntheticReport } from './synthetic-report.ts';

let reader: ReportReader;
const input = await syntheticReport();

beforeAll(async () => {
  reader = await ReportReader.of(renderReport(input));
});

afterAll(() => reader?.close());

function open(width: number, colorScheme?: 'light' | 'dark'): Promise<OpenedReport> {
  return reader.open(width, colorScheme);
}

test('loads without complaint and asks for nothing but itself', async () => {
  const { page, complaints, requests } = await open(1280);
  expect(complaints).toEqual([]);
  expect(requests.filter((request) => !request.startsWith('data:'))).toEqual([reader.url]);
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
    const cells = await texts(page, `section.detector:nth-of-type(${4 + i}) table.confusion:not(.decisions) tbody td`);
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

test('heads its sections in order and names its pictures, tables and charts', async () => {
  const { page } = await open(1280);
  const levels = await headingLevels(page);
  expect(levels[0]).toBe(1);
  expect(levels.filter((level, i) => i > 0 && level > levels[i - 1]! + 1)).toEqual([]);
  expect(await page.locator('img:not([alt]), img[alt=""]').count()).toBe(0);
  expect(await page.locator('svg:not([role=img]):not([aria-hidden])').count()).toBe(0);
  await page.close();
});

test('says first which detector is better, then three decisions, pixels and what the images prove', async () => {
  const { page } = await open(1280);
  expect(await texts(page, '.verdict')).toEqual([
    expect.stringMatching(
      /^The U-Net tells defective from good images better than the flow: .* Each at its own threshold/,
    ),
  ]);
  const flow = input.detectors[1]!.evaluation.threeWay!;
  const cells = await texts(page, 'table.decisions tbody td');
  expect(cells.map((cell) => Number.parseInt(cell, 10))).toEqual(
    [flow.defective, flow.good].flatMap(({ ok, review, ng }) => [ok, review, ng]),
  );
  const pixels = input.detectors[0]!.pixels!;
  const figures = (await texts(page, 'dl.figures dd')).join(' ');
  for (const value of [pixels.auroc, pixels.aupro, pixels.dice]) expect(figures).toContain(value.toFixed(3));
  expect(await texts(page, 'p.proof')).toEqual([
    expect.stringMatching(/^These images prove no recall: the threshold was chosen on them/),
    expect.stringMatching(/^To prove a recall of at least 0\.95 with 95 % confidence takes/),
  ]);
  await page.close();
});

test.each([1280, 390])('is no wider than a window of %i px', async (width) => {
  const { page } = await open(width);
  const content = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(content).toBeLessThanOrEqual(width);
  const headline = (await page.locator('table.headline').boundingBox())!;
  expect(headline.x + headline.width).toBeLessThanOrEqual(width);
  await page.close();
});

test.each(['light', 'dark'] as const)('reads well in %s', async (scheme) => {
  const { page, complaints } = await open(1280, scheme);
  const style = (selector: string, property: string) => styleOf(page, selector, property);
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
