import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { Alarms } from '../alarms.ts';
import { TrainingQueue } from './training-queue.ts';
import { type Stored, TrainingStore } from './training-store.ts';

const folder = temporaryFolders();
let work: string;
let store: TrainingStore;

/** In place of `felfri train`: tells of itself, goes on until it is stopped where the seed says so, and fails where it is 3. */
const script = `
const seed = process.argv.find((one) => one.startsWith('--seed='));
process.send({ kind: 'phase', name: 'Training' });
process.send({ kind: 'warning', message: process.argv[3] });
const end = (code, message) => {
  process.stdout.write(JSON.stringify({ error: { code, message } }));
  process.exitCode = 2;
  process.disconnect();
};
if (seed === '--seed=3') end('DATASET_LAYOUT', 'nothing at ' + process.argv[process.argv.indexOf('--output') + 1]);
else {
  const stay = setInterval(() => {}, 1000);
  process.on('SIGTERM', () => { clearInterval(stay); end('INTERRUPTED', 'stopped'); });
  process.send({ kind: 'phase', name: 'Ready' });
}
`;

const stored = (id: string, seed: number): Stored => ({
  id,
  name: id,
  dataSet: { id: 'rings', name: 'rings', version: 1, hash: '0'.repeat(64) },
  settings: { detector: 'flow', seed },
  state: 'queued',
  error: null,
  notes: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
  result: null,
  recipe: null,
  manifest: join(work, 'data', 'version-1.csv'),
  resume: false,
});

beforeEach(async () => {
  work = await folder();
  await writeFile(join(work, 'train.mjs'), script);
  await mkdir(join(work, 'trainings'));
  store = await TrainingStore.open(join(work, 'trainings'), new Alarms(work));
});

const queueOf = (): TrainingQueue =>
  new TrainingQueue(store, { command: [process.execPath, join(work, 'train.mjs')], threads: 1 });

it('runs one after another, stops the one that runs, says why one failed without a path, and keeps all that on disk', async () => {
  for (const [id, seed] of [['a', 1], ['b', 3]] as const) await store.add(stored(id, seed)); // biome-ignore format: one line
  const queue = queueOf();
  queue.next();
  queue.next();
  expect(queue.progressOf('a')).toMatchObject({ phase: 'Starting' });
  expect([queue.progressOf('b'), queue.stop('b'), store.require('b').state]).toEqual([null, false, 'queued']);
  await expect.poll(() => queue.progressOf('a')?.phase).toBe('Ready');
  await expect.poll(() => store.require('a')).toMatchObject({ state: 'running', resume: true, notes: ['flow'] });
  expect(queue.stop('a')).toBe(true);
  await expect.poll(() => store.require('b').state).toBe('failed');
  await queue.close();

  const again = await TrainingStore.open(join(work, 'trainings'), new Alarms(work));
  expect(again.require('a')).toMatchObject({ state: 'stopped', error: null, endedAt: expect.any(String) });
  expect(again.require('b').error).toMatchObject({
    code: 'DATASET_LAYOUT',
    message: `nothing at ${join('the training', 'bundle')}`,
  });
});

it('loses nothing of a training that is told while another change of it is being written', async () => {
  await store.add(stored('a', 1));
  const begun = store.change('a', { state: 'running' });
  store.remember('a', { notes: ['flow'] });
  await Promise.all([begun, store.change('a', { recipe: 'rings' })]);
  const again = await TrainingStore.open(join(work, 'trainings'), new Alarms(work));
  expect(again.require('a')).toMatchObject({ state: 'interrupted', notes: ['flow'], recipe: 'rings' });
});

it('what runs when the station closes is interrupted, and what waits stays in the queue', async () => {
  for (const id of ['a', 'b']) await store.add(stored(id, 1));
  const queue = queueOf();
  queue.next();
  await expect.poll(() => queue.progressOf('a')?.phase).toBe('Ready');
  await queue.close();
  expect(store.all.map(({ state }) => state)).toEqual(['interrupted', 'queued']);
});
