/** Webhooks to a real receiver: signed, once, in order, through faults and restarts. */
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { startLine, type TestLine } from '../../../../test/support/line.ts';
import { until } from '../../../../test/support/until.ts';
import type { PartMessage } from '../../contract/line.ts';

const folder = temporaryFolders();
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers with the next of these statuses, then with 204; 0 breaks the connection. */
class Receiver {
  readonly got: Got[] = [];
  readonly statuses: number[] = [];
  readonly #server: Server;
  port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => (body += text));
      request.on('end', () => {
        this.got.push({ headers: request.headers, body });
        const status = this.statuses.shift() ?? 204;
        if (status === 0) request.socket.destroy();
        else response.writeHead(status).end();
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.#server.address() as { port: number }).port;
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get parts(): PartMessage[] {
    return this.got.map(({ body }) => JSON.parse(body) as PartMessage).filter(({ type }) => type === 'part');
  }
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(
  settings: object = {},
  where?: string,
): Promise<{ line: TestLine; receiver: Receiver; where: string }> {
  const receiver = await new Receiver().start();
  ends.push(() => receiver.stop());
  const at = where ?? (await folder());
  const url = `http://127.0.0.1:${receiver.port}/hook`;
  const line = await startLine(at, { plant: { kind: 'webhook', url, secret, states: false, ...settings } });
  ends.push(() => line.close());
  return { line, receiver, where: at };
}

it('posts each decision once and in order, with what is on record', async () => {
  const { line, receiver } = await start();
  const ng = await line.record('NG', { part: 'ring-7', reason: 'too bright', score: 0.75 });
  await line.record('OK');
  await line.record('REVIEW');
  await until(() => receiver.got.length === 3, 'three parts');
  expect(receiver.parts.map(({ decision, pass, sequence }) => [decision, pass, sequence])).toEqual([
    ['NG', false, 1],
    ['OK', true, 2],
    ['REVIEW', false, 3],
  ]);
  const { id, resultId, recipe, createdAt: at } = ng;
  expect(receiver.parts[0]).toMatchObject({
    station: 'press-7',
    id,
    resultId,
    recipe,
    at,
    part: 'ring-7',
    score: 0.75,
  });
  await until(async () => (await line.told()).waiting === 0, 'all noted');
  expect(await line.told()).toMatchObject({ delivered: 3, failures: 0, connected: true, problem: null });
});

it('tries the same part again with the same id until it is taken, and overtakes it with no other', async () => {
  const { line, receiver } = await start();
  receiver.statuses.push(500, 0, 302);
  const { id: first } = await line.record('NG');
  const { id: second } = await line.record('OK');
  await until(() => receiver.got.length === 5, 'two parts and three tries');
  expect(receiver.parts.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 1, 2]);
  const ids = receiver.got.map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([first, first, first, first, second].map((id) => `press-7:${id}`));
  expect(new Set(receiver.got.slice(0, 4).map(({ body }) => body)).size).toBe(1);
  expect((await line.told()).failures).toBe(3);
});

it('keeps what was decided while nobody listened, over a restart of the station', async () => {
  const first = await start();
  first.receiver.stop();
  const { port } = first.receiver;
  for (let i = 0; i < 5; i++) await first.line.record(i % 2 ? 'OK' : 'NG');
  await until(async () => (await first.line.told()).problem !== null, 'a failure');
  expect(await first.line.told()).toMatchObject({ waiting: 5, delivered: 0, connected: false });
  await first.line.close();
  ends.length = 0;
  const receiver = new Receiver();
  receiver.port = port;
  await receiver.start();
  ends.push(() => receiver.stop());
  const url = `http://127.0.0.1:${port}/hook`;
  const again = await startLine(first.where, { plant: { kind: 'webhook', url, secret, states: false } });
  ends.push(() => again.close());
  await again.record('OK');
  await until(() => receiver.got.length === 6, 'all six');
  expect(receiver.parts.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('tells of the state of the station, and says in its test what is wrong', async () => {
  const { line, receiver } = await start({ states: true });
  await until(() => receiver.got.length > 0, 'a state');
  expect(JSON.parse(receiver.got[0]!.body)).toMatchObject({ type: 'state', online: true, ready: false, recipe: null });
  expect(await line.line.check('plant')).toMatchObject({ ok: true });
  receiver.statuses.push(401);
  const { ok, message } = await line.line.check('plant');
  expect([ok, message]).toEqual([false, expect.stringContaining('answers 401')]);
});

it('gives no part the id of another, though numbers begin anew with another data folder', async () => {
  const old = await start();
  await old.line.record('OK');
  await until(() => old.receiver.got.length === 1, 'the first part');
  const fresh = await start();
  await fresh.line.record('NG');
  await until(() => fresh.receiver.got.length === 1, 'the first part again');
  const [before, after] = [old.receiver, fresh.receiver];
  expect(after.parts[0]!.sequence).toBe(before.parts[0]!.sequence);
  expect(after.got[0]!.headers['webhook-id']).not.toBe(before.got[0]!.headers['webhook-id']);
});

it('reads no more of an answer than it must, however much comes', async () => {
  let sent = 0;
  const endless = createServer((request, response) => {
    request.resume();
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent++;
    };
    response.writeHead(200).on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  ends.push(() => endless.close().closeAllConnections());
  const url = `http://127.0.0.1:${(endless.address() as { port: number }).port}/`;
  const plant = { kind: 'webhook', url, secret, states: false, timeoutSeconds: 2 };
  const line = await startLine(await folder(), { plant });
  ends.push(() => line.close());
  await line.record('NG');
  await until(async () => (await line.told()).delivered + (await line.told()).failures > 0, 'it ends');
  expect(await line.told()).toMatchObject({ delivered: 1, failures: 0 });
  expect(sent).toBeLessThan(500);
});

it('shows nothing of its address that may be a secret', async () => {
  const { line, receiver } = await start();
  receiver.stop();
  const { port } = receiver;
  const url = `http://127.0.0.1:${port}/hooks/T0KEN?key=open-sesame`;
  const plant = { kind: 'webhook', url, secret, states: false };
  await line.close();
  ends.length = 0;
  const other = await startLine(await folder(), { plant });
  ends.push(() => other.close());
  await other.record('NG');
  await until(async () => (await other.told()).problem !== null, 'a failure');
  const told = { ...(await other.told()), check: await other.line.check('plant') };
  expect(told).toMatchObject({ address: `http://127.0.0.1:${port}`, check: { ok: false } });
  expect(JSON.stringify(told)).not.toMatch(/T0KEN|sesame/);
});

it('gives a station of any name an id that a header can have', async () => {
  const receiver = await new Receiver().start();
  ends.push(() => receiver.stop());
  const plant = { kind: 'webhook', url: `http://127.0.0.1:${receiver.port}/`, secret, states: false };
  const line = await startLine(await folder(), { plant }, 'Prüfstand ✓');
  ends.push(() => line.close());
  const { id } = await line.record('NG');
  await until(async () => (await line.told()).delivered + (await line.told()).failures > 0, 'a try');
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.got;
  expect(headers['webhook-id']).toBe(`Pr%C3%BCfstand%20%E2%9C%93:${id}`);
  const said = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.slice(6), 'base64');
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(said).digest('base64')}`);
});

// .ci/run makes the environment where PyPI answers
it.runIf(process.env['FELFRI_TEST_LINE'])(
  'is signed so that the library of Standard Webhooks believes it, and nothing altered',
  async () => {
    const { line, receiver } = await start();
    await line.record('NG', { part: 'Dose Ä 7' });
    await until(() => receiver.got.length === 1, 'the part');
    const script = fileURLToPath(new URL('../../../../test/line/verify_webhook.py', import.meta.url));
    const verify = (body: string) =>
      spawnSync(`${process.env['FELFRI_TEST_LINE']}/bin/python`, [script, secret], {
        input: JSON.stringify({ headers: receiver.got[0]!.headers, body }),
        encoding: 'utf8',
      });
    const { body } = receiver.got[0]!;
    expect(verify(body)).toMatchObject({ status: 0, stdout: expect.stringContaining('"decision": "NG"') });
    expect(verify(body.replace('"NG"', '"OK"'))).toMatchObject({ status: 3 });
  },
);
