import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { compiledFile } from '../../../test/support/compiled.ts';

const engine = JSON.stringify(compiledFile('engine/index'));

/** What loading the engine in a worker with that environment says. */
const loadedIn = (env: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    const code = `import(${engine}).then(() => 'loaded', (error) => error.code).then((said) => require('node:worker_threads').parentPort.postMessage(said))`;
    const worker = new Worker(code, { eval: true, env });
    worker.once('message', (said: string) => resolve(said));
    worker.once('error', reject);
  });

it('is refused in a worker thread that nobody switched the usage data off for, as the worker cannot', async () => {
  expect(await loadedIn({})).toBe('TELEMETRY_ON');
  expect(await loadedIn({ ORT_DISABLE_TELEMETRY: '1' })).toBe('loaded');
});

it('is switched off in the main thread by loading the engine', async () => {
  await import('../index.ts');
  expect(process.env['ORT_DISABLE_TELEMETRY']).toBe('1');
});
