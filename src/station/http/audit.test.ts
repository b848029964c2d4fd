/** The audit log as people read it: every action that there is, done through HTTP or by the command, told in a sentence. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { toldEntry } from '../audit/summary.ts';
import type { AuditEntry, AuditTrail } from '../contract/audit.ts';
import type { ImageChange } from '../contract/datasets.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Training } from '../contract/training.ts';
import { newId } from '../ids.ts';
import { Retention } from '../retention/retention.ts';

const folder = temporaryFolders();
let own: TestStation;
beforeAll(async () => {
  own = await startStation(await folder());
});
afterAll(() => own.close());

const token = `felfri_${'5'.repeat(64)}`;
/** Set once there are users: from then on the station asks who it is. */
let signedIn: { authorization?: string } = {};

const call = async <T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object | Buffer) => {
  const headers = { ...signedIn, ...(Buffer.isBuffer(payload) && { 'content-type': 'image/png' }) };
  return (await own.app.inject({ method, url, headers, ...(payload && { payload }) })).json<T>();
};

const plain = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\b[0-9a-f]{12}\b/g, 'HASH')
    .replace(/[\d.]+ MB/, 'N MB')
    .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
    // of what was done around midnight
    .replace('of DAY to DAY', 'of DAY');

async function recipes(): Promise<void> {
  const first = await activeRecipe(own, await smallBundle(await folder(), 1e9), 'rings');
  const second = await activeRecipe(own, await smallBundle(await folder(), 1e9), 'links');
  await call('PATCH', `/api/recipes/${second}`, { ng: 0.123456789, review: 0.1, by: 'Kim', note: 'new lamp' });
  await call('POST', `/api/recipes/${second}/rollback`, { by: 'Kim' });
  await call('POST', `/api/recipes/${first}/activate`, { by: 'Kim' });
}

async function inspections(): Promise<void> {
  const url = `/api/inspections/${(await call<Inspection>('POST', '/api/inspections', await partPng(1))).id}/feedback`;
  await call('PUT', url, { verdict: 'agree', by: 'Kim' });
  await call('PUT', url, { verdict: 'missed', by: 'Kim', note: 'a dent' });
  await call('DELETE', `${url}?by=Lee`);
  const later = new Date(Date.now() + 48 * 3600 * 1000);
  await new Retention(own.station, { days: 1 }).run(later);
  await new Retention(own.station, { recordDays: 1 }).run(later);
}

async function dataSets(): Promise<void> {
  await call('POST', '/api/datasets', { name: 'Ring faces', by: 'Kim' });
  const set = '/api/datasets/ring-faces/images';
  const { image } = await call<ImageChange>('POST', `${set}?label=good&by=Kim`, await partPng(1));
  const one = `${set}/${image!.hash}`;
  const drawn = sharp(
    Uint8Array.from({ length: 96 * 64 }, (_, i) => (i < 200 ? 255 : 0)),
    { raw: { width: 96, height: 64, channels: 1 } },
  );
  await call('PUT', `${one}/mask?by=Kim`, await drawn.png().toBuffer());
  await call('DELETE', `${one}/mask?by=Kim`);
  await call('PATCH', one, { label: 'defective', className: 'dent', by: 'Kim' });
  await call('DELETE', `${one}?by=Kim`);
}

async function trainings(): Promise<void> {
  const wanted = { name: 'first', dataSet: 'ring-faces', settings: { detector: 'flow' }, by: 'Kim' };
  const { id } = await call<Training>('POST', '/api/trainings', wanted);
  await call('POST', `/api/trainings/${id}/cancel`, { by: 'Kim' });
  while (['running', 'stopping'].includes((await call<Training>('GET', `/api/trainings/${id}`)).state))
    await sleep(300);
  await call('POST', `/api/trainings/${id}/resume`, { by: 'Kim' });
}

async function users(): Promise<void> {
  const { users } = own.station.records;
  const change = { by: 'root', at: new Date() };
  const createdAt = change.at.toISOString();
  for (const [name, role] of [
    ['ada', 'admin'],
    ['otto', 'operator'],
  ] as const)
    await users.add({ id: newId(), name, role, password: 'x', createdAt }, change);
  await users.setRole('otto', 'engineer', change);
  await users.setPassword('otto', 'y', change);
  await users.addToken('otto', { label: 'line-1', hash: 'h' }, change);
  await users.removeToken('otto', 'line-1', change);
  await users.remove('otto', change);
  const hash = createHash('sha256').update(token).digest('hex');
  await users.addToken('ada', { label: 'this test', hash }, change);
  signedIn = { authorization: `Bearer ${token}` };
}

