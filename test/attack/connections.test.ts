/** Who opens connections and does not use them, or asks and does not read, keeps nobody out. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { startStation, type TestStation } from '../support/station.ts';

const folder = temporaryFolders();
let own: TestStation;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await own.close();
});

async function start(connections: Parameters<typeof startStation>[1] & object): Promise<number> {
  own = await startStation(await folder(), connections);
  await own.app.listen({ port: 0, host: '127.0.0.1' });
  return (own.app.server.address() as { port: number }).port;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const isOpen = (socket: Socket): boolean => !socket.destroyed && !socket.readableEnded;
const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

describe('connections', () => {
  it('of one address are bounded, and those that are there go on', async () => {
    const port = await start({ connections: { ofOne: 5 } });
    const all: Socket[] = [];
    for (let i = 0; i < 9; i++) {
      const socket = await open(port);
      socket.resume();
      all.push(socket);
    }
    await expect.poll(() => all.filter(isOpen).length).toBe(5);
    const first = all[0]!;
    first.write(request('/health'));
    expect(String(await once(first, 'data'))).toContain('200 OK');
    first.destroy();
    await expect.poll(async () => isOpenAfter(await open(port))).toBe(true);
  });

  it('over which nothing is asked are let go', async () => {
    const port = await start({ connections: { askMillis: 1500 } });
    const idle = (await open(port)).resume();
    const asking = (await open(port)).resume();
    asking.write('GET /health HTTP/1.1\r\nHost: ');
    await sleep(1000);
    expect([isOpen(idle), isOpen(asking)]).toEqual([true, true]);
    await expect.poll(() => [idle, asking].some(isOpen), { timeout: 5000 }).toBe(false);
  });

  it('whose answer is not read are let go, those that are read slowly are not', async () => {
    const comparisons = await folder();
    await mkdir(join(comparisons, 'x'));
    // more than the system's own buffers take
    await writeFile(join(comparisons, 'x', 'report.html'), Buffer.alloc(32 * 1024 * 1024, 'x'));
    const port = await start({ comparisons, connections: { readMillis: 2000 } });
    const { app } = own;
    const ask = async () => {
      const socket = await open(port);
      socket.pause();
      socket.write(request('/api/comparisons/x/report'));
      return socket;
    };
    const deaf = await ask();
    const slow = await ask();
    let taken = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 8; i++) taken += (slow.read() as Buffer | null)?.length ?? 0;
    }, 100);
    const count = () => new Promise<number>((done) => app.server.getConnections((_, n) => done(n)));
    await expect.poll(count, { timeout: 15_000 }).toBe(1);
    clearInterval(timer);
    expect(taken).toBeGreaterThan(0);
    deaf.destroy();
  });
});

async function isOpenAfter(socket: Socket): Promise<boolean> {
  socket.resume();
  socket.write(request('/health'));
  return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
}
