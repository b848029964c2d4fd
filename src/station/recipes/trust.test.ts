/** A station whose policy demands signatures takes no other bundle: not at an upload, an activation, an inspection or a start. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  bundleParts,
  form,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { newKeyPair, readPrivateKey } from '../../bundle/signature/keys.ts';
import { signBundle } from '../../bundle/signature/sign.ts';

const folder = temporaryFolders();
let keys: string;
let trusted: string;
/** Nobody signed the first. */
let plain: string;
let signed: string;
let id: string;

beforeAll(async () => {
  [keys, trusted] = [await folder(), await folder()];
  const pair = newKeyPair();
  id = pair.id;
  await writeFile(join(keys, 'quality.key.pem'), pair.privatePem);
  await writeFile(join(trusted, 'quality.pub.pem'), pair.publicPem);
  plain = await smallBundle(join(await folder(), 'plain'), 0.5);
  signed = join(await folder(), 'signed');
  await cp(plain, signed, { recursive: true });
  await signBundle(signed, await readPrivateKey(join(keys, 'quality.key.pem')), 'release 1');
});

const start = (data: string, trustedKeys?: string) =>
  startStation(data, trustedKeys === undefined ? {} : { trustedKeys });

async function upload({ app }: TestStation, bundle: string, name: string) {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/recipes',
    ...(await form(await bundleParts(bundle, name))),
  });
  return { status: answer.statusCode, ...answer.json() };
}

const activate = async ({ app }: TestStation, recipe: string) =>
  (await app.inject({ method: 'POST', url: `/api/recipes/${recipe}/activate` })).json();

const inspect = async ({ app }: TestStation, query: string) =>
  (await app.inject({ method: 'POST', url: `/api/inspections?${query}`, payload: await partPng(1), headers: { 'content-type': 'image/png' } })).json(); // biome-ignore format: one line

it('takes a signed bundle and keeps who signed it, and refuses any other', async () => {
  const own = await start(await folder(), trusted);
  expect(await upload(own, plain, 'plain')).toMatchObject({ status: 422, code: 'BUNDLE_UNTRUSTED' });
  expect((await upload(own, plain, 'plain')).message).not.toContain('/');
  const recipe = await upload(own, signed, 'signed');
  expect(recipe).toMatchObject({ status: 201, signedBy: { keys: [{ name: 'quality', key: id }] } });
  expect(await activate(own, recipe.id)).toMatchObject({ active: true });
  expect(await inspect(own, 'part=1')).toMatchObject({ recipe: recipe.id });
  const { entries } = (await own.app.inject({ url: '/api/audit' })).json();
  expect(entries.map(({ summary }: { summary: string }) => summary).join()).toContain('added the recipe "signed", signed by "quality"'); // biome-ignore format: one line
  await own.station.records.verifyRecords();

  const other = join(await folder(), 'other');
  await cp(signed, other, { recursive: true });
  const manifest = JSON.parse(await readFile(join(other, 'bundle.json'), 'utf8'));
  manifest.threshold.value = 99;
  await writeFile(join(other, 'bundle.json'), JSON.stringify(manifest));
  expect(await upload(own, other, 'altered')).toMatchObject({ status: 422, code: 'BUNDLE_UNTRUSTED' });
  await own.close();
});

it('inspects by nothing that came before the policy, or whose key was revoked since', async () => {
  const data = await folder();
  const before = await start(data);
  const first = await upload(before, plain, 'plain');
  const second = await upload(before, signed, 'signed');
  expect(second.signedBy).toBeNull();
  await activate(before, first.id);
  const judged = await inspect(before, 'part=0');
  await before.close();

  const own = await start(data, trusted);
  expect(own.station.recipes.active).toBeNull();
  expect((await own.app.inject({ url: '/ready' })).json().reason).toContain('nobody signed it');
  expect(await inspect(own, 'part=1')).toMatchObject({ code: 'NO_RECIPE' });
  expect(await inspect(own, `part=1&recipe=${first.id}`)).toMatchObject({ code: 'BUNDLE_UNTRUSTED' });
  expect(await activate(own, first.id)).toMatchObject({ code: 'BUNDLE_UNTRUSTED' });
  // its model is run, or handed out to be run, for nothing else either
  const replay = { first: second.id, second: first.id };
  const refused = await Promise.all([
    own.app.inject({ method: 'POST', url: '/api/replays', payload: replay }),
    own.app.inject({ url: `/api/inspections/${judged.id}/maps/${first.id}` }),
    own.app.inject({ url: `/api/recipes/${first.id}/model` }),
  ]);
  expect(refused.map((answer) => answer.json().code)).toEqual(Array(3).fill('BUNDLE_UNTRUSTED'));
  expect(await activate(own, second.id)).toMatchObject({ active: true });
  await own.close();

  const revoked = await folder();
  await cp(trusted, revoked, { recursive: true });
  await writeFile(join(revoked, 'quality.revoked.json'), JSON.stringify({ key: id, at: '2026-11-28', reason: 'lost' }));
  const again = await start(data, revoked);
  expect((await again.app.inject({ url: '/ready' })).json().reason).toContain('was revoked');
  expect(await activate(again, second.id)).toMatchObject({ code: 'BUNDLE_UNTRUSTED' });
  await again.close();

  // a folder that says nothing lets nothing in
  await rm(join(revoked, 'quality.pub.pem'));
  const none = await start(data, revoked);
  expect(none.station.recipes.active).toBeNull();
  expect(await upload(none, signed, 'signed')).toMatchObject({ status: 422, code: 'KEY_INVALID' });
  await none.close();
});
