/** One data folder, one station: a second one, and a start that fails, change nothing in it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { felfri, type Running, startFelfri } from './felfri.ts';

const folder = temporaryFolders();

async function serve(data: string, ...more: string[]): Promise<{ running: Running; port: string }> {
  const running = startFelfri(['serve', '--data', data, '--threads', '1', ...more]);
  return { running, port: await running.printed(/felfri station at \S+:(\d+):/) };
}

it('refuses a second station before it touches anything, and takes the folder over after a kill', async () => {
  const data = await folder();
  const { running, port } = await serve(data, '--port', '0');
  // as they are while a bundle is uploaded and a training runs
  const upload = join(data, 'uploads', 'half', 'model.onnx');
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
  const next = await serve(data, '--port', port);
  next.running.process.kill('SIGTERM');
  expect((await next.running.finished).code).toBe(0);
  expect(JSON.parse(await readFile(training, 'utf8')).state).toBe('interrupted');
});
