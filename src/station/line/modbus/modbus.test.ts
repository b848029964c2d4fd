/** The Modbus output with a controller that is another program (pymodbus), and by hand on the wire. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { freePort, startLine, type TestLine } from '../../../../test/support/line.ts';
import { activeRecipe, partPng, smallBundle, type TestStation } from '../../../../test/support/station.ts';
import { patience, until } from '../../../../test/support/until.ts';
import { readManifest } from '../../../bundle/content.ts';
import { RegisterImage } from './image.ts';
import { answerTo } from './protocol.ts';
import { controlBits, registers, statusBits } from './registers.ts';

const folder = temporaryFolders();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(settings: object = {}, where?: string): Promise<{ line: TestLine; port: number; where: string }> {
  const port = await freePort();
  const at = where ?? (await folder());
  const line = await startLine(at, { plc: { kind: 'modbus', port, ...settings } });
  ends.push(() => line.close());
  await until(async () => (await line.line.check('plc')).ok, 'it listens');
  return { line, port, where: at };
}

/** A controller by hand. */
class Wire {
  readonly socket: Socket;
  #number = 0;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    ends.push(() => this.socket.destroy());
  }

  async ask(pdu: readonly number[]): Promise<Buffer> {
    const header = Buffer.from([0, ++this.#number & 0xff, 0, 0, 0, pdu.length + 1, 255]);
    this.socket.write(Buffer.concat([header, Buffer.from(pdu)]));
    const [answer] = (await once(this.socket, 'data', { signal: AbortSignal.timeout(patience.condition) })) as [Buffer];
    expect(answer[1]).toBe(this.#number & 0xff);
    return answer.subarray(7);
  }

  async word(address: number): Promise<number> {
    return (await this.ask([3, 0, address, 0, 1])).readUInt16BE(2);
  }

  async is(bit: keyof typeof statusBits): Promise<boolean> {
    return ((await this.word(0)) & (1 << statusBits[bit][0])) !== 0;
  }

  async control(...bits: (keyof typeof controlBits)[]): Promise<void> {
    const word = bits.reduce((sum, bit) => sum | (1 << controlBits[bit][0]), 0);
    await this.ask([6, 0, registers.control.address, word >> 8, word & 0xff]);
  }
}

it('carries a request out whole or not at all', () => {
  const image = new RegisterImage('high-first');
  const ask = (...pdu: number[]): string => answerTo(image, Buffer.from(pdu)).answer.toString('hex');
  expect(ask(3, 0, 0, 0, 2)).toBe('030400000000');
  // beyond the end, nothing, too many
  expect(ask(3, 0, 110, 0, 20)).toBe('8302');
  expect(ask(4, 255, 255, 0, 1)).toBe('8402');
  expect(ask(3, 0, 0, 0, 0)).toBe('8303');
  expect(ask(3, 0, 0, 0, 126)).toBe('8303');
  // what the station writes is not the controller's, also where only the last word of a write is so
  expect(ask(6, 0, 0, 0, 1)).toBe('8602');
  expect(ask(16, 0, 117, 0, 2, 4, 1, 2, 3, 4)).toBe('9002');
  expect(image.words[117]).toBe(0);
  expect(ask(16, 0, 116, 0, 2, 4, 1, 2, 3, 4)).toBe('1000740002');
  expect([...image.words.slice(116, 118)]).toEqual([0x0102, 0x0304]);
  expect(ask(16, 0, 100, 0, 2, 3, 1, 2, 3)).toBe('9003');
  expect(ask(23, 0, 100, 0, 1, 0, 100, 0, 1, 2, 0, 5)).toBe('17020005');
  expect(ask(5, 0, 0, 255, 0)).toBe('8501');
  expect(ask(16)).toBe('9003');
  expect(ask(23, 0, 0, 0, 1, 0, 100, 0)).toBe('9703');
});

it.each([
  ['high-first', 0x42f6, 0xe979],
  ['low-first', 0xe979, 0x42f6],
] as const)('has the words of 123.456 %s', (order, first, second) => {
  const image = new RegisterImage(order);
  image.set('score', 123.456);
  expect([...image.words.slice(10, 12)]).toEqual([first, second]);
  image.set('part', 'Dose Ä7');
  expect(image.text('part')).toBe('Dose ?7');
});

it('shows a result until it is acknowledged, and Job Pass for OK alone', async () => {
  const { line, port } = await start();
  const plc = new Wire(port);
  await plc.control();
  for (const decision of ['NG', 'OK', 'REVIEW'] as const) {
    await line.record(decision);
    await until(() => plc.is('resultsValid'), 'a result');
    expect(await plc.is('jobPass')).toBe(decision === 'OK');
    await sleep(50);
    expect(await plc.is('resultsValid')).toBe(true);
    await plc.control('resultsAck');
    await until(async () => !(await plc.is('resultsValid')), 'it falls');
    expect(await plc.is('jobPass')).toBe(false);
    // the next stays hidden while the acknowledgement of the last is high
    await line.record('OK');
    await sleep(100);
    expect(await plc.is('resultsValid')).toBe(false);
    await plc.control();
    await until(() => plc.is('resultsValid'), 'the next');
    await plc.control('resultsAck');
    await plc.control();
  }
  await until(async () => (await line.told()).delivered === 6, 'all noted');
});

it('never shows a part of before its start, or one that is too old, and says so', async () => {
  const first = await start({ validSeconds: 3 });
  await first.line.record('OK');
  await sleep(100);
  await first.line.close();
  ends.length = 0;
  const { line, port } = await start({ validSeconds: 3 }, first.where);
  const plc = new Wire(port);
  await plc.control();
  await until(async () => (await line.told()).expired === 1, 'the old part is set aside');
  expect(await plc.is('resultsValid')).toBe(false);
  await plc.control('clearError');
  await line.record('OK');
  await until(() => plc.is('resultsValid'), 'the new part');
  await until(async () => !(await plc.is('resultsValid')), 'it falls by itself');
  expect(await plc.is('overrun')).toBe(true);
  expect(await plc.word(registers.errorCode.address)).toBe(4);
  expect(line.station.alarms.all.map(({ id, code }) => [id, code])).toContainEqual(['plc: not given', 'LINE_LOST']);
  expect(await plc.word(registers.heartbeat.address)).toBeGreaterThan(0);
});

it('takes no trigger while the station is not ready, and says why', async () => {
  const { port } = await start();
  const plc = new Wire(port);
  await plc.control('triggerEnable');
  await plc.control('triggerEnable', 'trigger');
  expect(await plc.is('missedAcq')).toBe(true);
  expect(await plc.is('online')).toBe(false);
  expect(await plc.word(registers.offlineReason.address)).toBe(2);
  expect(await plc.word(registers.acquisitionId.address)).toBe(0);
  await plc.control('executeCommand');
  await until(() => plc.is('commandFailed'), 'no such recipe');
  expect(await plc.word(registers.errorCode.address)).toBe(6);
});

/** What the simulated controller says. */
interface Said {
  readonly trigger?: string;
  readonly acquisition?: number;
  readonly ok?: boolean;
  readonly timeout?: string;
  readonly result?: {
    decision: number;
    inspection: number;
    part: string;
    score: number;
    sequence: number;
    pass: boolean;
  };
}

async function control(port: number, count: number, mode: string, heard: (said: Said) => void): Promise<Said[]> {
  const script = fileURLToPath(new URL('../../../../test/line/plc.py', import.meta.url));
  const child = spawn(`${process.env['FELFRI_TEST_LINE']}/bin/python`, [script, String(port), String(count), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ends.push(() => child.kill());
  const all: Said[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const said = JSON.parse(text) as Said;
    all.push(said);
    heard(said);
  }
  return all;
}

async function addRecipe({ station }: TestStation, bundle: string): Promise<string> {
  const received = await station.recipes.bundles.copyOf(bundle, await readManifest(bundle));
  return (await station.recipes.add(received, 'fails', { by: 'test', at: new Date() })).id;
}

// .ci/run makes the environment where PyPI answers
describe.runIf(process.env['FELFRI_TEST_LINE'])('with a controller by pymodbus', () => {
  it('gives every result once and in order', async () => {
    const { line, port } = await start();
    const decisions = Array.from({ length: 12 }, (_, i) => (['OK', 'NG', 'REVIEW'] as const)[i % 3]!);
    const hearing = control(port, decisions.length, 'free', () => undefined);
    for (const decision of decisions) await line.record(decision, { part: `p-${decision}`, score: 123.456 });
    const results = (await hearing).flatMap(({ result }) => result ?? []);
    expect(results.map(({ part }) => part)).toEqual(decisions.map((decision) => `p-${decision}`));
    expect(results.map(({ sequence }) => sequence)).toEqual(decisions.map((_, i) => i + 1));
    expect(results.map((one) => one.pass)).toEqual(decisions.map((decision) => decision === 'OK'));
    expect(results[0]!.score).toBeCloseTo(123.456, 3);
  });

  it('pairs each trigger with the part it announced; a part without its own decision in time is no OK', async () => {
    const { line, port } = await start({ windowMillis: 3000 });
    const passing = await activeRecipe(line, await smallBundle(await folder(), 2), 'passes');
    const failing = await addRecipe(line, await smallBundle(await folder(), 0));
    // a slow machine opens it for longer than the window
    await line.station.recipes.openBeside(failing);
    await until(async () => (await line.line.told()).state!.ready, 'ready');
    const image = await partPng(3);
    const send = (part: string, recipe: string) =>
      line.app.inject({
        method: 'POST',
        url: `/api/inspections?part=${part}&recipe=${recipe}`,
        payload: image,
        headers: { 'content-type': 'image/png' },
      });
    let late: Promise<unknown> | undefined;
    const said = await control(port, 4, 'triggered', ({ trigger }) => {
      if (trigger === 'part-1') void send('part-1', passing);
      if (trigger === 'part-2') void send('part-1', passing); // another part's image
      if (trigger === 'part-3') void send('part-3', failing);
      if (trigger === 'part-4') late = sleep(5000).then(() => send('part-4', passing)); // too late
    });
    const results = said.flatMap(({ ok, result }) => (result ? [[result.part, result.decision, ok]] : []));
    expect(results).toEqual([
      ['part-1', 1, true],
      ['part-2', 4, false],
      ['part-3', 3, false],
      ['part-4', 4, false],
    ]);
    await until(async () => (await line.told()).waiting === 0, 'nothing waits');
    expect(line.station.alarms.all.map(({ id }) => id)).toContain('inspect window');
    // the station is closed behind it
    await late;
  });
});
