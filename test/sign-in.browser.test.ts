/** A station with users, in a browser: signing in, what is recorded, what a role refuses, signing out. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StationVisitor, seriousViolations } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { activeRecipe, inspectImage, partPng, smallBundle } from './support/station.ts';
import { addUser } from './support/users.ts';

const folder = temporaryFolders();
const pictures = process.env['FELFRI_TEST_PICTURES'];
let visitor: StationVisitor;

beforeAll(async () => {
  const page = await builtPage();
  visitor = await StationVisitor.of(await folder(), { page });
  await activeRecipe(visitor.own, await smallBundle(join(await folder(), 'bundle'), 1e-6), 'Ring faces');
  await inspectImage(visitor.own.station, await partPng(3));
  await addUser(visitor.own, 'ada', 'admin');
  await addUser(visitor.own, 'otto', 'operator');
});
afterAll(() => visitor?.close());

test('an operator signs in, judges a part under that name, may not change recipes, and signs out', async () => {
  const { page, foreign } = await visitor.visit('review');
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('Name').fill('Otto');
  await dialog.getByLabel('Password').fill('not the password');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByText('name or password is wrong').waitFor();
  expect(await dialog.getByLabel('Password').inputValue()).toBe('');
  expect(await seriousViolations(page)).toEqual([]);
  if (pictures) {
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, 'sign-in.png') });
  }
  await dialog.getByLabel('Password').fill('password of otto');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  expect(await dialog.count()).toBe(0);

  await page
    .getByRole('button', { name: /defective|agree/i })
    .first()
    .click();
  const { records } = visitor.own.station;
  await expect.poll(async () => (await records.inspections({})).inspections[0]!.feedback?.by).toBe('otto');

  await page.getByRole('link', { name: 'Recipes', exact: true }).click();
  await page.getByRole('article', { name: 'Ring faces' }).waitFor();
  // what the service would refuse to an operator is not offered, nor shown at its address
  expect(await page.getByRole('button', { name: 'New recipe' }).count()).toBe(0);
  const pages = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  expect((await pages.allInnerTexts()).map((text) => text.match(/^\w+/)![0])).toEqual([
    'Live',
    'Records',
    'Review',
    'Recipes',
    'Line',
  ]);
  await page.goto(`${visitor.address}/#/audit`);
  await page.getByText('This page is for engineers and admins.').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  if (pictures) await page.screenshot({ path: join(pictures, 'signed-in.png') });

  // a script of the page cannot read it, and it goes to this station alone
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'felfri_session', httpOnly: true, sameSite: 'Strict', secure: false });
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(foreign).toEqual([]);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
  await page.context().close();
});

test('an admin releases a recipe with the password, and a change of it shows', async () => {
  const { page } = await visitor.visit('recipes');
  const signIn = page.getByRole('dialog', { name: 'Sign in' });
  await signIn.getByLabel('Name').fill('ada');
  await signIn.getByLabel('Password').fill('password of ada');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Release Ring faces' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign for “Ring faces”' });
  await dialog.getByLabel('Reason').fill('tried on 50 parts of lot 7');
  await dialog.getByLabel('Password').fill('not the password');
  await dialog.getByRole('button', { name: 'Sign' }).click();
  await dialog.getByText('the password is wrong; nothing was signed').waitFor();
  expect(await dialog.getByLabel('Password').inputValue()).toBe('');
  expect(await seriousViolations(page)).toEqual([]);
  if (pictures) await page.screenshot({ path: join(pictures, 'release.png') });
  await dialog.getByLabel('Password').fill('password of ada');
  await dialog.getByRole('button', { name: 'Sign' }).click();
  const card = page.getByRole('article', { name: 'Ring faces' });
  await card.getByText(/by ada, .*tried on 50 parts of lot 7/).waitFor();
  const { records, recipes } = visitor.own.station;
  expect(await records.signatures()).toMatchObject([{ by: 'ada', meaning: 'released' }]);
  await recipes.setThresholds((await records.recipes())[0]!.id, { ng: 2e-6 }, { by: 'test', at: new Date() });
  await card.getByText('Changed since its release').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  if (pictures) await page.screenshot({ path: join(pictures, 'released.png') });
  const [life] = await Promise.all([
    page.context().waitForEvent('page'),
    card.getByRole('link', { name: 'Whole life of Ring faces' }).click(),
  ]);
  await life.getByRole('heading', { name: 'The life of Ring faces' }).waitFor();
  await life.getByRole('cell', { name: 'tried on 50 parts of lot 7', exact: true }).waitFor();
  expect(await seriousViolations(life)).toEqual([]);
  if (pictures) await life.screenshot({ path: join(pictures, 'life.png'), fullPage: true });
  await page.context().close();
});

test('an operator answers a study blind, by keys, stops and goes on; an admin sees who has finished, and the report', async () => {
  const { station } = visitor.own;
  const change = { by: 'root', at: new Date() };
  const dataSet = (await station.dataSets.create('Appraised rings', change)).id;
  for (const [i, label] of (['good', 'defective', 'good'] as const).entries())
    await station.dataSets.add(dataSet, new Uint8Array(await partPng(40 + i, 480, 320)), { name: `bad ${i}`, label, partGroup: `P-${i}` }, change); // biome-ignore format: one line
  await station.studies.create({ name: 'Autumn rings', dataSet, trials: 1, limitSamples: ['P-1'] }, change, { name: 'root', role: 'admin' }); // biome-ignore format: one line
  const enter = async (name: string, path: string) => {
    const visit = await visitor.visit(path);
    const dialog = visit.page.getByRole('dialog', { name: 'Sign in' });
    await visit.page.setViewportSize({ width: 1280, height: 720 });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Password').fill(`password of ${name}`);
    await visit.page.keyboard.press('Enter');
    await visit.page.getByRole('button', { name: 'Sign out' }).waitFor();
    return visit.page;
  };
  const page = await enter('otto', 'review');
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  await page.getByRole('link', { name: 'Begin with Autumn rings' }).click();
  const asked = (part: number) => page.getByText(`Trial 1 of 1, part ${part} of 3. Is this part good?`).waitFor();
  const good = page.getByRole('button', { name: 'Good' });
  await asked(1);
  await expect.poll(() => good.isEnabled()).toBe(true);
  expect(await seriousViolations(page)).toEqual([]);
  const seen = await page.content();
  for (const secret of ['P-0', 'P-1', 'P-2', 'bad ', 'Appraised', dataSet]) expect(seen).not.toContain(secret);
  if (pictures) await page.screenshot({ path: join(pictures, 'appraise.png') });
  await page.keyboard.press('g');
  await asked(2);
  await page.getByRole('link', { name: 'Stop here, go on later' }).click();
  await page.getByRole('link', { name: 'Go on at 2 of 3 with Autumn rings' }).click();
  await asked(2);
  await expect.poll(() => good.isEnabled()).toBe(true);
  await page.keyboard.press('d');
  await asked(3);
  await expect.poll(() => good.isEnabled()).toBe(true);
  await good.click();
  await page.getByText('All 3 are answered').waitFor();
  const { sheets } = station.studies.require(station.studies.names[0]!.id);
  expect(sheets.map(({ appraiser, answers }) => [appraiser, answers.map(({ answer }) => answer)])).toEqual([
    ['otto', ['good', 'defective', 'good']],
  ]);
  await page.context().close();

  const admin = await enter('ada', 'review/studies');
  await admin.getByRole('row', { name: /otto operator 3 of 3/ }).waitFor();
  await admin.getByText('felfri is no appraiser: a picture of part P-0 is of no inspection on record.').waitFor();
  await admin.getByRole('button', { name: 'New study' }).click();
  await admin.getByLabel('Data set: its labels').selectOption({ label: 'Appraised rings' });
  await admin.getByLabel('bad 1').check();
  expect(await seriousViolations(admin)).toEqual([]);
  if (pictures) await admin.screenshot({ path: join(pictures, 'new-study.png') });
  await admin.getByLabel('Name, which').fill('Winter rings');
  await admin.getByRole('button', { name: 'Make it' }).click();
  await admin.getByRole('article', { name: 'Winter rings' }).getByText('Nobody has begun.').waitFor();
  if (pictures) await admin.screenshot({ path: join(pictures, 'studies.png') });
  const report = admin.context().waitForEvent('page');
  await admin.getByRole('link', { name: /^Report of Autumn rings/ }).click();
  await (await report).getByRole('heading', { name: 'Attribute agreement: Autumn rings' }).waitFor();
  await admin.getByRole('button', { name: 'Close the study' }).last().click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Close it' }).click();
  const open = () => station.studies.list({ name: null, role: 'admin' }).filter(({ closedAt }) => closedAt === null);
  await expect.poll(() => open().length).toBe(1);
  await admin.context().close();
});

test('an admin sees sessions and tokens and ends them, and a page that is left alone signs out', async () => {
  await addUser(visitor.own, 'lena', 'operator');
  const { records } = visitor.own.station;
  const { user } = (await records.users.withPassword('lena'))!;
  await records.users.openSession(user, { hash: 'a'.repeat(64), until: new Date(Date.now() + 1e7) }, '192.0.2.7');
  const { page } = await visitor.visit('live');
  const signIn = page.getByRole('dialog', { name: 'Sign in' });
  await page.clock.install();
  await signIn.getByLabel('Name').fill('ada');
  await signIn.getByLabel('Password').fill('password of ada');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'ada', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sessions and tokens' });
  await dialog.getByText('from 192.0.2.7').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  if (pictures) await page.screenshot({ path: join(pictures, 'sessions.png') });
  await dialog.getByRole('button', { name: 'End the session of lena from 192.0.2.7' }).click();
  await dialog.getByText('from 192.0.2.7').waitFor({ state: 'detached' });
  expect(await records.users.ofSession('a'.repeat(64), new Date(), 1e9)).toBeUndefined();
  await dialog.getByRole('button', { name: 'End the token test of lena' }).click();
  await expect.poll(async () => (await records.users.tokens()).some((one) => one.user === 'lena')).toBe(false);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.clock.fastForward(29 * 60_000);
  expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(1);
  await page.clock.fastForward(2 * 60_000);
  // the page loads anew, and asks who is there
  await signIn.waitFor();
  await page.context().close();
});

test('who came by the token of the station is shown so, may leave, and is signed out when nobody uses the page', async () => {
  const token = 'the token of this station';
  const page = await builtPage();
  const station = await StationVisitor.of(await folder(), { page, token }, visitor.browser);
  try {
    const { page: visit } = await station.visit('live');
    const signIn = visit.getByRole('dialog', { name: 'This station asks for its token' });
    await visit.clock.install();
    for (const leave of ['by its button', 'idle']) {
      await signIn.getByLabel('Token').fill(token);
      await visit.keyboard.press('Enter');
      await visit.getByRole('button', { name: 'by token', exact: true }).waitFor();
      expect(await seriousViolations(visit)).toEqual([]);
      if (pictures) await visit.screenshot({ path: join(pictures, 'by-token.png') });
      if (leave === 'idle') await visit.clock.fastForward(31 * 60_000);
      else await visit.getByRole('button', { name: 'Sign out' }).click();
      await signIn.waitFor();
    }
    expect(await station.own.app.inject({ url: '/api/sessions', headers: { authorization: `Bearer ${token}` } }).then((a) => a.json())).toEqual({ sessions: [] }); // biome-ignore format: one line
  } finally {
    await station.close();
  }
});

test('the dialog fits a narrow screen at night', async () => {
  const { page } = await visitor.visit('live', 360, 'dark');
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  if (pictures) await page.screenshot({ path: join(pictures, 'sign-in-narrow.png') });
  await page.context().close();
});
