/** The way from photographs to labels and masks through the station's page. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recogniseDataSet } from '../src/data/dataset.ts';
import { readMask } from '../src/data/masks/read.ts';
import type { DataSetDetail } from '../src/station/contract/datasets.ts';
import type { Inspection } from '../src/station/contract/inspections.ts';
import { StationVisitor, seriousViolations, type Visit } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, smallBundle } from './support/station.ts';

const folder = temporaryFolders();
let data: string;
let visitor: StationVisitor;
let images: string;
let visit: Visit;

beforeAll(async () => {
  images = await folder();
  for (const [i, name] of ['ring-1.png', 'ring-2.png', 'ring-3.png'].entries())
    await writeFile(join(images, name), await partPng(i + 50, 320, 240));
  await writeFile(join(images, 'notes.png'), 'no image at all');
  const grey = { create: { width: 5472, height: 3648, channels: 3, background: '#777777' } } as const;
  await sharp(grey).jpeg({ quality: 60 }).toFile(join(images, 'large.jpg'));
  data = await folder();
  visitor = await StationVisitor.of(data, { page: await builtPage(), maxPixels: 50_000_000 });
  visit = await visitor.visit('datasets');
});

afterAll(async () => {
  await visit?.page.context().close();
  await visitor?.close();
});

const detail = (): Promise<DataSetDetail> => visitor.get('/api/datasets/ring-faces');
const path = (name: string): string => join(images, name);

/** Where a pixel of the image is on the screen, when the whole image is seen. */
async function screenPoint(x: number, y: number, width = 320, height = 240): Promise<[number, number]> {
  const stage = (await visit.page.locator('.stage').boundingBox())!;
  // as the page fits an image: inside the border of one pixel, with a margin
  const inner = { width: stage.width - 2, height: stage.height - 2 };
  const scale = Math.min((inner.width - 16) / width, (inner.height - 16) / height, 32);
  return [
    stage.x + (inner.width - width * scale) / 2 + x * scale,
    stage.y + (inner.height - height * scale) / 2 + y * scale,
  ];
}

async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { mouse } = visit.page;
  await mouse.move(...(await screenPoint(...from)));
  await mouse.down();
  await mouse.move(...(await screenPoint(...to)), { steps: 8 });
  await mouse.up();
}

/** The mask on disk, as training reads it: 1 where defect. */
async function maskOf(name: string, width = 320, height = 240): Promise<Uint8Array> {
  const { images: known } = await detail();
  const { hash } = known.find((image) => image.name === name)!;
  const read = await recogniseDataSet(join(data, 'datasets', 'ring-faces'));
  const image = read.images.find((found) => found.name.includes(hash))!;
  return (await readMask({ path: image.path, mask: image.mask! }, { width, height })).pixels;
}

const at = (mask: Uint8Array, x: number, y: number): number => mask[y * 320 + x]!;

