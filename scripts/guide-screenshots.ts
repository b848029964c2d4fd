/**
 * Makes docs/guide/images: the station's pages with simulated parts on them, photographed in Chromium. Run: npm run guide [-- FOLDER]
 * FOLDER keeps the simulated parts and the recipe that is trained on them (a minute or two), so that the next run need not make them again.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Inspection, ReviewQueue } from '../src/station/contract/inspections.ts';
import type { RecipeList } from '../src/station/contract/recipes.ts';
import { StationVisitor } from '../test/station-page.ts';
import { builtPage } from '../test/support/built-page.ts';
import { activeRecipe } from '../test/support/station.ts';
import { type Part, photographEngineering } from './guide-engineer-pages.ts';
import { repositoryPath } from './repository.ts';
import { makeSimulatedRecipe } from './simulated-recipe.ts';

/** Most bytes of a picture. */
const LIMIT = 120_000;

const given = process.argv[2];
const folder = given === undefined ? await mkdtemp(join(tmpdir(), 'felfri-guide-')) : resolve(given);
const [parts, bundle] = [join(folder, 'parts'), join(folder, 'bundle')];

async function felfri(...args: string[]): Promise<void> {
  console.log(`felfri ${args.join(' ')}`);
  const command = ['--import', 'tsx', repositoryPath('src/cli/main.ts'), ...args];
  await promisify(execFile)(process.execPath, command, { cwd: repositoryPath('.') });
}

/** The recipe of `npm start`, moved to its place when it is whole. */
async function makeRecipe(): Promise<void> {
  if (existsSync(bundle)) return;
  const making = join(folder, 'making');
  for (const old of [parts, making]) await rm(old, { recursive: true, force: true });
  await makeSimulatedRecipe(felfri, parts, making);
  await rename(making, bundle);
}

async function simulated(): Promise<Part[]> {
  const [head, ...rows] = (await readFile(join(parts, 'manifest.csv'), 'utf8')).trim().split('\n');
  const columns = head!.split(',');
  return rows.map((row) => {
    const cells = row.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]!])) as unknown as Part;
  });
}

/** Images of the tested fold, good and defective in turn. */
async function unseen(): Promise<Part[]> {
  const tested = (await simulated()).filter(({ fold }) => fold === '0');
  const good = tested.filter((part) => part.class === 'good');
  const defective = tested.filter((part) => part.class !== 'good');
  return defective.slice(0, 9).flatMap((part, i) => [...good.slice(2 * i, 2 * i + 2), part]);
}

async function send(visitor: StationVisitor, { image }: Part): Promise<Inspection> {
  const name = basename(image, '.png');
  const body = new Uint8Array(await readFile(join(parts, image)));
  const headers = { 'content-type': 'image/png' };
  const answer = await fetch(`${visitor.address}/api/inspections?part=${name}&lot=L-7`, {
    method: 'POST',
    headers,
    body,
  });
  if (answer.status !== 201) throw new Error(`${name}: ${await answer.text()}`);
  return (await answer.json()) as Inspection;
}

async function photograph(page: Page, name: string): Promise<void> {
  // a lazy image that is out of sight never comes
  const seen = '[...document.images].filter(({ loading }) => loading !== "lazy")';
  await page.evaluate(`Promise.all(${seen}.map((image) => image.decode()))`);
  const png = await page.screenshot({ animations: 'disabled' });
  let small = png;
  for (const [colours, width] of [
    [128, 944],
    [64, 944],
    [48, 800],
    [32, 720],
    [24, 640],
  ] as const) {
    small = await sharp(png).resize({ width }).png({ palette: true, colours, dither: 0, effort: 10 }).toBuffer();
    if (small.length <= LIMIT) break;
  }
  if (small.length > LIMIT) throw new Error(`${name}.png has ${small.length} bytes, more than ${LIMIT}`);
  await writeFile(repositoryPath(`docs/guide/images/${name}.png`), small);
  console.log(`docs/guide/images/${name}.png: ${Math.round(small.length / 1000)} kB`);
}

