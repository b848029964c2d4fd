/** The handshake where the record of a part never comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { until } from '../../../../test/support/until.ts';
import { Type, Value } from '../../../core/schema.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Moment } from '../../moments.ts';
import type { LineTools } from '../connector.ts';
import { Handshake } from './handshake.ts';
import { RegisterImage } from './image.ts';
import { controlBits, statusBits } from './registers.ts';
import { type ModbusSettings, modbusSettings } from './settings.ts';

const state: StateMessage = {
  type: 'state',
  station: 'press-7',
  online: true,
  ready: true,
  reason: null,
  recipe: { id: 'a', name: 'rings', revision: 1 },
  degraded: [],
  at: new Date().toISOString(),
};

function start(settings: Partial<ModbusSettings>) {
  const full = Value.Default(Type.Object(modbusSettings), settings) as ModbusSettings;
  const image = new RegisterImage('high-first');
  const missed: (string | null)[] = [];
  const moments = new Map<string, Moment>();
  const tools = {
    state: () => state,
    triggered: () => undefined,
    missed: async (part: string | null) => void missed.push(part),
    recipes: { active: { id: 'a' } },
    alarm: () => undefined,
    over: () => undefined,
    momentOf: (id: string) => moments.get(id),
  };
  const handshake = new Handshake(full, tools as unknown as LineTools, image);
  const control = (...high: (keyof typeof controlBits)[]): void => {
    image.set(
      'control',
      high.reduce((word, bit) => word | (1 << controlBits[bit][0]), 0),
    );
    handshake.written();
  };
  const is = (bit: keyof typeof statusBits): boolean => (image.word('status') & (1 << statusBits[bit][0])) !== 0;
  /** A part of which the image came now, or some milliseconds ago, and was decided on now. */
  const decided = (message: PartMessage, ago = 0): PartMessage => {
    const now = performance.now();
    moments.set(message.id, { cameAt: now - ago, decidedAt: now });
    return message;
  };
  return { handshake, image, missed, control, is, decided };
}

it('takes the next trigger when the result of the last could not be shown any more, and never passes it', async () => {
  vi.useFakeTimers();
  const { image, missed, control, is } = start({ windowMillis: 20, validSeconds: 0.3 });
  image.set('part', 'ring-7');
  control('triggerEnable');
  control('triggerEnable', 'trigger');
  control('triggerEnable');
  await vi.advanceTimersByTimeAsync(100);
  expect([missed.length, is('triggerReady'), is('systemBusy')]).toEqual([1, false, true]);
  await vi.advanceTimersByTimeAsync(300);
  expect(is('triggerReady')).toBe(true);
  vi.useRealTimers();
  expect([is('resultsValid'), is('jobPass'), is('error')]).toEqual([false, false, true]);
  expect(missed).toEqual(['ring-7']);
});

/** A part as it goes out, decided now. */
const passed = (sequence: number, recipe: string): PartMessage => ({
  type: 'part',
  reference: null,
  station: 'press-7',
  sequence,
  pass: true,
  decision: 'OK',
  id: `id ${sequence}`,
  resultId: `result ${sequence}`,
  part: 'ring-7',
  lot: null,
  product: null,
  recipe,
  revision: 1,
  score: 0.5,
  threshold: 1,
  review: null,
  reason: null,
  cause: null,
  code: null,
  count: 1,
  millis: 1,
  at: new Date(Date.now() + 5).toISOString(),
});

it('passes no trigger by another recipe than was active at it, which the image may name', async () => {
  const { handshake, image, missed, control, is, decided } = start({ windowMillis: 60_000 });
  const never = new AbortController().signal;
  image.set('part', 'ring-7');
  control('triggerEnable');
  control('triggerEnable', 'trigger');
  expect(await Promise.race([handshake.deliver(decided(passed(1, 'b')), never), sleep(100, 'shown')])).toBe('expired');
  expect([is('resultsValid'), is('jobPass'), is('systemBusy')]).toEqual([false, false, true]);
  const shown = handshake.deliver(decided(passed(2, 'a')), never);
  await until(() => is('resultsValid'), 'its own');
  expect([is('jobPass'), image.word('inspectionId'), missed.length]).toEqual([true, 1, 0]);
  control('triggerEnable', 'resultsAck');
  expect(await shown).toBe('delivered');
});

/** A clock that was set by so much since the part was recorded. */
const leapt = (message: PartMessage, millis: number): PartMessage => ({
  ...message,
  at: new Date(Date.parse(message.at) + millis).toISOString(),
});
const HOUR = 3_600_000;

describe.each(['part', 'order'] as const)('whatever becomes of the clock, paired by %s', (pairBy) => {
  const begin = () => {
    const test = start({ windowMillis: 60_000, pairBy });
    test.image.set('part', 'ring-7');
    test.control('triggerEnable');
    return test;
  };

  it('shows nothing that was recorded before this start, though its time is yet to come', async () => {
    const { handshake, control, is } = begin();
    control('triggerEnable', 'trigger');
    const delivered = handshake.deliver(leapt(passed(1, 'a'), HOUR), new AbortController().signal);
    expect(await Promise.race([delivered, sleep(100, 'shown')])).toBe('expired');
    expect([is('resultsValid'), is('jobPass'), is('systemBusy')]).toEqual([false, false, true]);
  });

  it('gives a trigger no image of before it, though the clock leapt ahead meanwhile', async () => {
    const { handshake, control, is, decided } = begin();
    control('triggerEnable', 'trigger');
    await sleep(20);
    const delivered = handshake.deliver(leapt(decided(passed(1, 'a'), 200), HOUR), new AbortController().signal);
    expect(await Promise.race([delivered, sleep(100, 'shown')])).toBe('expired');
    expect([is('resultsValid'), is('jobPass'), is('systemBusy')]).toEqual([false, false, true]);
  });

  it('gives a trigger its image, though the clock was set back meanwhile, for no longer than a result is valid', async () => {
    const { handshake, control, is, decided } = begin();
    control('triggerEnable', 'trigger');
    const shown = handshake.deliver(leapt(decided(passed(1, 'a')), -HOUR), new AbortController().signal);
    await until(() => is('resultsValid'), 'its own');
    expect(is('jobPass')).toBe(true);
    control('triggerEnable', 'resultsAck');
    expect(await shown).toBe('delivered');
  });
});

it('takes no signs into the name of a part that nobody sees', () => {
  const { image } = start({});
  image.words.set([0x610d, 0x0a62, 0x1b9b], 102);
  expect(image.text('part')).toBe('a??b??');
});

it('shows no name of a part that does not fit: cut it could be that of another', async () => {
  const { handshake, image, decided, control, is } = start({});
  control();
  const names = ['ring-7', 'ring-7'.padEnd(33, '0'), 'Ring Ä7'];
  const shown: string[] = [];
  for (const [i, part] of names.entries()) {
    const delivered = handshake.deliver(decided({ ...passed(i + 1, 'a'), part }), new AbortController().signal);
    await until(() => is('resultsValid'), part);
    shown.push(image.text('resultPart'));
    control('resultsAck');
    await delivered;
    control();
  }
  expect(shown).toEqual(['ring-7', '', '']);
});
