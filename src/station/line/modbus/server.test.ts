/** The Modbus server with clients that mean no good, or are long gone. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { patience, until } from '../../../../test/support/until.ts';
import { RegisterImage } from './image.ts';
import { ModbusServer } from './server.ts';

const PORT = 15_020 + (process.pid % 5000);
const READ = Buffer.from([0, 1, 0, 0, 0, 6, 255, 3, 0, 0, 0, 118]);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function client(): Promise<Socket> {
  const socket = connect(PORT, '127.0.0.1').on('error', () => undefined);
  ends.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function start(): Promise<void> {
  const server = await ModbusServer.listen('127.0.0.1', PORT, new RegisterImage('high-first'), () => undefined);
  ends.push(() => server.close());
}

it('lets a controller in though silent connections took every place, and gives up none that asks', async () => {
  await start();
  const asking = await client();
  asking.write(READ);
  await once(asking, 'data');
  for (let i = 0; i < 20; i++) await client();
  const late = await client();
  late.write(READ);
  const [answer] = (await once(late, 'data', { signal: AbortSignal.timeout(patience.condition) })) as [Buffer];
  expect(answer[7]).toBe(3);
  asking.write(READ);
  await once(asking, 'data', { signal: AbortSignal.timeout(patience.condition) });
});

it('drops a client that asks and reads no answer', async () => {
  await start();
  const socket = await client();
  socket.pause();
  let isClosed = false;
  socket.once('close', () => (isClosed = true)).once('error', () => (isClosed = true));
  const many = Buffer.concat(Array.from({ length: 5000 }, () => READ));
  let written = 0;
  const more = (): void => {
    for (; written < 100 && !isClosed; written++) if (!socket.write(many)) return void socket.once('drain', more);
  };
  more();
  await until(() => isClosed, 'it is dropped');
  expect(written).toBeLessThan(100);
});
