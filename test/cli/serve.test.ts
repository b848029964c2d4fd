/** felfri serve in a process of its own: what it acknowledged outlives a kill, and a stop in order answers all it accepted. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Inspection, InspectionPage } from '../../src/station/contract/inspections.ts';
import type { Station } from '../../src/station/contract/station.ts';
import { temporaryFolders } from '../support/folder.ts';
import { partPng, smallBundle } from '../support/station.ts';
import { felfri, type Running, startFelfri } from './felfri.ts';

const folder = temporaryFolders();
let bundle: string;
let images: Buffer[];

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  images = await Promise.all([1, 2, 3, 4, 5].map((seed) => partPng(seed)));
});

/** Starts it on a free port; gives its address once it says so. */
async function serve(data: string, ...more: string[]): Promise<{ running: Running; address: string }> {
  const running = startFelfri(['serve', ...more, '--data', data, '--port', '0', '--threads', '1', '--store', 'all']);
  const address = await new Promise<string>((resolve, reject) => {
    let text = '';
    running.process.stdout!.on('data', (chunk: string) => {
      text += chunk;
      const found = /felfri station at (\S+):/.exec(text);
      if (found) resolve(found[1]!);
    });
    running.finished.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { running, address };
}

const post = (address: string, image: Buffer, resultId: string): Promise<Response> =>
  fetch(`${address}/api/inspections?resultId=${resultId}`, {
    method: 'POST',
    body: new Uint8Array(image),
    headers: { 'content-type': 'image/png' },
  });

const get = async <T>(address: string, path: string): Promise<T> =>
  (await (await fetch(`${address}${path}`)).json()) as T;

/** Sends images until the station is gone; gives what it acknowledged. */
async function client(address: string, name: number, acknowledged: Inspection[]): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      const answer = await post(address, images[i % images.length]!, `c${name}-${i}`);
      const inspection = (await answer.json()) as Inspection;
      if (answer.status === 201) acknowledged.push(inspection);
      else return;
    } catch {
      return;
    }
  }
}

