/** The way from a data set to a recipe through the station's page, trained by the real command. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recipe, RecipeList } from '../src/station/contract/recipes.ts';
import type { Training, TrainingList } from '../src/station/contract/training.ts';
import { StationVisitor, seriousViolations, type Visit } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { fillDataSet } from './support/station.ts';

const folder = temporaryFolders();
let visitor: StationVisitor;
let visit: Visit;

beforeAll(async () => {
  visitor = await StationVisitor.of(await folder(), { page: await builtPage() });
  await fillDataSet(visitor.own.station, 'Ring faces', 15);
  visit = await visitor.visit('training');
});

afterAll(async () => {
  await visit?.page.context().close();
  await visitor?.close();
});

const newest = async (): Promise<Training> => (await visitor.get<TrainingList>('/api/trainings')).trainings[0]!;

/** A polygon by the pointer, and a disc by the keys. */
async function drawRegions(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Draw regions' }).click();
  const dialog = page.getByRole('dialog', { name: 'Where to look' });
  const picture = dialog.getByRole('group', { name: 'The picture with its regions' });
  await picture.waitFor();
  const { x, y, width, height } = (await picture.boundingBox())!;
  for (const [across, down] of [
    [0.45, 0.1],
    [0.55, 0.1],
    [0.5, 0.3],
    [0.45, 0.1],
  ] as const)
    await page.mouse.click(x + across * width, y + down * height);
  await dialog.getByLabel('Name').fill('clamp');
  await dialog.getByRole('button', { name: 'Disc or ring' }).click();
  await dialog.getByRole('radio', { name: 'judge' }).check();
  await page.mouse.move(0, 0);
  await picture.focus();
  await picture.press('Enter');
  for (let step = 0; step < 8; step++) await picture.press('ArrowRight');
  await picture.press('Enter');
  await dialog.getByLabel('Name').nth(1).fill('face');
  await dialog.getByLabel("Threshold, times the recipe's").fill('2');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Use them' }).click();
  await page.getByText('clamp (ignored), face (judged)').waitFor();
}

test('a training is started, watched, stopped, and goes on where it was', async () => {
  const { page } = visit;
  await page.getByText('Nothing was trained here yet').waitFor();
  await page.getByRole('button', { name: 'New training' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('10 good, 5 defective, 0 with mask').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill('Long one');
  await dialog.getByLabel('Epochs').fill('1000');
  await dialog.getByLabel('Canvas, pixels').fill('64');
  await dialog.getByLabel('Your name, for the records').fill('Ada');
  await drawRegions(page);
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('heading', { name: 'Long one' }).waitFor();
  await page.getByText(/Epoch \d+ of 1000, step .* left/).waitFor();
  await page.getByRole('img', { name: /^Training loss over/ }).waitFor();
  await page.getByRole('img', { name: /^AUROC on calibration images/ }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
  const { state, settings } = await newest();
  expect(state).toBe('stopped');
  expect(settings.regions).toMatchObject({
    aspect: 1,
    regions: [
      {
        name: 'clamp',
        kind: 'ignore',
        shape: { form: 'polygon', points: [expect.anything(), expect.anything(), expect.anything()] },
      },
      {
        name: 'face',
        kind: 'inspect',
        tolerance: 2,
        shape: { form: 'ring', centre: [0.5, 0.5], outer: expect.closeTo(0.2) },
      },
    ],
  });
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText(/Epoch \d+ of 1000/).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
});

test('what was trained says what its threshold promises, and becomes a recipe that is not active', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'All trainings' }).click();
  await page.getByRole('button', { name: 'New training' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('10 good, 5 defective').waitFor();
  await dialog.getByLabel('Epochs').fill('1');
  await dialog.getByLabel('Canvas, pixels').fill('64');
  await dialog.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('heading', { name: 'What came of it' }).waitFor();
  const { result, state } = await newest();
  expect(state).toBe('finished');
  await page.getByText(result!.threshold!.statement.slice(0, 40)).waitFor();

  const [report] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Report, with curves and examples' }).click(),
  ]);
  await report.locator('h1').first().waitFor();
  expect(await report.evaluate('origin')).toBe('null');
  await report.close();

  await page.getByRole('button', { name: 'Make a recipe' }).click();
  await page.getByLabel('Name of the recipe').fill('Trained here');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('link', { name: 'To its recipe' }).click();
  await page.getByRole('article', { name: 'Trained here' }).waitFor();
  const { recipes } = await visitor.get<RecipeList>('/api/recipes');
  expect(recipes.map(({ name, active }: Recipe) => [name, active])).toEqual([['Trained here', false]]);
});

