/** The report of a comparison in a real browser: Table I and Figure 1 are drawn from every sequence, and are read as they should be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { protocolTable } from '../src/judge/comparison-summary.ts';
import { renderComparison } from '../src/judge/report/comparison-report.ts';
import { contrast, headingLevels, ReportReader, styleOf, texts } from './opened-report.ts';
import { syntheticComparison } from './synthetic-comparison.ts';

let reader: ReportReader;
const input = await syntheticComparison();
const { protocols } = input.comparison;

beforeAll(async () => {
  reader = await ReportReader.of(renderComparison(input));
});

afterAll(() => reader?.close());

test('opens from a file without complaint and asks for nothing but itself', async () => {
  const { page, complaints, requests } = await reader.open(1280);
  expect(complaints).toEqual([]);
  expect(requests.filter((request) => !request.startsWith('data:'))).toEqual([reader.url]);
  expect(await page.locator('img').count()).toBeGreaterThan(20);
  const broken = await page
    .locator('img')
    .evaluateAll((images) => images.filter((i) => !('naturalWidth' in i && i.naturalWidth)).length);
  expect(broken).toBe(0);
  await page.close();
});

test('draws Figure 1 of each protocol: a thin trace per sequence, one bold mean, the U-Net and the brightness as lines', async () => {
  const { page } = await reader.open(1280);
  expect(await page.locator('svg.training').count()).toBe(protocols.length);
  for (const { protocol, unet } of protocols) {
    const chart = page.locator(`svg.training[aria-labelledby^="training-${protocol}-"]`);
    expect(await chart.locator('path.trace').count()).toBe(5);
    expect(await chart.locator('path.mean').count()).toBe(1);
    for (const path of await chart.locator('path.trace, path.mean').all()) {
      // 16 points, from the first batches to the last
      expect((await path.getAttribute('d'))!.match(/[ML]/g)).toHaveLength(16);
      expect((await path.boundingBox())!.width).toBeGreaterThan(250);
    }
    const mean = unet.reduce((sum, { evaluation }) => sum + evaluation.auroc.value, 0) / unet.length;
    expect(await chart.locator('line.level').count()).toBe(2);
    expect(await chart.locator('text.level-name').allTextContents()).toEqual([
      `U-Net ${mean.toFixed(3)}`,
      expect.stringMatching(/^mean brightness 0\.\d{3}$/),
    ]);
  }
  const width = async (kind: string) => Number.parseFloat(await styleOf(page, `svg.training .${kind}`, 'strokeWidth'));
  expect(await width('mean')).toBeGreaterThanOrEqual(3 * (await width('trace')));
  await page.close();
});

test("fills Table I with means and spreads, the honest threshold beside the paper's", async () => {
  const { page } = await reader.open(1280);
  for (const result of protocols) {
    const rows = await texts(page, `table.table-one tbody.${result.protocol} tr:not(.block):not(.base)`);
    const detectors = result.protocol === 'honest' ? ['U-Net', 'flow', 'fusion'] : ['U-Net', 'flow'];
    for (const [i, detector] of detectors.entries()) {
      const own = protocolTable(result).filter((row) => row.detector === detector);
      expect(own).toHaveLength(result.protocol === 'honest' ? 2 : 1);
      expect(rows[i]).toContain(detector);
      for (const { figures } of own) {
        for (const figure of [figures.precision!, figures.recall!, figures.auroc!]) {
          expect(rows[i]).toContain(figure.mean.toFixed(3));
          expect(rows[i]).toContain(`sd ${figure.sd!.toFixed(3)}`);
          expect(rows[i]).toContain(`${figure.min.toFixed(3)} to ${figure.max.toFixed(3)}`);
        }
      }
    }
    const cells = page.locator(`tbody.${result.protocol} tr:not(.block):not(.base) td.figure`);
    expect(await cells.count()).toBe(result.protocol === 'honest' ? 15 : 6);
    expect(await texts(page, `tbody.${result.protocol} .base td.figure b`)).toHaveLength(1);
  }
  expect(await texts(page, 'table.table-one thead .origin b')).toEqual(['Honest threshold', "The paper's threshold"]);
  await page.close();
});

test('shows the verdict, each leak check, both protocols and the times', async () => {
  const { page } = await reader.open(1280);
  const verdicts = await texts(page, '.verdict p');
  expect(verdicts).toHaveLength(2);
  expect(verdicts[0]).toMatch(/larger than its uncertainty .* ahead in 5 of 5 sequences/);
  expect(await texts(page, '.leak dd')).toEqual(protocols.flatMap(({ leak }) => leak));
  expect(await page.locator('table.contrast tbody tr').count()).toBe(6);
  expect((await texts(page, 'table.times .base')).join(' ')).toMatch(/1\.5 times.*5\.5 times/s);
  expect(await texts(page, 'pre.command')).toEqual([input.command]);
  await page.close();
});

test('shows every sequence: a histogram, two curves, a row', async () => {
  const { page } = await reader.open(1280);
  // five of each detector, and five fusions under the honest protocol
  const counts = protocols.map(({ unet, flow, fusion }) => unet.length + flow.length + fusion.length);
  expect(counts).toEqual([15, 10]);
  expect(await page.locator('svg.scores').count()).toBe(25);
  for (const kind of ['roc', 'precision-recall']) {
    for (const [i, chart] of (await page.locator(`svg.${kind}`).all()).entries())
      expect(await chart.locator('path.curve').count()).toBe(counts[i]!);
  }
  for (const [i, table] of (await page.locator('table.sequences').all()).entries())
    expect(await table.locator('tbody tr').count()).toBe(counts[i]!);
  const sums = await texts(page, '#evidence-honest ~ .columns table.confusion td.right');
  const found = (key: 'unet' | 'flow') =>
    protocols[0]![key].reduce((n, { evaluation }) => n + evaluation.confusion.tp, 0);
  expect(Number.parseInt(sums[0]!, 10)).toBe(found('unet'));
  expect(Number.parseInt(sums[2]!, 10)).toBe(found('flow'));
  await page.close();
});

test('heads its sections in order; every picture, table and chart has a name, every name its own id', async () => {
  const { page } = await reader.open(1280);
  const levels = await headingLevels(page);
  expect(levels[0]).toBe(1);
  expect(levels.filter((level, i) => i > 0 && level > levels[i - 1]! + 1)).toEqual([]);
  expect(await page.locator('img:not([alt]), img[alt=""]').count()).toBe(0);
  expect(await page.locator('table:not(:has(> caption))').count()).toBe(0);
  expect(await page.locator('svg[role=img]:not(:has(> title))').count()).toBe(0);
  const ids = await page.locator('[id]').evaluateAll((all) => all.map((element) => String(element.id)));
  expect(new Set(ids).size).toBe(ids.length);
  await page.close();
});

test.each([1280, 390])('is no wider than a window of %i px', async (width) => {
  const { page } = await reader.open(width);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  const table = (await page.locator('table.table-one').boundingBox())!;
  expect(table.x + table.width).toBeLessThanOrEqual(width);
  await page.close();
});

test.each(['light', 'dark'] as const)('reads well in %s', async (scheme) => {
  const { page } = await reader.open(1280, scheme);
  const ground = await styleOf(page, 'section', 'backgroundColor');
  expect(contrast(await styleOf(page, 'body', 'backgroundColor'), 'rgb(255, 255, 255)') > 10).toBe(scheme === 'dark');
  for (const selector of ['.verdict p', 'caption', 'td small', '.leak dd', '.block small', 'h3 small']) {
    expect(contrast(await styleOf(page, selector, 'color'), ground)).toBeGreaterThanOrEqual(4.5);
  }
  for (const selector of ['.d0 .level-name', '.baseline .level-name']) {
    expect(contrast(await styleOf(page, selector, 'fill'), ground)).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast(await styleOf(page, 'svg.training .mean', 'stroke'), ground)).toBeGreaterThanOrEqual(3);
  await page.close();
});
