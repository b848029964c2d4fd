/** Studies of people: what an appraiser is shown and may do, what is kept, what comes out of it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import { readAppraisals } from '../../data/appraisals/read.ts';
import { attributeAgreement } from '../../judge/msa/agreement.ts';

import type { AuditTrail } from '../contract/audit.ts';
import type { StudyDetail, StudyTask } from '../contract/studies.ts';
import { orderOf } from '../studies/order.ts';

const folder = temporaryFolders();
const PARTS = 4;
const TRIALS = 2;
/** What the parts are; the second is a limit sample. */
const references = ['good', 'dent', 'good', 'good'];
let data: string;
let own: TestStation;
let dataSet: string;
let detail: StudyDetail;
const tokens = new Map<string, string>();

const call = (user: string, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  own.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${tokens.get(user)}` },
    ...(payload && { payload }),
  });
const at = ({ trial, position }: StudyTask) => ({ trial, position });
const picture = (user: string, { trial, position }: Pick<StudyTask, 'trial' | 'position'>) =>
  call(user, 'GET', `/api/studies/${detail.study.id}/picture?trial=${trial}&position=${position}`);
const task = async (user: string): Promise<StudyTask> =>
  (await call(user, 'GET', `/api/studies/${detail.study.id}/task`)).json();
const answer = (user: string, place: object, said: string) =>
  call(user, 'POST', `/api/studies/${detail.study.id}/answers`, { ...place, answer: said });

/** The part that comes to a user now, as only the station and who evaluates can know. */
function partOf(user: string, { trial, position }: StudyTask) {
  return detail.parts[orderOf(detail.seed, user, trial, PARTS)[position - 1]!]!;
}

beforeAll(async () => {
  data = await folder();
  own = await startStation(data);
  for (const [name, role] of [['ada', 'admin'], ['emma', 'engineer'], ['lena', 'operator'], ['otto', 'operator']] as const)
    tokens.set(name, await addUser(own, name, role)); // biome-ignore format: one line
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 1e9));
  const change = { by: 'emma', at: new Date() };
  const { dataSets } = own.station;
  dataSet = (await dataSets.create('Rings', change)).id;
  for (let trial = 0; trial < TRIALS; trial++)
    for (let part = 0; part < PARTS; part++) {
      const { inspection } = await inspectImage(own.station, await partPng(10 * trial + part), { part: `R-${part}` });
      await call('emma', 'POST', `/api/datasets/${dataSet}/inspections`, { inspections: [inspection.id] });
    }
  for (const { hash, partGroup } of dataSets.detail(dataSet).images) {
    const className = references[Number(partGroup.slice(2))]!;
    await dataSets.label(
      dataSet,
      hash,
      className === 'good' ? { label: 'good' } : { label: 'defective', className },
      change,
    );
  }
}, 60_000);
afterAll(() => own.close());

test('a study is made of a data set by an engineer, and refused where it could not be evaluated', async () => {
  const asked = { name: 'Autumn', dataSet, trials: TRIALS, limitSamples: ['R-1'] };
  expect((await call('otto', 'POST', '/api/studies', asked)).statusCode).toBe(403);
  for (const wrong of [{ limitSamples: ['R-9'] }, { trials: 0 }, { dataSet: 'none' }])
    expect([400, 404]).toContain((await call('emma', 'POST', '/api/studies', { ...asked, ...wrong })).statusCode);
  const made = await call('emma', 'POST', '/api/studies', asked);
  expect(made.statusCode, made.body).toBe(201);
  detail = made.json();
  expect(detail).toMatchObject({
    study: { name: 'Autumn', createdBy: 'emma', parts: PARTS, trials: TRIALS, closedAt: null },
    felfri: { appraiser: expect.stringMatching(/^felfri [0-9a-f]{8}$/), why: null },
    agreement: null,
  });
  expect(detail.parts.map(({ part, reference, limit }) => [part, reference, limit])).toEqual(
    references.map((reference, i) => [`R-${i}`, reference, i === 1]),
  );
  // pictures that people look at stay
  const gone = await call('emma', 'DELETE', `/api/datasets/${dataSet}`);
  expect(gone.json()).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('an open study') });
  expect((await call('emma', 'GET', `/api/studies/${detail.study.id}/report`)).json().code).toBe('CONFLICT');
});

test('an appraiser sees a picture and nothing else, only the one that is asked for', async () => {
  const { id } = detail.study;
  const first = await task('otto');
  expect(first).toEqual({
    study: { id, name: 'Autumn' },
    state: 'asking',
    trial: 1,
    trials: TRIALS,
    position: 1,
    parts: PARTS,
    until: null,
  });
  const shown = await picture('otto', first);
  expect([shown.statusCode, shown.headers['content-type'], shown.headers['cache-control']]).toEqual([
    200,
    'image/webp',
    'no-store',
  ]);
  // the pixels are those of the record, and neither bytes nor headers lead to it
  const part = partOf('otto', first);
  const stored = await own.station.dataSets.require(dataSet).imageBytes(part.pictures[0]!);
  const pixels = (bytes: Buffer) => sharp(bytes).removeAlpha().raw().toBuffer();
  expect(await pixels(shown.rawPayload)).toEqual(await pixels(stored));
  expect(shown.rawPayload.equals(stored)).toBe(false);
  const told = JSON.stringify([first, shown.headers, (await call('otto', 'GET', '/api/studies')).json()]);
  for (const secret of [
    ...detail.parts.flatMap(({ part: name, pictures }) => [name, ...pictures]),
    'dent',
    String(detail.seed),
    dataSet,
  ])
    expect(told).not.toContain(secret);
  // what tells of references and others is the engineer's
  for (const path of [`studies/${id}`, `studies/${id}/table`, `studies/${id}/report`, 'audit', `datasets/${dataSet}`])
    expect([path, (await call('otto', 'GET', `/api/${path}`)).statusCode]).toEqual([path, 403]);
  for (const other of [
    { trial: 1, position: 2 },
    { trial: 2, position: 1 },
  ]) {
    expect((await picture('otto', other)).statusCode).toBe(409);
    expect((await answer('otto', other, 'good')).statusCode).toBe(409);
  }
  expect((await call('emma', 'GET', `/api/studies/${id}/task`)).json()).toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringContaining('who made the study'),
  });
});

test('an answer stays, the same again changes nothing, and a station that was stopped goes on where it was', async () => {
  const first = at(await task('otto'));
  await picture('otto', first);
  const next = await answer('otto', first, 'good');
  expect(next.json()).toMatchObject({ state: 'asking', trial: 1, position: 2 });
  expect((await answer('otto', first, 'good')).json()).toEqual(next.json());
  const other = await answer('otto', first, 'defective');
  expect([other.statusCode, other.json().code]).toEqual([409, 'CONFLICT']);
  await own.close();
  own = await startStation(data);
  expect(await task('otto')).toEqual(next.json());
  const { entries } = (await call('emma', 'GET', '/api/audit?about=study')).json<AuditTrail>();
  expect(entries.map(({ action, by }) => [action, by])).toEqual([['study.answer', 'otto'], ['study.created', 'emma']]); // biome-ignore format: one line
  expect(entries[0]!.summary).toMatch(/^otto said "good" of part "R-\d" in the study "Autumn", trial 1, place 1\.$/);
  const [file] = (await readdir(join(data, 'studies', detail.study.id))).filter((name) => name.startsWith('answers'));
  const { answers } = JSON.parse(await readFile(join(data, 'studies', detail.study.id, file!), 'utf8'));
  expect(answers).toMatchObject([{ trial: 1, position: 1, answer: 'good', seconds: expect.any(Number) }]);
});

test('what people and felfri said is evaluated, as felfri msa evaluates the table that is given away', async () => {
  for (const user of ['otto', 'lena'])
    for (let now = await task(user); now.state === 'asking'; now = await task(user)) {
      expect((await picture(user, now)).statusCode).toBe(200);
      // lena misses the limit sample in her second trial
      const { reference, limit } = partOf(user, now);
      const wrong = user === 'lena' && limit === true && now.trial === 2;
      expect((await answer(user, at(now), (reference === 'good') !== wrong ? 'good' : 'defective')).statusCode).toBe(
        200,
      );
    }
  const found = (await call('emma', 'GET', `/api/studies/${detail.study.id}`)).json<StudyDetail>();
  expect(found.appraisers).toMatchObject([
    { name: 'lena', answered: 8, of: 8, finishedAt: expect.any(String) },
    { name: 'otto', answered: 8, of: 8 },
  ]);
  const agreement = found.agreement as ReturnType<typeof attributeAgreement>;
  // felfri's threshold lets everything pass
  const felfri = found.felfri.appraiser!;
  expect(agreement.appraisers.map(({ name, against }) => [name, against!.missed, against!.keptOut])).toEqual([
    ['lena', ['R-1'], []],
    ['otto', agreement.appraisers[1]!.against!.missed, agreement.appraisers[1]!.against!.keptOut],
    [felfri, ['R-1'], []],
  ]);
  const table = await call('emma', 'GET', `/api/studies/${detail.study.id}/table`);
  const csv = join(await folder(), 'people.csv');
  await writeFile(csv, table.rawPayload);
  const read = attributeAgreement(await readAppraisals([csv]));
  expect({ ...read, notes: [] }).toEqual({ ...JSON.parse(JSON.stringify(attributeLike(agreement))), notes: [] });
  const html = await call('emma', 'GET', `/api/studies/${detail.study.id}/report`);
  expect(html.headers['content-security-policy']).toContain('sandbox');
  for (const name of ['lena', 'otto', felfri, 'Autumn', 'Seed of the orders']) expect(html.body).toContain(name);
  const pdf = await call('emma', 'GET', `/api/studies/${detail.study.id}/report?format=pdf`);
  expect([pdf.statusCode, pdf.headers['content-type'], pdf.rawPayload.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']); // biome-ignore format: one line
});

/** The study without what the answer adds to it. */
function attributeLike(agreement: object): object {
  const { proofs: _, cautions: __, ...study } = agreement as Record<string, unknown>;
  return study;
}

test('a trial waits for its pause, and a closed study takes no answer', async () => {
  const asked = { name: 'Slow', dataSet, trials: TRIALS, pauseMinutes: 600 };
  detail = (await call('emma', 'POST', '/api/studies', asked)).json();
  for (let i = 0; i < PARTS; i++) await answer('otto', at(await task('otto')), 'good');
  const waiting = await task('otto');
  expect(waiting).toMatchObject({ state: 'pause', trial: 2, position: 1, until: expect.any(String) });
  expect((await answer('otto', at(waiting), 'good')).statusCode).toBe(409);
  expect((await picture('otto', waiting)).statusCode).toBe(409);
  const first = await task('lena');
  const closed = (await call('emma', 'POST', `/api/studies/${detail.study.id}/close`, {})).json<StudyDetail>();
  expect(closed.study.closedAt).not.toBeNull();
  expect((await task('lena')).state).toBe('closed');
  expect((await answer('lena', at(first), 'good')).statusCode).toBe(409);
});
