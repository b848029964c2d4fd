/** Requests that no honest client sends, a thousand of them damaged by a seeded chance: each is refused with a code, and the station goes on. */
import { connect } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  form,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { Random } from '../../core/random.ts';

const folder = temporaryFolders();
let own: TestStation;
let png: Buffer;

beforeAll(async () => {
  own = await startStation(await folder(), { store: 'none', requestsPerMinute: 100_000 });
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  png = await partPng(7);
});
afterAll(() => own.close());

async function send(payload: Uint8Array, type: string, url = '/api/inspections') {
  const answer = await own.app.inject({
    method: 'POST',
    url,
    payload: Buffer.from(payload),
    headers: { 'content-type': type },
  });
  return { status: answer.statusCode, body: answer.json<{ code?: string; message?: string }>() };
}

/** Bytes cut off, changed, doubled or put in, by a seeded chance. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length);
  switch (random.integer(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const out = Uint8Array.from(bytes);
      for (let i = 0; i < 1 + random.integer(20); i++) out[random.integer(out.length)] = random.integer(256);
      return out;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 50))]);
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Uint8Array.from({ length: 1 + random.integer(60) }, () => random.integer(256)),
        bytes.subarray(at),
      ]);
  }
}

/** Refused as the client's fault; an image that can be read in spite of the damage may also be inspected. */
function expectHandled({ status, body }: Awaited<ReturnType<typeof send>>, what: string): void {
  if (status === 201 || status === 200) return;
  expect(status, `${what}: ${JSON.stringify(body)}`).toBeGreaterThanOrEqual(400);
  expect(status, `${what}: ${JSON.stringify(body)}`).toBeLessThan(500);
  expect(body.code).toMatch(/^[A-Z_]+$/);
  expect(body.message!.length).toBeGreaterThan(10);
}

describe('malformed uploads', () => {
  it('of damaged images in every format are refused or inspected', async () => {
    const image = sharp(png);
    const originals = {
      png,
      jpeg: await image.jpeg().toBuffer(),
      webp: await image.webp().toBuffer(),
      tiff: await image.tiff().toBuffer(),
      gif: await image.gif().toBuffer(),
    };
    let refused = 0;
    for (const [format, original] of Object.entries(originals)) {
      for (let i = 0; i < 120; i++) {
        const answer = await send(damaged(original, Random.of(i, 'damage', format)), 'application/octet-stream');
        expectHandled(answer, `${format} ${i}`);
        if (answer.status >= 400) refused++;
      }
    }
    expect(refused).toBeGreaterThan(300);
  });

  it('of damaged forms are refused or inspected', async () => {
    const { payload, headers } = await form([
      ['part', 'ring-1'],
      ['resultId', 'r-1'],
      ['image', await sharp(png).resize(16).png().toBuffer()],
    ]);
    for (let i = 0; i < 300; i++) {
      const given = damaged(payload, Random.of(i, 'form'));
      expectHandled(await send(given, headers['content-type']!), `form ${i}`);
    }
  });

  it('of other kinds are refused', async () => {
    const part = (head: string, body = 'x') => Buffer.from(`--b\r\n${head}\r\n\r\n${body}\r\n--b--\r\n`);
    const disposition = 'Content-Disposition: form-data;';
    const type = 'multipart/form-data; boundary=b';
    const cases: [string, Uint8Array, string][] = [
      ['no boundary', png, 'multipart/form-data'],
      ['empty boundary', png, 'multipart/form-data; boundary='],
      ['long boundary', png, `multipart/form-data; boundary=${'b'.repeat(5000)}`],
      ['no parts', Buffer.from('--b--\r\n'), type],
      ['no body', Buffer.alloc(0), type],
      ['no name', part(disposition), type],
      ['prototype', part(`${disposition} name="__proto__"`), type],
      ['constructor', part(`${disposition} name="constructor"`), type],
      ['a file of another name', part(`${disposition} name="../../x"; filename="../../x"`), type],
      ['an image as text', part(`${disposition} name="image"`), type],
      ['an image that is none', part(`${disposition} name="image"; filename="/etc/passwd"`), type],
      ['a zero in the name', part(`${disposition} name="ima\0ge"; filename="a"`), type],
      ['a huge header', part(`X-Big: ${'x'.repeat(100_000)}\r\n${disposition} name="image"; filename="a"`), type],
      [
        'many fields',
        Buffer.from(
          `${Array.from({ length: 200 }, (_, i) => `--b\r\n${disposition} name="f${i}"\r\n\r\n1\r\n`).join('')}--b--\r\n`,
        ),
        type,
      ],
      [
        'a field twice',
        Buffer.from(`--b\r\n${disposition} name="part"\r\n\r\n1\r\n`.repeat(2).concat('--b--\r\n')),
        type,
      ],
      ['JSON', Buffer.from('{"image": "x"}'), 'application/json'],
      ['broken JSON', Buffer.from('{"image"'), 'application/json'],
      ['a JSON prototype', Buffer.from('{"__proto__": {"a": 1}}'), 'application/json'],
      ['text', Buffer.from('hello'), 'text/plain'],
      ['a form of the web', Buffer.from('image=x'), 'application/x-www-form-urlencoded'],
      ['no type at all', png, 'nonsense'],
      ['a PNG that says it is huge', hugePng(), 'image/png'],
      [
        'a TIFF that points at itself',
        Buffer.from('49492a000800000001000001040001000000ffffffff08000000', 'hex'),
        'image/tiff',
      ],
    ];
    for (const [what, payload, contentType] of cases) {
      const answer = await send(payload, contentType);
      expectHandled(answer, what);
      expect(answer.status, what).toBeGreaterThanOrEqual(400);
    }
  });

  it('of bundles are refused', async () => {
    const { payload, headers } = await form([
      ['name', 'bad'],
      ['bundle.json', Buffer.from('{"schema": 2}')],
      ['model.onnx', png],
    ]);
    for (let i = 0; i < 100; i++) {
      const answer = await send(damaged(payload, Random.of(i, 'bundle')), headers['content-type']!, '/api/recipes');
      expectHandled(answer, `bundle ${i}`);
      expect(answer.status, `bundle ${i}`).toBeGreaterThanOrEqual(400);
    }
    expect(await own.station.records.recipes()).toHaveLength(1);
  });

  it('that are no HTTP end their connection, and that alone', async () => {
    await own.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = own.app.server.address() as { port: number };
    const garbage = [
      '\0\x01\x02',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      'POST /api/inspections HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: image/png\r\n\r\nzz\r\n',
    ];
    for (const text of garbage) {
      const socket = connect(port, '127.0.0.1');
      socket.end(text, 'latin1');
      await new Promise((resolve) => socket.on('error', resolve).on('close', resolve).resume());
    }
  });

  it('leave the station as it was', async () => {
    expect(own.station.queue.length).toBe(0);
    expect((await send(png, 'image/png')).status).toBe(201);
  });
});

/** A header of 30,000 by 30,000 pixels, and hardly any bytes. */
function hugePng(): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(30_000, 16);
  bytes.writeUInt32BE(30_000, 20);
  return bytes;
}