/** The large view where nothing was decided, and where nothing can be relied on. */
async function photographUndecided(visitor: StationVisitor, page: Page): Promise<void> {
  const headers = { 'content-type': 'image/png' };
  const body = new Uint8Array(await readFile(join(parts, (await unseen())[0]!.image))).subarray(0, 2000);
  await fetch(`${visitor.address}/api/inspections?part=part0042-2&lot=L-7`, { method: 'POST', headers, body });
  await page.locator('main.operator.none').waitFor();
  await photograph(page, 'operator-not-inspected');
  await page.route('**/api/events', (route) => route.abort());
  await page.reload();
  await page.keyboard.press('o');
  await page.locator('main.operator.is-silent').waitFor();
  await photograph(page, 'operator-no-connection');
  await page.unroute('**/api/events');
  await page.locator('main.operator.is-part, main.operator.is-waiting').waitFor();
}

async function photographSideBySide(visitor: StationVisitor, page: Page): Promise<void> {
  // another bundle would do as well: here the same one with its NG limit where few parts reach it
  await activeRecipe(visitor.own, bundle, 'Ring faces, milder');
  const { recipes } = await visitor.get<RecipeList>('/api/recipes');
  const milder = recipes.find(({ active }) => active)!;
  await fetch(`${visitor.address}/api/recipes/${milder.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ng: 50, review: milder.review }),
  });
  await page.goto(`${visitor.address}/#/recipes/side-by-side`);
  await page.reload();
  await page.getByLabel('First').selectOption({ label: 'Ring faces' });
  await page.getByLabel('Second').selectOption({ label: 'Ring faces, milder (active)' });
  await page.getByRole('button', { name: 'Compare' }).click();
  // at the lowest priority: whatever else the machine does goes first
  await page.getByText(/^\s*Done: /).waitFor({ timeout: 120_000 });
  await photograph(page, 'side-by-side');
}

async function photographAll(visitor: StationVisitor): Promise<void> {
  const { page } = await visitor.visit('live', 1180);
  await page.setViewportSize({ width: 1180, height: 960 });
  await photograph(page, 'first-visit');

  await activeRecipe(visitor.own, bundle, 'Ring faces');
  const inspections: Inspection[] = [];
  for (const part of await unseen()) inspections.push(await send(visitor, part));
  const last = async (decision: Inspection['decision'], view: string) => {
    // the one whose picture says most
    const [found] = inspections.filter((i) => i.decision === decision).sort((a, b) => b.score - a.score);
    if (!found) throw new Error(`none of the parts is ${decision}`);
    await send(visitor, (await unseen())[inspections.indexOf(found)]!);
    await page.locator(`.${decision.toLowerCase()}`).first().waitFor();
    await photograph(page, `${view}-${decision.toLowerCase()}`);
  };
  await page.reload();
  await page.locator('.panel').waitFor();
  await last('NG', 'live');
  await page.keyboard.press('o');
  await page.locator('main.operator').waitFor();
  for (const decision of ['OK', 'REVIEW', 'NG'] as const) await last(decision, 'operator');
  await photographUndecided(visitor, page);
  await page.keyboard.press('Escape');

  await page.keyboard.press('3');
  await page.getByText('for a verdict').waitFor();
  const name = page.getByLabel('Your name, for the records');
  await name.fill('Kim');
  // keys are letters of the name while it has the focus
  await name.blur();
  await page.locator('.panel img').first().waitFor();
  await photograph(page, 'review');
  let { waiting } = await visitor.get<ReviewQueue>('/api/review?limit=1');
  for (const key of ['d', 'd', 'g']) {
    await page.keyboard.press(key);
    await page.getByText(`${--waiting} parts wait`).waitFor();
  }
  for (const [key, name, filled] of [
    ['2', 'records', 'tbody tr'],
    ['4', 'threshold', '.plot'],
    ['5', 'recipes', 'article'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(filled).first().waitFor();
    // the numbers come a moment after the page
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await page.waitForTimeout(500);
    await photograph(page, name);
  }

  await photographSideBySide(visitor, page);
  const picture = (name: string) => photograph(page, name);
  await photographEngineering({ visitor, page, folder: parts, parts: await simulated(), photograph: picture });
}

await mkdir(repositoryPath('docs/guide/images'), { recursive: true });
await mkdir(folder, { recursive: true });
await makeRecipe();
const page = await builtPage();
const data = await mkdtemp(join(tmpdir(), 'felfri-guide-data-'));
const visitor = await StationVisitor.of(data, { page });
try {
  await photographAll(visitor);
} finally {
  await visitor.close();
  for (const temporary of [page, data, ...(given === undefined ? [folder] : [])]) {
    await rm(temporary, { recursive: true, force: true });
  }
}
