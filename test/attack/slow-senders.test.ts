/** Who sends an image byte by byte keeps nobody else from being inspected, and is sent away. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, fillQueue, partPng, smallBundle, startStation, type TestStation } from '../support/station.ts';

const PLACES = 3;
const folder = temporaryFolders();
let own: TestStation;
let port: number;
let png: Buffer;

beforeAll(async () => {
  own = await startStation(await folder(), { queue: { limit: PLACES, workers: 1, threads: 1 }, store: 'none' });
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  await own.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = own.app.server.address() as { port: number });
  png = await partPng(7);
});
afterAll(() => own.close());

const heads = {
  body: 'Content-Type: image/png\r\n\r\n',
  form: 'Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n\r\n',
};

/** Says that it brings much, and brings a byte now and then. */
function slowSender(kind: keyof typeof heads, path = '/api/inspections'): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n${heads[kind]}`);
  const timer = setInterval(() => socket.write('x'), 50);
  const answer = once(socket, 'data').then(([data]) => String(data));
  socket.on('close', () => clearInterval(timer));
  return { socket, answer };
}

const inspect = () =>
  fetch(`http://127.0.0.1:${port}/api/inspections`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(png),
  });

describe('slow senders', () => {
  it.each(['body', 'form'] as const)('of a %s hold no place, and are told that they are too slow', async (kind) => {
    const senders = Array.from({ length: PLACES * 2 }, () => slowSender(kind));
    while (own.station.queue.length < senders.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await inspect()).status).toBe(201);
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
    const answers = await Promise.all(senders.map(({ answer }) => answer));
    // the one that made room for the honest image was told so
    const codes = answers.map((text) => /"code":"(\w+)"/.exec(text)?.[1]).sort();
    expect(codes).toEqual([...Array(senders.length - 1).fill('REQUEST_TOO_SLOW'), 'TOO_BUSY']);
    for (const text of answers) expect(text.toLowerCase()).toContain('connection: close');
    await Promise.all(senders.map(({ socket }) => socket.closed || once(socket, 'close')));
    expect(own.station.queue.length).toBe(0);
  });

  it('who go on sending after the answer do not lose it to a closed connection, and are let go', async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const errors: Error[] = [];
    socket.on('error', (error) => errors.push(error));
    socket.write(`POST /api/inspections HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n${heads.body}x`);
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    await once(socket, 'end');
    expect(text).toContain('REQUEST_TOO_SLOW');
    for (let i = 0; i < 20; i++) {
      socket.write(Buffer.alloc(10_000));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(errors).toEqual([]);
    const begin = performance.now();
    while (!socket.destroyed && performance.now() - begin < 5000) {
      socket.write('x');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(socket.destroyed).toBe(true);
  });

  it('of images for data sets are sent away too', async () => {
    await own.station.dataSets.create('Slow', { by: 'test', at: new Date() });
    expect(await slowSender('body', '/api/datasets/slow/images').answer).toContain(' 408 ');
  });
});

describe('/ready', () => {
  it('says no while an image would be turned away', async () => {
    const release = fillQueue(own);
    const answer = await own.app.inject({ url: '/ready' });
    expect([answer.statusCode, answer.json().reason]).toEqual([503, 'all 3 places of the queue are taken']);
    release();
    expect((await own.app.inject({ url: '/ready' })).statusCode).toBe(200);
  });
});
