/** What the nodes for Node-RED ask a station by, at a real one and at one that misbehaves; `npm run try:node-red` runs them in Node-RED itself. */
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation } from '../support/station.ts';

interface Asked {
  readonly address: string;
}
type Told = Readonly<Record<string, unknown>>;

const { activate, inspect, listen } = createRequire(import.meta.url)(
  '../../integrations/node-red-contrib-felfri/station.js',
) as {
  inspect(station: Asked, image: Uint8Array, fields?: Told, windowMillis?: number): Promise<Told>;
  activate(station: Asked, wanted: string): Promise<Told>;
  listen(station: Asked, tell: (event: Told) => void, signal: AbortSignal): Promise<void>;
};

const newFolder = temporaryFolders();
const closings: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closings) await close();
});

async function served(answer: RequestListener): Promise<Asked> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('the nodes for Node-RED', () => {
  it('hear a decision, once on record, an event, and choose a recipe by its name', async () => {
    const folder = await newFolder();
    const own = await startStation(join(folder, 'data'));
    closings.push(() => own.close());
    const bundle = await smallBundle(join(folder, 'bundle'), 1e6);
    await activeRecipe(own, bundle, 'a');
    await activeRecipe(own, bundle, 'b');
    await activeRecipe(own, bundle, 'twice');
    await activeRecipe(own, bundle, 'twice');
    const station = { address: `${await own.app.listen({ host: '127.0.0.1', port: 0 })}/` };

    const stop = new AbortController();
    const told: Told[] = [];
    const heard = new Promise<void>((resolve) => {
      void listen(
        station,
        (event) => {
          told.push(event);
          if (event['change'] === 'activated') resolve();
        },
        stop.signal,
      );
    });
    // the recipe of the last activation is active already, so nothing is told of it
    await expect(activate(station, 'twice')).rejects.toThrow('2 recipes are called "twice"');
    const image = await partPng(1);
    const first = await inspect(station, image, { part: 'P1', resultId: 'R1' });
    expect(first).toMatchObject({ decision: 'OK', part: 'P1', resultId: 'R1' });
    expect(await inspect(station, image, { part: 'P1', resultId: 'R1' })).toMatchObject({ id: first['id'] });
    await expect(inspect(station, Buffer.from('none'))).rejects.toMatchObject({ code: 'IMAGE_FORMAT', status: 415 });
    await expect(inspect(station, image, { part: 'P2', resultId: 'R1' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await activate(station, 'a')).toMatchObject({ name: 'a', active: true });
    await heard;
    stop.abort();
    expect(told.map(({ type }) => type)).toContain('recipe');
  });

  it('take for a decision nothing but one on the image that was sent', async () => {
    for (const body of [
      { decision: 'OK', resultId: 'another' },
      { decision: 'PASS', resultId: 'R1' },
      { resultId: 'R1' },
      {},
    ]) {
      const station = await served((_, response) => response.end(JSON.stringify(body)));
      await expect(inspect(station, Buffer.from('x'), { resultId: 'R1' }, 400)).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
      });
    }
    const torn = await served((_, response) => response.end('{"decision":"OK","resul'));
    await expect(inspect(torn, Buffer.from('x'), {}, 400)).rejects.toMatchObject({ code: 'STATION_UNREACHABLE' });
  });

  it('send again with the same resultId while the station is busy, and give up when the window is over', async () => {
    const ids: (string | null)[] = [];
    const station = await served((request, response) => {
      ids.push(new URL(request.url!, 'http://x').searchParams.get('resultId'));
      const busy = ids.length < 3;
      response.writeHead(busy ? 503 : 201);
      response.end(JSON.stringify(busy ? { code: 'BUSY', message: 'busy' } : { decision: 'NG', resultId: ids[0] }));
    });
    expect(await inspect(station, Buffer.from('x'), {}, 30_000)).toMatchObject({ decision: 'NG' });
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
    const silent = await served(() => undefined);
    await expect(inspect(silent, Buffer.from('x'), {}, 300)).rejects.toMatchObject({
      code: 'STATION_UNREACHABLE',
      message: expect.stringContaining('no answer in time'),
    });
  });

  it('take a station that is silent for five seconds for gone', async () => {
    const station = await served((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"type":"heartbeat"}\n\n');
    });
    const told: Told[] = [];
    const listening = listen(station, (event) => told.push(event), new AbortController().signal);
    await expect(listening).rejects.toThrow('the station was silent for 5 seconds');
    expect(told).toEqual([{ type: 'heartbeat' }]);
  });
});