describe('felfri serve', () => {
  it('keeps every acknowledged inspection when it is killed, and goes on where it was', async () => {
    const data = await folder();
    const { running, address } = await serve(data, bundle);
    const acknowledged: Inspection[] = [];
    const clients = [1, 2, 3].map((name) => client(address, name, acknowledged));
    while (acknowledged.length < 40) await sleep(10);
    running.process.kill('SIGKILL');
    await running.finished;
    await Promise.all(clients);

    const again = await serve(data);
    const { recipe } = await get<Station>(again.address, '/api/station');
    expect(recipe).toMatchObject({ name: 'rings', active: true });
    const recorded = new Map<string, Inspection>();
    for (let before = ''; ; ) {
      const page = await get<InspectionPage>(again.address, `/api/inspections?limit=100${before}`);
      for (const one of page.inspections) recorded.set(one.id, one);
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    for (const one of acknowledged) expect(recorded.get(one.id)).toEqual(one);
    expect(new Set([...recorded.values()].map(({ resultId }) => resultId)).size).toBe(recorded.size);
    for (const id of recorded.keys()) {
      expect((await fetch(`${again.address}/api/inspections/${id}/image`)).status).toBe(200);
      expect((await fetch(`${again.address}/api/inspections/${id}/map?longest=32`)).status).toBe(200);
    }
    // sent again, as a client does that had no answer, it is not inspected twice
    const known = acknowledged[0]!;
    const repeated = await post(again.address, images[0]!, known.resultId);
    expect([repeated.status, await repeated.json()]).toEqual([200, known]);

    again.running.process.kill('SIGTERM');
    expect((await again.running.finished).code).toBe(0);
    const verified = await felfri(['audit', 'verify', '--data', data, '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ entries: 2 });

    const out = join(data, 'activated.csv');
    const exported = ['audit', 'export', '--data', data, '--action', 'recipe.activated', '-o', out];
    expect(await felfri(exported)).toMatchObject({ code: 0, stderr: '1 entry.\n' });
    expect(await readFile(out, 'utf8')).toMatch(/^number,at,by,.*\r\n2,.*,recipe\.activated,.* the active recipe/);
    // what is there already stays as it is
    expect(await felfri(exported)).toMatchObject({ code: 2, stderr: expect.stringContaining('PATH_UNUSABLE') });
    expect((await felfri(['audit', 'export', '--data', data, '--format', 'ndjson'])).stdout.split('\n')).toHaveLength(
      3,
    );
  });

  it('answers what it accepted when it is asked to stop, and records it', async () => {
    const data = await folder();
    const { running, address } = await serve(data, bundle);
    const sent: Promise<Response>[] = [];
    // more and more: a machine may decide them while it is asked how many wait
    do for (let i = 0; i < 12; i++) sent.push(post(address, images[i % 5]!, `last-${sent.length}`));
    while ((await get<Station>(address, '/api/station')).queue.length < 6);
    running.process.kill('SIGTERM');
    const answers = await Promise.allSettled(sent);
    expect((await running.finished).code).toBe(0);
    const done = answers.flatMap((a) => (a.status === 'fulfilled' && a.value.status === 201 ? [a.value] : []));
    expect(done.length).toBeGreaterThanOrEqual(6);
    // kept open, a connection would keep the process waiting
    for (const { headers } of done.slice(-1)) expect(headers.get('connection')).toBe('close');
    const ids = await Promise.all(done.map(async (answer) => ((await answer.json()) as Inspection).id));
    const again = await serve(data, bundle);
    const { inspections } = await get<InspectionPage>(again.address, '/api/inspections?limit=500');
    expect(inspections.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    // the same bundle is the same recipe
    expect((await get<{ recipes: unknown[] }>(again.address, '/api/recipes')).recipes).toHaveLength(1);
    again.running.process.kill('SIGTERM');
    await again.running.finished;
  });

  it('says what to do when something is wrong', async () => {
    const data = await folder();
    const cases: [string[], string][] = [
      [['serve', '--host', '0.0.0.0', '--data', data], 'OPTION_INVALID'],
      [['serve', '--token', 'short', '--data', data], 'OPTION_INVALID'],
      [['serve', join(data, 'none'), '--data', data, '--port', '0'], 'BUNDLE_INVALID'],
      [['audit', 'verify', '--data', join(data, 'none')], 'RECORDS_UNAVAILABLE'],
    ];
    for (const [args, code] of cases) {
      const { code: exit, stderr } = await felfri(args);
      expect(stderr).toContain(`${code}: `);
      expect(exit).toBe(2);
    }
    const heads = join(await folder(), 'heads');
    const { running, address } = await serve(data, '--audit-heads', heads, '--token', 'seen-by-nobody-else');
    if (process.platform === 'linux')
      expect(await readFile(`/proc/${running.process.pid}/cmdline`, 'utf8')).not.toContain('seen-by');
    const taken = await felfri(['serve', '--data', await folder(), '--port', new URL(address).port]);
    expect(taken.stderr).toContain('ADDRESS_TAKEN: ');
    running.process.kill('SIGTERM');
    expect((await running.finished).stdout).toContain('It has no recipe yet. Give it a bundle');
    const verify = ['audit', 'verify', '--data', data, '--heads', heads];
    expect((await felfri(verify)).stdout).toContain('The chain holds: 0 entries;');
    await appendFile(
      heads,
      `${JSON.stringify({ felfri: 'audit head', at: 'noon', entries: 3, head: 'a'.repeat(64) })}\n`,
    );
    const cut = await felfri(verify);
    expect([cut.code, cut.stderr]).toEqual([2, expect.stringMatching(/AUDIT_BROKEN: .*3 were noted at noon/)]);
  });
});