test('a data set is made and filled; what is no image says so', async () => {
  const { page } = visit;
  await page.getByText('There is no data set yet').waitFor();
  await page.getByRole('button', { name: 'New data set' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ring faces');
  await page.getByLabel('Your name, for the records').fill('Ada');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('heading', { name: 'Ring faces' }).waitFor();
  await page
    .getByLabel('Images to add')
    .setInputFiles(['ring-1.png', 'notes.png', 'ring-2.png', 'ring-3.png', 'ring-1.png'].map(path));
  await page.getByText('4 images added, 1 refused.').waitFor();
  await page.getByText('IMAGE_FORMAT').waitFor();
  expect((await detail()).images.map(({ name, label }) => [name, label])).toEqual([
    ['ring-1.png', null],
    ['ring-2.png', null],
    ['ring-3.png', null],
  ]);
  expect(await seriousViolations(page)).toEqual([]);
});

test('labels are given by keys alone', async () => {
  const { page } = visit;
  await page.locator('[data-hash]').first().focus();
  await page.keyboard.press('g');
  await page.getByText('1 good image, 0 defective').waitFor();
  await page.getByLabel('Class for').fill('dent');
  await page.locator('[data-hash]').nth(1).focus();
  await page.keyboard.press('d');
  await page.getByText('1 good image, 1 defective').waitFor();
  expect((await detail()).images.map(({ label, className }) => [label, className])).toEqual([
    ['good', 'good'],
    ['defective', 'dent'],
    [null, null],
  ]);
  await page.keyboard.press('u');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByText('2 of 3').waitFor();
});

test('a mask is drawn by brush, polygon and eraser, taken back, saved, and is there after a reload', async () => {
  const { page } = visit;
  await page.locator('.stage').waitFor();
  await page.getByLabel(/^Brush/).fill('11');
  await drag([40, 60], [120, 60]);
  await drag([40, 200], [120, 200]);
  await page.keyboard.press('z');
  await page.getByText('Not saved yet').waitFor();

  await page.keyboard.press('p');
  const corners: [number, number][] = [
    [200, 100],
    [280, 100],
    [280, 180],
    [200, 180],
  ];
  for (const corner of corners) await page.mouse.click(...(await screenPoint(...corner)));
  await page.mouse.click(...(await screenPoint(200, 100)));
  await page.keyboard.press('e');
  await drag([240, 90], [240, 190]);
  await page.keyboard.press('s');
  await page.getByText('Saved.').waitFor();

  const mask = await maskOf('ring-2.png');
  expect([at(mask, 80, 60), at(mask, 80, 57), at(mask, 80, 70), at(mask, 45, 60)]).toEqual([1, 1, 0, 1]);
  expect([at(mask, 80, 200), at(mask, 210, 140), at(mask, 270, 140), at(mask, 240, 140)]).toEqual([0, 1, 1, 0]);
  // a stroke of 80 pixels, 11 wide, with round ends, and a square of 80 without a stroke of 11
  const area = mask.reduce((sum, v) => sum + v, 0);
  expect(Math.abs(area - (80 * 11 + 95) - (80 * 80 - 11 * 80))).toBeLessThan(250);
  expect((await detail()).images[1]).toMatchObject({ label: 'defective', className: 'dent' });

  await page.reload();
  await page.getByText('Saved.').waitFor();
  const seen = `(() => {
    const canvas = document.querySelector('.stage canvas');
    if (!canvas) return 0;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
    return drawn / (canvas.width * canvas.height);
  })()`;
  // asked from outside: the page's policy lets no text be run as a script within
  await expect.poll(() => page.evaluate(seen)).toBeGreaterThan(0.01);
  expect(await seriousViolations(page)).toEqual([]);
});

test('undo and redo reach the file, and leaving an image saves it', async () => {
  const { page } = visit;
  await drag([20, 20], [60, 20]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('j');
  await page.getByText('3 of 3').waitFor();
  expect(at(await maskOf('ring-2.png'), 40, 20)).toBe(1);
  await page.keyboard.press('k');
  await page.getByText('2 of 3').waitFor();
  await page.getByText('Saved.').waitFor();
  await page.keyboard.press('g');
  await page.getByText('2 good images, 0 defective (0 with mask)').waitFor();
  expect((await detail()).images[1]).toMatchObject({ label: 'good', mask: null });
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Add images' }).waitFor();
});

test('twenty megapixels are drawn on, far in and far out', async () => {
  const { page } = visit;
  await page.getByLabel('Images to add').setInputFiles(path('large.jpg'));
  await page.getByText('1 image added.').waitFor();
  await page.getByRole('link', { name: /^large.jpg/ }).click();
  await page.getByText('5472 × 3648 pixels').waitFor();
  const width = () => page.evaluate('document.querySelector(".stage img")?.naturalWidth');
  await expect.poll(width).toBe(5472);
  const { mouse } = page;
  const corner = await screenPoint(2736, 1824, 5472, 3648);
  await mouse.move(...corner);
  await mouse.down();
  await mouse.move(corner[0] + 50, corner[1], { steps: 10 });
  await mouse.up();
  // in to single pixels, and one of them
  for (let i = 0; i < 12; i++) await page.keyboard.press('+');
  await page.getByLabel(/^Brush/).fill('1');
  await page.keyboard.press('e');
  const stage = (await page.locator('.stage').boundingBox())!;
  await mouse.click(stage.x + stage.width / 2, stage.y + stage.height / 2);
  await page.keyboard.press('s');
  await page.getByText('Saved.').waitFor();
  const mask = await maskOf('large.jpg', 5472, 3648);
  const erased: number[] = [];
  for (let y = 1814; y < 1834; y++)
    for (let x = 2726; x < 2746; x++) if (!mask[y * 5472 + x]) erased.push(y * 5472 + x);
  expect(erased.length).toBe(1);
  await page.keyboard.press('Escape');
});

test('what was reviewed comes in with its verdict, and the audit log tells of every label', async () => {
  const { page } = visit;
  await activeRecipe(visitor.own, await smallBundle(join(await folder(), 'bundle'), 1e-6));
  const sent = await fetch(`${visitor.address}/api/inspections?part=R-1`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(await partPng(77)),
  });
  const { id } = (await sent.json()) as Inspection;
  await page.goto(`${visitor.address}/#/records/${id}`);
  await page.getByRole('button', { name: /^Good/ }).click();
  await page.getByRole('button', { name: 'Add to data set' }).click();
  await page.getByText('Added to “Ring faces”.').waitFor();
  await page.goto(`${visitor.address}/#/datasets/ring-faces`);
  await page.getByRole('button', { name: 'Add what was reviewed' }).click();
  await page.getByText('From reviews: 0 added, 0 labelled, 1 were here.').waitFor();
  expect((await detail()).images.at(-1)).toMatchObject({
    name: 'R-1',
    label: 'good',
    partGroup: 'R-1',
    inspection: id,
  });
  const { entries } = await visitor.get<{ entries: { action: string; by: string | null }[] }>('/api/audit?limit=100');
  expect(entries.some(({ action, by }) => action === 'dataset.mask' && by === 'Ada')).toBe(true);
  await visitor.own.station.records.verifyAudit();
  const { complaints, foreign } = visit;
  expect(foreign).toEqual([]);
  // Chromium may warn of the canvas that this test itself reads back
  expect(complaints.filter((c) => !/status of 415|willReadFrequently/.test(c))).toEqual([]);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious barrier in ${scheme} colours, or is wider than a telephone`, async () => {
    const [first] = (await detail()).images;
    const places = {
      datasets: 'article',
      'datasets/ring-faces': '[data-hash]',
      [`datasets/ring-faces?image=${first!.hash}`]: '.stage',
    };
    await visitor.expectNoBarriers(places, scheme);
  });
}

test('a data set is handed out, and deleted by who types its name', async () => {
  const { page } = await visitor.visit('datasets/ring-faces');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^ring-faces-version-\d+\.tar$/);
  expect((await readFile(await file.path())).subarray(0, 23).toString()).toBe('ring-faces/manifest.csv');
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  const act = dialog.getByRole('button', { name: 'Delete', exact: true });
  expect(await act.isDisabled()).toBe(true);
  await dialog.getByLabel('Type its name to delete it').fill('Ring faces');
  expect(await seriousViolations(page)).toEqual([]);
  await act.click();
  await page.getByRole('heading', { name: 'Data sets', exact: true }).waitFor();
  await page.getByText('There is no data set yet').waitFor();
  await page.context().close();
});
