/** One data folder or database, one station: a second one, and a start that fails, change nothing in it. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unfinishedIn } from '../../src/station/folder/unfinished.ts';
import { describePostgres } from '../support/databases.ts';
import { temporaryFolders } from '../support/folder.ts';
import { until } from '../support/until.ts';
import { felfri, type Running, startFelfri } from './felfri.ts';

const folder = temporaryFolders();

async function serve(
  data: string,
  more: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ running: Running; port: string }> {
  const running = startFelfri(['serve', '--data', data, '--threads', '1', ...more], env);
  return { running, port: await running.printed(/felfri station at \S+:(\d+):/) };
}

it('refuses a second station before it touches anything, and takes the folder over after a kill', async () => {
  const data = await folder();
  const { running, port } = await serve(data, ['--port', '0']);
  // as they are while a bundle is uploaded and a training runs
  const upload = join(unfinishedIn(data), 'half', 'model.onnx');
  // a folder that was there before, with what a person keeps in it
  const theirs = ['uploads/a.png', 'images/a.png', 'maps/a.png', 'ready.tmp', 'clock.json'].map((name) =>
    join(data, name),
  );
  const training = join(data, 'trainings', '01a20b85-4db7-7000-a6a7-7dc64fb3b64f', 'training.json');
  const state = JSON.stringify({
    id: '01a20b85-4db7-7000-a6a7-7dc64fb3b64f',
    name: 'rings',
    dataSet: { id: 'rings', name: 'rings', version: 1, hash: '0'.repeat(64) },
    settings: { detector: 'flow' },
    state: 'running',
    notes: [],
    manifest: 'version-1.csv',
    resume: true,
  });
  for (const [path, text] of [
    [upload, 'half a model'],
    [training, state],
    ...theirs.map((path) => [path, 'theirs'] as const),
  ] as const) {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  }
  for (const [args, code] of [
    [['--port', '0'], 'FOLDER_IN_USE'],
    [['--port', port], 'ADDRESS_TAKEN'],
  ] as const) {
    const second = await felfri(['serve', '--data', data, ...args]);
    expect(second.stderr).toContain(`${code}: `);
    expect(second.code).toBe(2);
  }
  expect(await readFile(upload, 'utf8')).toBe('half a model');
  expect(await readFile(training, 'utf8')).toBe(state);
  // other commands work beside it
  expect((await felfri(['audit', 'verify', '--data', data, '--json'])).code).toBe(0);

  running.process.kill('SIGKILL');
  await running.finished;
  const next = await serve(data, ['--port', port, '--keep-days', '1', '--keep-gigabytes', '0.001']);
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).headers.get('content-type')).toMatch(/json/);
  await until(() => existsSync(join(data, 'station.clock.json')), 'the station keeps its time');
  next.running.process.kill('SIGTERM');
  expect((await next.running.finished).code).toBe(0);
  expect(JSON.parse(await readFile(training, 'utf8')).state).toBe('interrupted');
  await expect(readFile(upload)).rejects.toMatchObject({ code: 'ENOENT' });
  for (const path of theirs) expect(await readFile(path, 'utf8'), path).toBe('theirs');
});

it('writes nothing more once its lock was removed, which lets another station in', async () => {
  const data = await folder();
  const { running, port } = await serve(data, ['--port', '0']);
  const add = async (name: string): Promise<{ status: number; message?: string }> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) };
    const answer = await fetch(`http://127.0.0.1:${port}/api/datasets`, init);
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  expect(await add('before')).toMatchObject({ status: 201 });
  await rm(join(data, 'station.lock'));
  expect(await add('between')).toMatchObject({ status: 503, message: expect.stringContaining('station.lock') });
  const second = await serve(data, ['--port', '0']);
  expect(await add('beside another')).toMatchObject({ status: 503 });
  for (const each of [running, second.running]) {
    each.process.kill('SIGTERM');
    expect((await each.finished).code).toBe(0);
  }
});

describePostgres('a database of PostgreSQL', (make) => {
  it('is refused to a second data folder, and the first one gets it back after a kill', async () => {
    const database = await make();
    const env = { DATABASE_URL: (database.place as { url: string }).url };
    const [data, other] = [await folder(), await folder()];
    const first = await serve(data, ['--port', '0'], env);
    for (const args of [
      ['serve', '--port', '0'],
      ['station', 'recipes'],
    ]) {
      const second = await felfri([...args, '--data', other], env);
      expect(second.stderr).toContain('DATABASE_IN_USE: ');
      expect(second.stderr).toContain(data);
      expect(second.code).toBe(2);
    }
    expect((await felfri(['audit', 'verify', '--data', data, '--json'], env)).code).toBe(0);
    const { running } = first;
    running.process.kill('SIGKILL');
    await running.finished;
    const next = await serve(data, ['--port', '0'], env);
    next.running.process.kill('SIGTERM');
    expect((await next.running.finished).code).toBe(0);
    await database.drop();
  });
});
