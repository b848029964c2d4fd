/** The ways of a station's users through its page, one after the other on one running station. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparisonTable } from '../src/judge/comparison-summary.ts';
import { renderComparison } from '../src/judge/report/comparison-report.ts';
import type { Inspection } from '../src/station/contract/inspections.ts';
import type { PartRecordPage } from '../src/station/contract/not-inspected.ts';
import type { Recipe, RecipeList } from '../src/station/contract/recipes.ts';
import { isDecided } from '../src/station/inspections/decided.ts';
import { StationVisitor, seriousViolations, type Visit } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, smallBundle } from './support/station.ts';
import { syntheticComparison } from './synthetic-comparison.ts';

const folder = temporaryFolders();
let visitor: StationVisitor;
let built: string;
let bundle: string;
let images: string;
let data: string;
let visit: Visit;

beforeAll(async () => {
  images = await folder();
  for (const [i, name] of ['ring-1.png', 'ring-2.png', 'ring-3.png'].entries()) {
    await writeFile(join(images, name), await partPng(i + 20));
  }
  await writeFile(join(images, 'notes.png'), 'no image at all');
  // every score of this bundle is above its threshold, so that every part is NG
  bundle = await smallBundle(join(await folder(), 'tiny-bundle'), 1e-6);
  built = await builtPage();
  data = await folder();
  visitor = await StationVisitor.of(data, { page: built });
  visit = await visitor.visit('');
});

afterAll(async () => {
  await visit?.page.context().close();
  await visitor?.close();
});

const recipes = async (): Promise<Recipe[]> => (await visitor.get<RecipeList>('/api/recipes')).recipes;
const inspections = async (query = ''): Promise<Inspection[]> =>
  (await visitor.get<PartRecordPage>(`/api/inspections${query}`)).inspections.filter(isDecided);

test('at the first visit a bundle is uploaded as a folder, and judges nothing until it is activated', async () => {
  const { page } = visit;
  await page.getByText('No recipe is active').waitFor();
  await page.getByRole('link', { name: 'To the recipes' }).click();
  await page.getByRole('button', { name: 'New recipe' }).click();
  await page.getByLabel('Folder of a bundle').setInputFiles(images);
  await page.getByText('bundle.json and model.onnx are missing').waitFor();
  expect(await page.getByRole('button', { name: 'Upload' }).isDisabled()).toBe(true);
  await page.getByLabel('Folder of a bundle').setInputFiles(bundle);
  await page.getByLabel('Name of the recipe').fill('Ring faces');
  await page.getByLabel('Your name, for the records').fill('Ada');
  await page.getByRole('button', { name: 'Upload' }).click();
  const card = page.getByRole('article', { name: 'Ring faces' });
  await card.waitFor();
  expect((await recipes()).map(({ name, active }) => [name, active])).toEqual([['Ring faces', false]]);

  await card.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Activate', exact: true }).click();
  await card.getByText('Active', { exact: true }).waitFor();
  expect((await recipes()).map(({ active }) => active)).toEqual([true]);

  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  const newest = page
    .getByRole('list', { name: /^Audit log/ })
    .getByRole('listitem')
    .first();
  await newest.getByText(/^Ada made .*Ring faces.* the active recipe/).waitFor();
});

test('chosen images are inspected, and what is no image says so with its code', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Live' }).first().click();
  await page.getByText('Nothing inspected yet').waitFor();
  await page.getByLabel('Lot').fill('L-7');
  await page
    .getByLabel('Images to inspect')
    .setInputFiles(['ring-1.png', 'notes.png', 'ring-2.png'].map((n) => join(images, n)));
  await page.getByText('2 images inspected, 1 refused').waitFor();
  await page.locator('.failed').getByText('IMAGE_FORMAT').waitFor();
  // each has the name of its file, and the one that could not be inspected stands among the newest
  const made = (await inspections()).map(({ decision, lot, part }) => [decision, lot, part]);
  expect(made.toSorted()).toEqual([
    ['NG', 'L-7', 'ring-1'],
    ['NG', 'L-7', 'ring-2'],
  ]);
  const list = page.getByRole('button', { name: /^notes .* NOT INSPECTED/ });
  await list.click();
  await page.locator('.panel').getByText('Nobody knows whether the part is good').waitFor();
  await page.getByRole('button', { name: /^ring-1 / }).click();

  const map = page.getByRole('img', { name: /^Heat map of/ });
  await map.waitFor();
  const drawn = '[...document.querySelectorAll("figure img")].every((i) => i.complete && i.naturalWidth === 96)';
  await expect.poll(() => page.evaluate(drawn)).toBe(true);
  await page.getByRole('slider', { name: 'Heat map' }).fill('0.2');
  expect(await page.evaluate('getComputedStyle(document.querySelector("img.map")).opacity')).toBe('0.2');
  // the first of the list is the newest, whichever that is: from here on the newest is shown
  await page
    .getByRole('button', { name: /^(ring-1|ring-2|notes) / })
    .first()
    .click();
});

test('an image that is dropped, or sent by the line, is shown at once', async () => {
  const { page } = visit;
  await page.getByLabel('Part').fill('A-dropped');
  const bytes = (await partPng(31)).toString('base64');
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], 'dropped.png', { type: 'image/png' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
  await page.locator('.panel').getByText('A-dropped').waitFor();

  const body = new Uint8Array(await partPng(32));
  const sent = await fetch(`${visitor.address}/api/inspections?part=B-line&lot=L-8`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body,
  });
  expect(sent.status).toBe(201);
  await page.locator('.panel').getByText('B-line').waitFor();
  await page.getByLabel('Part').blur();
  await page.keyboard.press('o');
  await page.locator('main.operator.ng').getByText('B-line').waitFor();
  await page.getByLabel('Language').selectOption({ label: 'Svenska' });
  await page.getByRole('button', { name: 'Stäng' }).waitFor();
  await page.getByText(/^för \d+ (s|min) sedan|alldeles nyss$/).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByLabel('Språk').selectOption({ label: 'English' });
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('heading', { name: 'Live' }).waitFor();

  // the part and its map end with a small window; a key hides the map, others look closer
  await page.setViewportSize({ width: 1280, height: 720 });
  const caption = page.locator('figcaption');
  const bottom = 'Math.round(document.querySelector("figcaption").getBoundingClientRect().bottom + scrollY)';
  await expect.poll(() => page.evaluate<number>(bottom)).toBeLessThanOrEqual(720);
  await page.keyboard.press('h');
  await caption.getByText('hidden').waitFor();
  expect(await page.evaluate('getComputedStyle(document.querySelector("img.map")).opacity')).toBe('0');
  await page.keyboard.press('h');
  await page.keyboard.press('+');
  await caption.getByText('150 %').waitFor();
  await page.locator('figure .stack').hover();
  await page.mouse.wheel(0, -240);
  await caption.getByText('300 %').waitFor();
  await page.keyboard.press('z');
  await caption.getByText('100 %').waitFor();
  // back and forth through the newest
  await page.keyboard.press('ArrowDown');
  await page.locator('.panel').getByText('A-dropped').waitFor();
  await page.keyboard.press('ArrowUp');
  await page.locator('.panel').getByText('B-line').waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('records are searched, the address keeps the search, and a record is opened', async () => {
  const { page } = visit;
  await page.keyboard.press('2');
  await page.getByText('5 records').waitFor();
  await page.getByLabel('Decision').selectOption('NOT INSPECTED');
  await page.getByText('1 record', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'notes' }).click();
  await page.getByRole('heading', { name: 'Part notes' }).waitFor();
  await page.getByText('IMAGE_FORMAT').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('5 records').waitFor();
  await page.getByLabel('Part').fill('A-*');
  await page.getByText('1 record', { exact: true }).waitFor();
  expect(page.url()).toContain('part=A-*');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Decision').selectOption('OK');
  await page.getByText('No record fits this search.').waitFor();
  await page.getByLabel('Decision').selectOption('NG');
  await page.getByLabel('Lot').fill('L-8');
  await page.getByRole('link', { name: 'B-line' }).click();
  await page.getByRole('heading', { name: 'Part B-line' }).waitFor();
  const [record] = await inspections('?part=B-line');
  await page.getByText(record!.imageHash).waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByText('1 record', { exact: true }).waitFor();
  // typed into the address of the page that is open
  await page.goto(`${visitor.address}/#/records?part=A-*`);
  await expect.poll(() => page.getByLabel('Part').inputValue()).toBe('A-*');
  await expect.poll(() => page.getByLabel('Lot').inputValue()).toBe('');
  await page.getByRole('link', { name: 'A-dropped' }).waitFor();
});

test('the review queue is worked off by keys, and a verdict can be taken back', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: /^Review/ }).click();
  await page.getByText('4 parts wait for a verdict').waitFor();
  await page.keyboard.press('g');
  await page.getByText('3 parts wait for a verdict').waitFor();
  await page.keyboard.press('d');
  await page.getByText('2 parts wait for a verdict').waitFor();
  const oldest = (await inspections()).reverse();
  expect(oldest.map(({ feedback }) => feedback?.verdict)).toEqual(['false-alarm', 'agree', undefined, undefined]);
  expect(oldest[0]!.feedback!.by).toBe('Ada');

  await page.keyboard.press('u');
  await page.getByText('3 parts wait for a verdict').waitFor();
  expect((await inspections()).reverse()[1]!.feedback).toBeNull();
  await page.getByRole('button', { name: /^Good/ }).click();
  await page.getByText('2 parts wait for a verdict').waitFor();
  expect((await inspections()).reverse()[1]!.feedback!.verdict).toBe('false-alarm');
  // the one before the last is put off, and comes again
  const names = async () => page.locator('.verdict dd').first().textContent();
  const [third] = [await names()];
  await page.keyboard.press('s');
  await expect.poll(names).not.toBe(third);
  await page.keyboard.press('c');
  await page.getByText('1 part waits for a verdict').waitFor();
  expect(await names()).toBe(third);
  await page.getByLabel('Class of the defect').fill('scratch');
  await page.getByLabel('Note').fill('at the rim');
  await page.getByRole('button', { name: /^Defective/ }).click();
  await page.getByText('All judged').waitFor();
  const [said] = await inspections(`?part=${third}`);
  expect(said!.feedback).toMatchObject({ verdict: 'agree', className: 'scratch', note: 'at the rim' });
  expect((await inspections('?feedback=cannot-tell')).length).toBe(1);

  await page.goto(`${visitor.address}/#/records/${oldest[0]!.id}`);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('The verdict is taken back.').waitFor();
  expect((await inspections()).at(-1)!.feedback).toBeNull();
  await page.keyboard.press('g');
  await page.getByText('“Good” is recorded.').waitFor();
  expect((await inspections()).at(-1)!.feedback!.verdict).toBe('false-alarm');
});

test('the tuner counts as the service does, moves by keys, and saves a new revision that judges the next part', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Threshold' }).click();
  await page.getByLabel('Reviewed parts').uncheck();
  const ng = page.getByRole('slider', { name: 'NG from this score' });
  const field = page.getByRole('spinbutton', { name: 'NG from' });
  await field.fill('0.5');
  await field.press('Tab');
  // of the bundle's calibration scores: good 0.1 0.2 0.3 0.6, defective 0.4 0.7 0.8 0.9
  const matrix = page.getByRole('table').filter({ hasText: 'missed' });
  await matrix.getByRole('row', { name: 'Good 3 pass 0 looked at 1 alarms' }).waitFor();
  await matrix.getByRole('row', { name: 'Defective 1 missed 0 looked at 3 found' }).waitFor();
  await page.getByText('3 of 4 defective are NG').waitFor();
  await page.getByText('19.4 % to 99.4 %').waitFor();

  await ng.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowRight');
  expect(Number(await ng.getAttribute('aria-valuenow'))).toBeGreaterThan(0.6);
  await matrix.getByRole('row', { name: 'Good 4 pass 0 looked at 0 alarms' }).waitFor();

  // by the mouse to the right end: everything passes
  const handle = (await ng.boundingBox())!;
  const chart = (await page.locator('.plot').boundingBox())!;
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width, handle.y + handle.height / 2, { steps: 5 });
  await page.mouse.up();
  await matrix.getByRole('row', { name: 'Defective 4 missed 0 looked at 0 found' }).waitFor();
  await field.fill('2');
  await field.press('Tab');
  await page.getByLabel('A person looks at scores just below').check();
  const review = page.getByRole('spinbutton', { name: 'REVIEW from' });
  await review.fill('0');
  await review.press('Tab');
  await matrix.getByRole('row', { name: 'Good 0 pass 4 looked at 0 alarms' }).waitFor();

  await page.getByRole('button', { name: 'Save as revision 3' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('every part from now on is judged by these thresholds').waitFor();
  await dialog.getByRole('row', { name: 'Missed 0 0' }).waitFor();
  await dialog.getByLabel('Why (kept in the audit log)').fill('a person looks at all');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('These thresholds are in force as revision 3.').waitFor();
  const [recipe] = await recipes();
  expect(recipe).toMatchObject({ revision: 3, threshold: 2, review: 0, rule: 'by hand' });

  await page.keyboard.press('1');
  await page.getByLabel('Images to inspect').setInputFiles(join(images, 'ring-3.png'));
  await page.locator('.verdict.review').waitFor();
  expect((await inspections())[0]).toMatchObject({ decision: 'REVIEW', threshold: 2, revision: 3 });
});

test('a change that somebody else made meanwhile is not overwritten', async () => {
  const { page } = visit;
  await page.keyboard.press('4');
  const field = page.getByRole('spinbutton', { name: 'NG from' });
  await field.fill('1.5');
  await field.press('Tab');
  const [recipe] = await recipes();
  await fetch(`${visitor.address}/api/recipes/${recipe!.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ng: 1.75, review: 0 }),
  });
  await page.getByRole('button', { name: /^Save as revision/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByText('CONFLICT').waitFor();
  expect((await recipes())[0]).toMatchObject({ revision: 4, threshold: 1.75 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('a recipe is rolled back, and another takes its place', async () => {
  const { page } = visit;
  await page.keyboard.press('5');
  await page.getByRole('link', { name: 'Revisions of Ring faces' }).click();
  await page.getByRole('button', { name: 'Roll back to revision 3' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back', exact: true }).click();
  await page.getByText('rolled back').first().waitFor();
  expect((await recipes())[0]).toMatchObject({ revision: 5, threshold: 2, review: 0 });
  expect(await seriousViolations(page)).toEqual([]);

  await activeRecipe(visitor.own, await smallBundle(join(await folder(), 'other'), 1e9), 'Other faces');
  await page.getByRole('link', { name: 'All recipes' }).click();
  const first = page.getByRole('article', { name: 'Ring faces' });
  await first.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('dialog').getByText('“Other faces” judges until then').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Activate', exact: true }).click();
  await first.getByText('Active', { exact: true }).waitFor();
  expect(await first.getByText('Active', { exact: true }).count()).toBe(1);
  expect((await recipes()).find(({ active }) => active)!.name).toBe('Ring faces');
});

test('recipes are set by product code, and a part without one is not inspected', async () => {
  const { page } = visit;
  await page.keyboard.press('5');
  const products = page.getByRole('region', { name: 'Products' });
  for (const [code, name] of [
    ['4711', 'Ring faces'],
    ['4712', 'Other faces'],
  ] as const) {
    await products.getByRole('button', { name: 'Set a product’s recipe' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Product code/).fill(code);
    const { id } = (await recipes()).find((recipe) => recipe.name === name)!;
    await dialog.getByLabel('Recipe', { exact: true }).selectOption(id);
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
    await products.getByRole('row', { name: new RegExp(`^${code} ${name}`) }).waitFor();
  }
  await page.getByRole('article', { name: 'Other faces' }).getByText('For 4712').waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  await page.keyboard.press('1');
  await page.getByLabel('Product').selectOption('4712');
  await page.getByLabel('Part').fill('of-4712');
  await page.getByLabel('Images to inspect').setInputFiles(join(images, 'ring-2.png'));
  await page.getByText('1 image inspected').waitFor();
  expect((await inspections('?part=of-4712'))[0]).toMatchObject({ product: '4712', decision: 'OK' });
  await page.getByLabel('Product').selectOption('');
  await page.getByLabel('Images to inspect').setInputFiles(join(images, 'ring-2.png'));
  await page.locator('.failed').getByText('PRODUCT_UNKNOWN').waitFor();
  await page.getByLabel('Part').fill('');

  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Recipes', exact: true }).click();
  for (const code of ['4711', '4712']) {
    await products.getByRole('button', { name: `Take away ${code}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take away', exact: true }).click();
    await products.getByRole('row', { name: new RegExp(`^${code}`) }).waitFor({ state: 'detached' });
  }
  await page.getByRole('article', { name: 'Ring faces' }).getByText('Active', { exact: true }).waitFor();
  // the newest part is one with a picture again
  const sent = await fetch(`${visitor.address}/api/inspections?part=without-products`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(await partPng(33)),
  });
  expect(sent.status).toBe(201);
});

test('nothing was asked of anybody else, and the browser had nothing to complain of but what was refused', () => {
  const { complaints, foreign } = visit;
  expect(foreign).toEqual([]);
  // the browser notes the refused image and the conflict, as it does every answer that is no success
  expect(complaints.filter((c) => !/status of 4(15|00|09|22)/.test(c))).toEqual([]);
});

test('a comparison shows its figures, and its report opens in a window of its own', async () => {
  const input = await syntheticComparison();
  const of = (name: string) => join(data, 'comparisons', name);
  await mkdir(of('rings-1'), { recursive: true });
  await mkdir(of('rings-2'));
  const table = comparisonTable(input.comparison);
  await writeFile(join(of('rings-1'), 'settings.json'), '{}');
  await writeFile(join(of('rings-1'), 'comparison.json'), JSON.stringify({ ...input.comparison, table }));
  await writeFile(join(of('rings-1'), 'report.html'), renderComparison(input));
  await writeFile(join(of('rings-2'), 'settings.json'), '{}');
  const { page, complaints } = await visitor.visit('comparisons');
  const article = page.getByRole('article', { name: 'rings-1' });
  const row = article.getByRole('row', { name: /^flow/ }).first();
  const { figures } = table.find(({ detector }) => detector === 'flow')!;
  await row.getByText(figures.auroc!.mean.toFixed(3), { exact: true }).first().waitFor();
  await page.getByText(/rings-2 has no result yet/).waitFor();
  const opened = page.waitForEvent('popup');
  await article.getByRole('link', { name: /^Report/ }).click();
  const report = await opened;
  await report.getByRole('heading', { level: 1 }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('drift shows what is learned, and a reference part is stated and taken away', async () => {
  const { page, complaints } = await visitor.visit('records/drift');
  await page
    .getByText(/Learning from the first parts: \d+ of 1000/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'State a reference part' }).click();
  await page.getByLabel('Name', { exact: true }).fill('scratched ring');
  await page.getByLabel(/^Name of the part/).fill('REF-NG*');
  await page.getByLabel('It should be').selectOption('NG');
  await page.getByLabel('To be presented every, hours').fill('8');
  await page.getByRole('button', { name: 'State it' }).click();
  await page.getByRole('heading', { name: 'scratched ring' }).waitFor();
  await page.getByText(/parts called REF-NG\*; every 8 h/).waitFor();
  await page.getByRole('button', { name: 'Take away scratched ring' }).click();
  await page.getByText('None is stated.').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

/** Every page, and what shows that it is filled. */
const places = async (): Promise<Record<string, string>> => ({
  live: '.panel',
  records: 'tbody tr',
  [`records/${(await inspections())[0]!.id}`]: '.stack img',
  'records/drift': 'section',
  review: '.panel',
  threshold: '.plot',
  recipes: 'article',
  [`recipes/${(await recipes())[0]!.id}`]: 'li',
  'recipes/side-by-side': 'select',
  'recipes/in-browser': 'input:enabled',
  comparisons: 'article',
  audit: 'li',
});
for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious barrier in ${scheme} colours, or is wider than a telephone`, async () => {
    await visitor.expectNoBarriers(await places(), scheme, async (page, place) => {
      if (place !== 'live') return;
      await page.keyboard.press('o');
      await page.locator('main.operator img').first().waitFor();
      expect(await seriousViolations(page, scheme), 'operator view').toEqual([]);
    });
  });
}

test('the switch of colours is remembered', async () => {
  const { page } = await visitor.visit('live', 1280, 'light');
  await page.getByRole('button', { name: 'Dark colours' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Light colours' }).waitFor();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  await page.context().close();
});

test('a station that asks for a token is opened with it, pictures and events included', async () => {
  const token = 'a-token-of-many-letters';
  const locked = await StationVisitor.of(await folder(), { page: built, token }, visitor.browser);
  try {
    const { page } = await locked.visit('live');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Token').fill('not-this-one-surely');
    await dialog.getByRole('button', { name: 'Open' }).click();
    await dialog.getByText('UNAUTHORISED').waitFor();
    await dialog.getByLabel('Token').fill(token);
    await dialog.getByRole('button', { name: 'Open' }).click();
    await page.getByText('No recipe is active').waitFor();
    await page.getByText('no recipe', { exact: true }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  } finally {
    await locked.close();
  }
});
