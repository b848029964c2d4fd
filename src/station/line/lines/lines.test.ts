/** Lines of text to a real TCP client. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { freePort, startLine } from '../../../../test/support/line.ts';
import { until } from '../../../../test/support/until.ts';
import { isTaken } from '../listening.ts';
import { lineOf, requireFields } from './template.ts';

const folder = temporaryFolders();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A controller that takes lines, and acknowledges parts where it is told to. */
class Controller {
  readonly lines: string[] = [];
  acknowledges = true;
  readonly socket: Socket;
  readonly closed: Promise<unknown>;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1').setEncoding('utf8');
    this.closed = once(this.socket, 'close');
    ends.push(() => this.socket.destroy());
    let unread = '';
    this.socket.on('data', (text: string) => {
      const lines = (unread + text).split('\r\n');
      unread = lines.pop()!;
      for (const line of lines) {
        this.lines.push(line);
        const [, sequence] = /^PART;(\d+)/.exec(line) ?? [];
        if (this.acknowledges && sequence) this.socket.write(`ACK;${sequence}\r\n`);
      }
    });
  }

  get parts(): string[] {
    return this.lines.filter((line) => line.startsWith('PART'));
  }
}

async function start(settings: object = {}) {
  const port = await freePort();
  const line = await startLine(await folder(), { robot: { kind: 'lines', port, ...settings } });
  ends.push(() => line.close());
  await until(async () => (await line.told()).problem !== 'it is not open', 'it listens');
  return { line, port };
}

it('sends state and parts, each part until it is acknowledged, and what waited to who comes later', async () => {
  const { line, port } = await start({ part: 'PART;{sequence};{part};{decision}', acknowledgeSeconds: 0.3 });
  await line.record('NG', { part: 'a' });
  const first = new Controller(port);
  first.acknowledges = false;
  await until(() => first.parts.length >= 2, 'the same part twice');
  expect(new Set(first.parts)).toEqual(new Set(['PART;1;a;NG']));
  expect(first.lines[0]).toMatch(/^STATE;false;/);
  expect((await line.told()).waiting).toBe(1);
  first.socket.destroy();
  await line.record('OK', { part: 'b' });
  const second = new Controller(port);
  await until(async () => (await line.told()).waiting === 0, 'both acknowledged');
  expect(second.parts).toEqual(['PART;1;a;NG', 'PART;2;b;OK']);
});

it('gives a new connection the place of an old one', async () => {
  const { line, port } = await start();
  const old = new Controller(port);
  await until(() => old.lines.length > 0, 'the state');
  const fresh = new Controller(port);
  await old.closed;
  await line.record('OK');
  await until(() => fresh.parts.length === 1, 'the part');
  expect(old.parts).toEqual([]);
});

it('takes what left the machine for delivered where no acknowledgement is wanted, and nothing while nobody is there', async () => {
  const { line, port } = await start({ acknowledge: false });
  await line.record('NG');
  await until(async () => (await line.told()).problem !== null, 'nobody there');
  expect(await line.told()).toMatchObject({ waiting: 1, connected: false, problem: 'nobody is connected' });
  const controller = new Controller(port);
  controller.acknowledges = false;
  await until(async () => (await line.told()).delivered === 1, 'delivered');
  await until(() => controller.parts.length === 1, 'the part');
});

it('is tested without a connection that would drive the controller out or be given its parts', async () => {
  const { line, port } = await start({ acknowledge: false });
  const controller = new Controller(port);
  await until(() => controller.lines.length > 0, 'the state');
  for (let i = 0; i < 5; i++) expect(await line.line.check('robot')).toMatchObject({ ok: true });
  await line.record('NG');
  await until(async () => (await line.told()).delivered === 1, 'delivered');
  await until(() => controller.parts.length === 1, 'the part');
  expect(controller.socket.destroyed).toBe(false);
  await expect(isTaken('127.0.0.1', await freePort())).rejects.toThrow(/nothing listens/);
});

it('does not open with a word that is no field', async () => {
  const robot = { kind: 'lines', port: 0, part: 'PART;{sequence};{decison}' };
  const line = await startLine(await folder(), { robot });
  ends.push(() => line.close());
  await until(() => line.station.alarms.all.length > 0, 'an alarm');
  expect(line.station.alarms.all).toMatchObject([{ id: 'robot: start', code: 'LINE_INVALID' }]);
});

it('lets a sign that separates fields by itself pass for none, spaces too', () => {
  const message = { sequence: 7, part: 'x OK', decision: 'NG', score: 0.5 };
  expect(lineOf('PART {sequence} {part} {decision}', message)).toBe('PART 7 x_OK NG');
  expect(lineOf('{sequence}_{part}_{decision}', { ...message, part: 'x_OK' })).toBe('7_x-OK_NG');
  expect(lineOf('P-1;{part};{score}', { ...message, part: 'a-b c.d' })).toBe('P-1;a-b c.d;0.5');
  expect(lineOf('{part};', { part: 'x\u2028PART' })).toBe('x_PART;');
  expect(() => requireFields('{part}{decision}', ['part', 'decision'])).toThrow(/no sign separates/);
});

it('lets no value pass for another field, nor end a line', () => {
  const template = 'PART;{sequence};{part};{decision}';
  expect(lineOf(template, { sequence: 7, part: 'x;OK', decision: 'NG' })).toBe('PART;7;x_OK;NG');
  expect(lineOf(template, { sequence: 7, part: 'x\r\nPART;8;y;OK', decision: 'NG' })).toBe('PART;7;x__PART_8_y_OK;NG');
  expect(lineOf(template, { sequence: 7, part: null, decision: 'NG' })).toBe('PART;7;;NG');
  expect(() => requireFields('{decision} {verdict}', ['decision'])).toThrow(
    /\{verdict\} is no field; there are \{decision\}/,
  );
});
