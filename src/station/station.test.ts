/** The station under load: nothing that was accepted is lost, and what is too much is turned away. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallUnet } from '../../test/detectors.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../test/support/station.ts';
import { sha256File } from '../core/files.ts';
import type { Inspection } from './contract/inspections.ts';

const folder = temporaryFolders();
let bundles: [string, string];
let png: Buffer;

beforeAll(async () => {
  const network = smallUnet();
  const other = new Map(
    [...network.weights].map(([k, t]) => [k, { shape: t.shape, data: t.data.map((v) => v * 1.3) }]),
  );
  const root = await folder();
  bundles = [
    await smallBundle(join(root, 'a'), 0.5),
    await smallBundle(join(root, 'b'), 0.5, { ...network, weights: other }),
  ];
  png = await partPng(7);
});

const inspect = ({ app }: TestStation, query = '') =>
  app.inject({
    method: 'POST',
    url: `/api/inspections${query}`,
    payload: png,
    headers: { 'content-type': 'image/png' },
  });

/** Lets images wait in the queue, however slowly requests come, until what this gives is called. */
function holdQueue({ station: { queue } }: TestStation): () => void {
  const inspect = queue.inspect.bind(queue);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  queue.inspect = async (...asked) => {
    await released;
    return inspect(...asked);
  };
  return release;
}

describe('a station under load', () => {
  it('swaps recipes without dropping or mixing up a request', async () => {
    const own = await startStation(await folder(), {
      queue: { limit: 16, workers: 2, threads: 1 },
      store: 'none',
    });
    const recipes = [await activeRecipe(own, bundles[0], 'a'), await activeRecipe(own, bundles[1], 'b')] as const;
    const scoreOf = async (recipe: string) => (await inspect(own, `?recipe=${recipe}`)).json<Inspection>().score;
    const expected = new Map([
      [recipes[0], await scoreOf(recipes[0])],
      [recipes[1], await scoreOf(recipes[1])],
    ]);
    expect(new Set(expected.values()).size).toBe(2);

    let running = true;
    const seen: Inspection[] = [];
    const client = async (name: number): Promise<void> => {
      for (let i = 0; running; i++) {
        const answer = await inspect(own, `?resultId=c${name}-${i}`);
        expect(answer.statusCode, answer.body).toBe(201);
        seen.push(answer.json());
      }
    };
    const clients = Array.from({ length: 6 }, (_, name) => client(name));
    for (const recipe of [recipes[0], recipes[1], recipes[0]]) {
      const before = seen.length;
      while (seen.length < before + 12) await sleep(5);
      const answer = await own.app.inject({ method: 'POST', url: `/api/recipes/${recipe}/activate` });
      expect(answer.statusCode).toBe(200);
    }
    running = false;
    await Promise.all(clients);

    for (const { recipe, score } of seen) expect(score).toBe(expected.get(recipe));
    expect(new Set(seen.map(({ recipe }) => recipe)).size).toBe(2);
    const { inspections } = await own.station.records.inspections({ limit: 500 });
    const recorded = inspections.filter(({ resultId }) => resultId.startsWith('c'));
    expect(recorded.map(({ resultId }) => resultId).sort()).toEqual(seen.map(({ resultId }) => resultId).sort());
    await own.close();
  });

  it('turns away what does not fit into the queue, at once, and recovers', async () => {
    const own = await startStation(await folder(), { queue: { limit: 3, workers: 1, threads: 1 }, store: 'none' });
    await activeRecipe(own, bundles[0]);
    const release = holdQueue(own);
    const asked = Array.from({ length: 20 }, () => inspect(own));
    while (own.station.notInspected.counts.shed < 17) await sleep(1);
    release();
    const answers = await Promise.all(asked);
    const shed = answers.filter(({ statusCode }) => statusCode === 503);
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(3);
    expect(shed).toHaveLength(17);
    for (const { headers, body } of shed) {
      expect(headers['retry-after']).toBe('1');
      expect(JSON.parse(body).code).toBe('TOO_BUSY');
    }
    const { counts, queue } = (await own.app.inject({ url: '/api/station' })).json();
    expect([counts.shed, queue]).toEqual([17, { length: 0, limit: 3 }]);
    expect((await inspect(own)).statusCode).toBe(201);
    await own.close();
  });

  it('gives a place back when a client goes away in the middle of its image', async () => {
    const own = await startStation(await folder(), { queue: { limit: 2, workers: 1, threads: 1 } });
    await activeRecipe(own, bundles[0]);
    await own.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = own.app.server.address() as { port: number };
    const started = 'POST /api/inspections HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n';
    const bodies = [
      `${started}Content-Type: image/png\r\n\r\n${'x'.repeat(100)}`,
      `${started}Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n\r\nxxx`,
    ];
    for (const text of bodies) {
      const socket = connect(port, '127.0.0.1');
      socket.write(text);
      while (own.station.queue.length === 0) await sleep(5);
      socket.destroy();
      while (own.station.queue.length > 0) await sleep(5);
    }
    expect((await inspect(own)).statusCode).toBe(201);
    await own.close();
  });

  it('answers other requests while its queue is full, and all that it accepted before it stops, and takes no more', async () => {
    const data = await folder();
    const own = await startStation(data, { queue: { limit: 10, workers: 1, threads: 1 }, store: 'none' });
    await activeRecipe(own, bundles[0]);
    const hashes = await Promise.all(bundles.map((bundle) => sha256File(join(bundle, 'bundle.json'))));
    // the worker is kept busy by two bundles that it opens, so that the first image is not done before the last has come
    const opened = bundles.map((directory, i) => own.station.queue.prepare({ directory, hash: hashes[i]! }));
    const release = holdQueue(own);
    const accepted = Array.from({ length: 10 }, (_, i) => inspect(own, `?resultId=last-${i}`));
    while (own.station.queue.length < 10) await sleep(1);
    release();
    // where images were computed in the thread that answers, these would wait for them one by one
    for (let i = 0; i < 10; i++) expect((await own.app.inject({ url: '/api/station' })).statusCode).toBe(200);
    expect(own.station.queue.length).toBeGreaterThan(5);
    await Promise.all(opened);
    const drained = own.station.queue.drain();
    const late = await inspect(own);
    expect([late.statusCode, late.json().code]).toEqual([503, 'TOO_BUSY']);
    expect((await own.app.inject({ url: '/ready' })).json().reason).toContain('stopping');
    await drained;
    await Promise.all(opened);
    for (const answer of await Promise.all(accepted)) expect(answer.statusCode).toBe(201);
    await own.close();

    const again = await startStation(data, { store: 'none' });
    expect(again.station.recipes.active?.name).toBe('rings');
    expect((await again.station.records.inspections({})).inspections).toHaveLength(10);
    expect((await inspect(again)).statusCode).toBe(201);
    await again.close();
  });
});
