/** `/ready` says 503, soon, whenever an image sent now would not be decided and recorded. */
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../test/support/station.ts';

const folder = temporaryFolders();
let bundle: string;
let data: string;
let own: TestStation;

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
});

beforeEach(async () => {
  data = await folder();
  own = await startStation(data, { records: { folder: data, busyMillis: 300 } });
  await activeRecipe(own, bundle);
});

afterEach(() => own.close());

async function ready(): Promise<{ status: number; reason: string | null }> {
  const answer = await own.app.inject({ url: '/ready' });
  return { status: answer.statusCode, reason: answer.json().reason };
}

/** At once; a slow machine may say first that nothing was done in time. */
async function expectUnready(reason: string): Promise<void> {
  expect((await ready()).status).toBe(503);
  await expect.poll(ready).toEqual({ status: 503, reason });
}

const inspect = async () =>
  own.app.inject({
    method: 'POST',
    url: '/api/inspections',
    headers: { 'content-type': 'image/png' },
    body: await partPng(5),
  });

interface Side {
  readonly least: number;
  readonly most: number;
}

const whole = { status: 200, reason: null };

it('while another program holds the lock, and no longer', async () => {
  await expect.poll(ready).toEqual(whole);
  const other = new Database(join(data, 'records.sqlite'));
  other.exec('begin immediate');
  await expectUnready('nothing can be recorded: another program holds the lock of the records; try again');
  other.exec('rollback');
  other.close();
  await expect.poll(ready).toEqual(whole);
});

it('while the file of the records is gone, and no longer', async () => {
  const file = join(data, 'records.sqlite');
  await rename(file, `${file}.away`);
  await expectUnready('nothing can be recorded: the file of the records cannot be reached; try again');
  await rename(`${file}.away`, file);
  await expect.poll(ready).toEqual(whole);
});

it('for a while after a decision could not be recorded, whatever a trial says', async () => {
  const other = new Database(join(data, 'records.sqlite'));
  other.exec("create trigger full before insert on inspections begin select raise(abort, 'no'); end");
  await expect.poll(ready).toEqual(whole);
  expect((await inspect()).statusCode).toBe(500);
  expect((await ready()).status).toBe(503);
  other.exec('drop trigger full');
  other.close();
  expect((await inspect()).statusCode).toBe(201);
  await expect.poll(ready).toEqual(whole);
});

it('while no picture can be kept, and no longer', async () => {
  const path = join(data, 'maps');
  await writeFile(path, 'in their place');
  await expectUnready('nothing can be recorded: pictures cannot be kept in the data folder (EEXIST); try again');
  const refused = await inspect();
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
  await rm(path);
  expect((await inspect()).statusCode).toBe(201);
  await expect.poll(ready).toEqual(whole);
});

it('where pictures as its recipe learned from are larger than what is taken', async () => {
  await own.close();
  const [height, width] = [64, 96].map((side) => ({ least: side, most: side })) as [Side, Side];
  const proportion = { least: 1.5, most: 1.5 };
  const pictureSizes = { policy: 'review', told: false, images: 4, height, width, proportion } as const;
  const sized = await smallBundle(join(await folder(), 'bundle'), 0.5, undefined, { pictureSizes });
  own = await startStation(data, { maxPixels: 5000 });
  await activeRecipe(own, sized);
  expect((await inspect()).json().code).toBe('IMAGE_TOO_LARGE');
  expect((await ready()).reason).toMatch(/^pictures as the recipe learned from have 0.0 megapixels/);
});

it.skipIf(process.platform !== 'linux')('while the process that inspects does not answer', async () => {
  const { pid } = process;
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  process.kill(Number(child), 'SIGSTOP');
  await expectUnready('nothing could be inspected and recorded within 2 seconds');
  process.kill(Number(child), 'SIGCONT');
  await expect.poll(ready).toEqual(whole);
});
