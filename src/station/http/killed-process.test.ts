/** The process that inspects is killed while it has an image: who sent it is asked to send it again, and then gets a decision. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { until } from '../../../test/support/until.ts';
import type { NotInspected } from '../contract/not-inspected.ts';

const folder = temporaryFolders();
let own: TestStation;
afterEach(() => own.close());

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

it.skipIf(process.platform !== 'linux')(
  'is answered by 503 and when to send again, and then by a decision',
  async () => {
    own = await startStation(await folder());
    await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
    const payload = await partPng(5);
    const send = () =>
      own.app.inject({
        method: 'POST',
        url: '/api/inspections?resultId=r-1',
        payload,
        headers: { 'content-type': 'image/png' },
      });
    // frozen, so that it surely has the image when it is killed
    const children = childrenOf(process.pid);
    for (const child of children) process.kill(child, 'SIGSTOP');
    const sent = send();
    await until(() => own.station.queue.length > 0, 'it came');
    await sleep(500);
    for (const child of children) process.kill(child, 'SIGKILL');
    const refused = await sent;
    expect([refused.statusCode, refused.headers['retry-after'], refused.json().code]).toEqual([
      503,
      '1',
      'PROCESS_ENDED',
    ]);
    const again = await send();
    expect(again.statusCode).toBe(201);
    const { inspections } = (await own.app.inject({ url: '/api/inspections?decision=NOT_INSPECTED' })).json();
    const [missed] = inspections as NotInspected[];
    expect(missed).toMatchObject({ cause: 'failed', resultId: 'r-1', decidedAs: again.json().id });
  },
);
