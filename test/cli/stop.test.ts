/** SIGTERM ends a station within 20 seconds, whatever hangs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Station } from '../../src/station/contract/station.ts';
import { temporaryFolders } from '../support/folder.ts';
import { partPng, smallBundle } from '../support/station.ts';
import { until } from '../support/until.ts';
import { startFelfri } from './felfri.ts';

const folder = temporaryFolders();

it.skipIf(process.platform !== 'linux')(
  'also where a computation never ends, and leaves no process behind',
  async () => {
    const bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
    const running = startFelfri(['serve', bundle, '--data', await folder(), '--port', '0', '--threads', '1']);
    const address = await running.printed(/felfri station at (\S+):/);
    const pid = running.process.pid!;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    for (const child of children) process.kill(child, 'SIGSTOP');
    const image = new Uint8Array(await partPng(1));
    const answer = fetch(`${address}/api/inspections`, {
      method: 'POST',
      body: image,
      headers: { 'content-type': 'image/png' },
    });
    const station = async () => (await (await fetch(`${address}/api/station`)).json()) as Station;
    await until(async () => (await station()).queue.length > 0, 'it waits to be inspected');
    const begin = performance.now();
    running.process.kill('SIGTERM');
    expect((await answer).status).toBeGreaterThanOrEqual(500);
    expect((await running.finished).code).toBe(0);
    // its waits are 15 s; the rest is what a busy machine takes for everything
    expect(performance.now() - begin).toBeLessThan(40_000);
    for (const child of children) expect(() => process.kill(child, 0)).toThrow('ESRCH');
  },
);
