/** Drift and reference parts over HTTP: told, acknowledged, learned anew and kept over a restart, and no decision is another for it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { until } from '../../../test/support/until.ts';
import { Random } from '../../core/random.ts';
import { pictureStatistics } from '../../data/image/picture-statistics.ts';
import { channelNames, type Values } from '../../judge/drift/channels.ts';
import { LEARNED_PARTS } from '../../judge/drift/learned.ts';
import { DriftMonitor } from '../../judge/drift/monitor.ts';

const folder = temporaryFolders();
let own: TestStation;
let data: string;
let bundle: string;
let recipe: string;
let png: Buffer;
let dark: Buffer;

const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });
const drift = async () => (await send('GET', '/api/drift')).json();
const alarms = async () =>
  (await send('GET', '/api/station')).json().alarms.map((one: { kind: string; id: string }) => `${one.kind} ${one.id}`);

/** What a station would have learned of many pictures like this one. */
async function learnedOf(image: Buffer, score: number): Promise<DriftMonitor> {
  const { data: pixels, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const statistics = pictureStatistics({ width, height, channels: info.channels as 3, data: new Uint8Array(pixels) });
  const values = { ...statistics, score };
  const random = Random.of(5, 'learned');
  const monitor = new DriftMonitor();
  for (let i = 0; i < LEARNED_PARTS; i++) {
    const near = channelNames.map((name) => [name, values[name] * (1 + 0.002 * random.normal())]);
    monitor.observe(Object.fromEntries(near) as Values, '2026-03-01T09:00:00.000Z');
  }
  return monitor;
}

beforeAll(async () => {
  data = await folder();
  own = await startStation(data);
  bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  recipe = await activeRecipe(own, bundle);
  png = await partPng(7);
  dark = await sharp(png).linear(0.8).png().toBuffer();
  const { inspection } = await inspectImage(own.station, png);
  await own.close();
  const [file] = [...own.station.drift.all].map(({ id }) => join(data, 'drift', `monitor-${id}.json`));
  const stored = JSON.parse(await readFile(file!, 'utf8'));
  await writeFile(file!, JSON.stringify({ ...stored, state: (await learnedOf(png, inspection.score)).state }));
  await mkdir(join(data, 'drift'), { recursive: true });
  await writeFile(join(data, 'drift', 'references.json'), '{ "schema": 1, "refer');
  own = await startStation(data);
});
afterAll(() => own.close());

it('costs a damaged file what it held, and an alarm', async () => {
  expect(await alarms()).toEqual(['reference file references.json']);
  expect(await readFile(join(data, 'drift', 'references.json.damaged'), 'utf8')).toContain('refer');
});

it('tells that pictures became darker and what to do, changes no decision, is acknowledged, and goes on after a restart', async () => {
  const heard: string[] = [];
  const end = own.station.events.listen((event) => {
    if (event.type === 'alarm') heard.push(`${event.change} ${event.alarm.id}`);
  });
  for (let i = 0; i < 5; i++) await inspectImage(own.station, png);
  expect((await drift()).monitors).toMatchObject([{ source: 'HTTP', recipe, learned: LEARNED_PARTS, parts: 5 }]);
  for (let i = 0; i < 40; i++) expect((await inspectImage(own.station, dark)).inspection.decision).toBe('OK');
  end();
  expect(heard).toContain(`raised rings (${recipe}) at HTTP: brightness`);
  const { monitors } = await drift();
  const [{ id, channels }] = monitors;
  const brightness = channels.find(({ name }: { name: string }) => name === 'brightness');
  expect(brightness.drift.message).toMatch(/^pictures are darker than learned, by 20(\.\d)? %: check the lamp/);
  expect(brightness.ofLimit).toBeLessThan(-1);
  expect((await send('GET', '/metrics')).payload).toMatch(/felfri_drift_of_limit\{.*channel="brightness"\} -1/);
  await own.close();
  own = await startStation(data);
  expect(await alarms()).toContain(`drift rings (${recipe}) at HTTP: brightness`);
  const known = await send('POST', `/api/drift/${id}`, { what: 'acknowledge', by: 'Kim', note: 'lamp ordered' });
  expect(known.statusCode).toBe(200);
  expect(await alarms()).not.toContain(`drift rings (${recipe}) at HTTP: brightness`);
  await inspectImage(own.station, dark);
  expect(await alarms()).not.toContain(`drift rings (${recipe}) at HTTP: brightness`);
  expect((await send('POST', `/api/drift/${id}`, { what: 'learn' })).json()).toMatchObject({ learned: 0, parts: 0 });
  const { entries } = (await send('GET', '/api/audit?about=drift')).json();
  expect(entries.map(({ summary }: { summary: string }) => summary)).toEqual([
    expect.stringMatching(/^Somebody had the parts of "rings" at HTTP learned anew/),
    expect.stringMatching(/^Kim acknowledged what drifts of "rings" at HTTP: .*darker.*noting "lamp ordered"/),
  ]);
  expect((await send('POST', '/api/drift/none', { what: 'learn' })).statusCode).toBe(404);
});

it('compares reference parts with what they should be, and tells what is overdue', async () => {
  const stated = { name: 'good ring', recipe, part: 'REF-OK*', expected: 'OK', everyHours: 8, by: 'Kim' };
  const made = await send('POST', '/api/references', stated);
  expect([made.statusCode, made.json().limits]).toEqual([201, null]);
  expect((await send('POST', '/api/references', stated)).statusCode).toBe(409);
  const bad = { ...stated, name: 'scratched ring', part: undefined, expected: 'NG' };
  expect((await send('POST', '/api/references', bad)).statusCode).toBe(201);
  const { counts } = (await send('GET', '/api/station')).json();
  const [{ parts, learned }] = (await drift()).monitors;
  for (let i = 0; i < 8; i++)
    expect((await inspectImage(own.station, png, { part: `REF-OK-${i}` })).inspection.reference).toBe('good ring');
  const shown = async (name: string) => (await drift()).references.find((one: { name: string }) => one.name === name);
  await until(async () => (await shown('good ring')).presentations.length === 8, 'eight presentations');
  const { limits, presentations } = await shown('good ring');
  expect(limits.low).toBeLessThan(presentations[0].score);
  expect(limits.high).toBeGreaterThan(presentations[0].score);
  // kept out of what is counted and learned
  expect((await send('GET', '/api/station')).json().counts).toEqual(counts);
  expect((await drift()).monitors[0]).toMatchObject({ parts, learned });
  const missed = await inspectImage(own.station, png, { reference: 'scratched ring' });
  expect(missed.inspection).toMatchObject({ decision: 'OK', reference: 'scratched ring' });
  await until(
    async () => (await alarms()).includes(`reference rings (${recipe}): scratched ring`),
    'a wrong verdict told',
  );
  own.station.references.look(Date.now() + 9 * 3_600_000);
  expect(await alarms()).toContain(`reference rings (${recipe}), overdue: good ring`);
  own.station.references.look();
  expect(await alarms()).not.toContain(`reference rings (${recipe}), overdue: good ring`);
  await expect(inspectImage(own.station, png, { reference: 'another' })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  });
  expect((await send('DELETE', `/api/references/${(await shown('scratched ring')).id}?by=Kim`)).statusCode).toBe(204);
  expect(await alarms()).not.toContain(`reference rings (${recipe}): scratched ring`);
});

