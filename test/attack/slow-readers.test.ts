/** Who asks for much and reads nothing of it takes a bounded memory, and keeps nobody else from seeing pictures. */
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, inspectImage, smallBundle, startStation, type TestStation } from '../support/station.ts';

const READERS = 20;
const MEGABYTE = 1e6;
const folder = temporaryFolders();
let own: TestStation;
let port: number;
let recipe: string;
const ids: string[] = [];

beforeAll(async () => {
  own = await startStation(await folder(), { maxPixels: 20_000_000, imageBytes: 20 * MEGABYTE });
  recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const png = await sharp({ create: { width: 1700, height: 1700, channels: 3, background: '#888', noise } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  // more than the newest that are held in memory anyway
  for (let i = 0; i < 8; i++)
    ids.push((await inspectImage(own.station, Buffer.concat([png, Buffer.from([i])]))).inspection.id);
  await own.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = own.app.server.address() as { port: number });
});
afterAll(() => own.close());

function slowReader(path: string): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.pause().write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

/** As another caller; gives status and length. */
const readFrom = (localAddress: string, path: string): Promise<[number, number]> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, localAddress }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.once('end', () => resolve([answer.statusCode!, bytes]));
    }).once('error', reject);
  });

const held = (): number => process.memoryUsage().arrayBuffers / MEGABYTE;

// elsewhere a machine has one address of its own alone
it.skipIf(process.platform !== 'linux')(
  'of images: 32 MiB are on their way, and who comes later is sent theirs',
  async () => {
    const before = held();
    const readers = Array.from({ length: READERS }, () => slowReader(`/api/inspections/${ids[0]}/image`));
    let most = 0;
    for (let i = 0; i < 30; i++) {
      await sleep(50);
      most = Math.max(most, held() - before);
    }
    // twenty of them have 170 MB
    expect(most).toBeLessThan(60);
    const begin = performance.now();
    const [status, bytes] = await readFrom('127.0.0.2', `/api/inspections/${ids[1]}/image`);
    expect([status, bytes > 8 * MEGABYTE]).toEqual([200, true]);
    expect(performance.now() - begin).toBeLessThan(10_000);
    for (const reader of readers) reader.destroy();
  },
  60_000,
);

it('of models: they are read as they are sent, and more than 32 at a time are refused', async () => {
  const path = `/api/recipes/${recipe}/model`;
  const whole = await fetch(`http://127.0.0.1:${port}${path}`);
  expect(String((await whole.arrayBuffer()).byteLength)).toBe(whole.headers.get('content-length'));
  const readers = Array.from({ length: 40 }, () => slowReader(path));
  const answers = await Promise.all(
    readers.map(
      (reader) =>
        new Promise<string>((resolve) => {
          reader.once('data', (data) => resolve(String(data).slice(9, 12)));
          reader.resume();
        }),
    ),
  );
  // those that were sent at once have made room meanwhile
  expect(new Set(answers)).toEqual(new Set(['200', '503']));
  expect(answers.filter((status) => status === '503').length).toBeLessThanOrEqual(8);
  for (const reader of readers) reader.destroy();
}, 60_000);