it('tells every action in a sentence', async () => {
  const told: Record<string, string[]> = {};
  for (const act of [recipes, inspections, dataSets, trainings]) {
    const { entries: before } = await call<AuditTrail>('GET', '/api/audit?limit=1');
    await act();
    const { entries } = await call<AuditTrail>('GET', '/api/audit?limit=50');
    const added = entries.filter(({ number }) => number > (before[0]?.number ?? 0));
    told[act.name] = added.reverse().map(({ summary }) => plain(summary));
  }
  expect(told['recipes']).toEqual([
    'test added the recipe "rings".',
    'test made "rings" the active recipe.',
    'test added the recipe "links".',
    'test made "links" the active recipe in place of "rings".',
    'Kim set the thresholds of "links": NG from 1000000000 to 0.123457, REVIEW from none to 0.1; it is revision 3, noting "new lamp".',
    'Kim took "links" back to the thresholds of revision 1: NG from 0.123457 to 1000000000, REVIEW from 0.1 to none; it is revision 4.',
    'Kim made "rings" the active recipe in place of "links".',
  ]);
  expect(told['inspections']).toEqual([
    'Kim said "agree" of inspection ID.',
    'Kim said "missed" of inspection ID in place of "agree", noting "a dent".',
    'Lee took back "missed", said by Kim, of inspection ID.',
    'felfri serve removed the pictures of 1 inspection of DAY, N MB: older than 1 day. Their records stay.',
    'felfri serve deleted the records of 1 inspection of DAY with their pictures: older than 1 day. 0 of them waited for review.',
  ]);
  expect(told['dataSets']).toEqual([
    'Kim made the data set "Ring faces".',
    'Kim added the image HASH to "Ring faces", good; it is version 2.',
    'Kim drew the mask of the image HASH of "Ring faces"; it is version 3.',
    'Kim took away the mask of the image HASH of "Ring faces"; it is version 4.',
    'Kim labelled the image HASH of "Ring faces" defective (dent), before defective (defective); it is version 5.',
    'Kim took the image HASH out of "Ring faces"; it is version 6.',
  ]);
  expect(told['trainings']).toEqual([
    'Kim started the training "first" of a flow on version 6 of "Ring faces".',
    'Kim stopped the training "first".',
    'Kim resumed the training "first".',
  ]);
  const last = (await own.station.records.auditEntries({ limit: 1 }))[0]!.number;
  await users();
  const entries = (await own.station.records.auditEntries({ limit: 50 })).filter(({ number }) => number > last);
  expect(entries.reverse().map((entry) => toldEntry(entry, new Map()).summary)).toEqual([
    'root added the user ada as admin.',
    'root added the user otto as operator.',
    'root made the user otto engineer, before operator.',
    'root set the password of the user otto.',
    'root gave the user otto a token, "line-1".',
    'root revoked the token "line-1" of the user otto.',
    'root removed the user otto, engineer.',
    'root gave the user ada a token, "this test".',
  ]);
  await own.station.records.verifyAudit();
});

it('finds entries by what they are about, who did them and when, and refuses an action that there is not', async () => {
  const find = async (query: string) => (await call<AuditTrail>('GET', `/api/audit?limit=500&${query}`)).entries;
  const all = await find('');
  const numbersOf = (keep: (entry: AuditEntry) => boolean) => all.filter(keep).map(({ number }) => number);
  const numbers = async (query: string) => (await find(query)).map(({ number }) => number);
  const [newest, ...older] = all;
  const middle = older[Math.floor(older.length / 2)]!;
  expect(await numbers('about=recipe')).toEqual(numbersOf(({ about }) => about === 'recipe'));
  expect(await numbers('about=user&by=root')).toEqual(numbersOf(({ about, by }) => about === 'user' && by === 'root'));
  expect(await numbers('action=recipe.thresholds')).toEqual(numbersOf(({ action }) => action === 'recipe.thresholds'));
  expect(await numbers(`subject=${middle.subject}`)).toEqual(numbersOf(({ subject }) => subject === middle.subject));
  expect(await numbers(`from=${middle.at}&to=${newest!.at}`)).toEqual(
    numbersOf(({ at }) => at >= middle.at && at <= newest!.at),
  );
  expect(await numbers('by=Kim&about=kept')).toEqual([]);
  const refused = await call<object>('GET', '/api/audit?action=recipe.threshold');
  expect(refused).toMatchObject({
    code: 'REQUEST_INVALID',
    message: expect.stringContaining('recipe.thresholds'),
  });
});

it('gives itself away whole: a table for people, and lines from which the chain is followed elsewhere', async () => {
  const all = (await call<AuditTrail>('GET', '/api/audit?limit=500')).entries.toReversed();
  const file = async (query: string) =>
    own.app.inject({ method: 'GET', url: `/api/audit/export?${query}`, headers: signedIn });

  const lines = (await file('format=ndjson')).body.trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as AuditEntry);
  expect(entries).toEqual(all);
  let previous = '0'.repeat(64);
  for (const entry of entries) {
    const { number, at, by, action, subject, detail, hash } = entry;
    const text = JSON.stringify([number, Date.parse(at), by, action, subject, JSON.stringify(detail), previous]);
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
    previous = hash;
  }

  const { headers, body } = await file('about=recipe');
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="audit.csv"',
  });
  const rows = parse(body, { columns: true }) as Record<string, string>[];
  expect(rows.map(({ number, summary, hash }) => [Number(number), summary, hash])).toEqual(
    all.filter(({ about }) => about === 'recipe').map(({ number, summary, hash }) => [number, summary, hash]),
  );
});