test('a U-Net is trained as the page asks: its patches, its size, and synthetic defects where nothing has a mask', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Training', exact: true }).click();
  await page.getByRole('button', { name: 'New training' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('10 good, 5 defective').waitFor();
  expect(await dialog.getByLabel('Patch, pixels').count()).toBe(0);
  await dialog.getByLabel('U-Net').check();
  await dialog.getByText('0 images have a mask').waitFor();
  await dialog.getByLabel('Defects to learn').selectOption('only');
  await dialog.getByLabel('Epochs').fill('1');
  await dialog.getByLabel('Canvas, pixels').fill('64');
  await dialog.getByLabel('Patch, pixels').fill('32');
  await dialog.getByLabel('Channels of the first level').fill('2');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('heading', { name: 'Ring faces, U-Net' }).waitFor();
  await page.getByRole('heading', { name: 'What came of it' }).waitFor();
  const { state, settings } = await newest();
  expect(state).toBe('finished');
  expect(settings).toEqual({ detector: 'unet', epochs: 1, size: 64, patch: 32, base: 2, synthetic: 'only' });
});

test('a training that cannot be says why, with its code', async () => {
  const { page } = visit;
  await visitor.own.station.dataSets.create('A new one', { by: null, at: new Date() });
  await fillDataSet(visitor.own.station, 'Two parts', 2);
  await page.getByRole('link', { name: 'Training', exact: true }).click();
  await page.getByRole('button', { name: 'New training' }).click();
  await page.getByLabel('Data set').selectOption({ label: 'A new one, version 1' });
  await page.getByText('No image is labelled good: label some first.').waitFor();
  expect(await page.getByRole('button', { name: 'Train', exact: true }).isDisabled()).toBe(true);
  await page.getByLabel('Data set').selectOption({ label: 'Two parts, version 3' });
  // what is chosen, not typed: backbones of this machine and rules with their numbers
  await page.getByLabel('Backbone').selectOption('surface');
  expect(await page.getByRole('option', { name: /^efficientnet-b7: not on this machine/ }).isDisabled()).toBe(true);
  await page.getByLabel('Rule of the threshold').selectOption('cost');
  await page.getByLabel('Cost of a missed defective part').fill('');
  expect(await page.getByRole('button', { name: 'Train', exact: true }).isDisabled()).toBe(true);
  await page.getByLabel('Cost of a missed defective part').fill('50');
  await page.getByLabel('Share of defective parts on the line').fill('0.02');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText('SPLIT_IMPOSSIBLE').waitFor();
  await page.getByText('Failed', { exact: true }).waitFor();
  expect((await newest()).settings).toEqual({ detector: 'flow', backbone: 'surface', rule: 'cost=50:1@0.02' });
  expect(visit.foreign).toEqual([]);
  expect(visit.complaints).toEqual([]);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious barrier in ${scheme} colours, or is wider than a telephone`, async () => {
    const { trainings } = await visitor.get<TrainingList>('/api/trainings');
    const finished = trainings.find(({ state }) => state === 'finished')!;
    await visitor.expectNoBarriers({ training: 'li.sheet', [`training/${finished.id}`]: 'figure svg' }, scheme);
  });
}