it('tells when parts of the line are taken for a reference part, and of each of two recipes of one name what is its own', async () => {
  const often = `reference rings (${recipe}), too often: good ring`;
  const present = (fields: { recipe: string; part: string }) => inspectImage(own.station, png, fields);
  for (let i = 8; i < 19; i++) await present({ recipe, part: `REF-OK-${i}` });
  expect(await alarms()).not.toContain(often);
  await present({ recipe, part: 'REF-OK-19' });
  await until(async () => (await alarms()).includes(often), 'told');
  own.station.references.look(Date.now() + 9 * 3_600_000);
  expect(await alarms()).not.toContain(often);

  const other = await activeRecipe(own, bundle);
  const stated = { name: 'good ring', recipe: other, part: 'REF-OK*', expected: 'NG', everyHours: 8, by: 'Kim' };
  expect((await send('POST', '/api/references', stated)).statusCode).toBe(201);
  const wrong = `reference rings (${other}): good ring`;
  await present({ recipe: other, part: 'REF-OK-1' });
  await until(async () => (await alarms()).includes(wrong), 'a wrong verdict told');
  const { presentations } = (await drift()).references[0];
  await present({ recipe, part: 'REF-OK-1' });
  await until(
    async () => (await drift()).references[0].presentations.length > presentations.length,
    'the other one presented',
  );
  expect(await alarms()).toContain(wrong);
});
