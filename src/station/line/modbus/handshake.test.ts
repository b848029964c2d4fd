/** The handshake where the record of a part never comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { until } from '../../../../test/support/line.ts';
import { Type, Value } from '../../../core/schema.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
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
  const tools = {
    state: () => state,
    triggered: () => undefined,
    missed: async (part: string | null) => void missed.push(part),
    recipes: { active: { id: 'a' } },
    alarm: () => undefined,
    over: () => undefined,
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
  return { handshake, image, missed, control, is };
}

it('takes the next trigger when the result of the last could not be shown any more, and never passes it', async () => {
  const { image, missed, control, is } = start({ windowMillis: 20, validSeconds: 0.3 });
  image.set('part', 'ring-7');
  control('triggerEnable');
  control('triggerEnable', 'trigger');
  control('triggerEnable');
  await until(() => missed.length > 0, 'the window ends');
  await sleep(100);
  expect([is('triggerReady'), is('systemBusy')]).toEqual([false, true]);
  await until(() => is('triggerReady'), 'the next may come', 3);
  expect([is('resultsValid'), is('jobPass'), is('error')]).toEqual([false, false, true]);
  expect(missed).toEqual(['ring-7']);
});

/** A part as it goes out, decided now. */
const passed = (sequence: number, recipe: string): PartMessage => ({
  type: 'part',
  station: 'press-7',
  sequence,
  pass: true,
  decision: 'OK',
  id: `id ${sequence}`,
  resultId: `result ${sequence}`,
  part: 'ring-7',
  lot: null,
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
  const { handshake, image, missed, control, is } = start({ windowMillis: 300 });
  const never = new AbortController().signal;
  image.set('part', 'ring-7');
  control('triggerEnable');
  control('triggerEnable', 'trigger');
  expect(await Promise.race([handshake.deliver(passed(1, 'b'), never), sleep(100, 'shown')])).toBe('expired');
  expect([is('resultsValid'), is('jobPass'), is('systemBusy')]).toEqual([false, false, true]);
  const shown = handshake.deliver(passed(2, 'a'), never);
  await until(() => is('resultsValid'), 'its own');
  expect([is('jobPass'), image.word('inspectionId'), missed.length]).toEqual([true, 1, 0]);
  control('triggerEnable', 'resultsAck');
  expect(await shown).toBe('delivered');
});

it('takes no signs into the name of a part that nobody sees', () => {
  const { image } = start({});
  image.words.set([0x610d, 0x0a62, 0x1b9b], 102);
  expect(image.text('part')).toBe('a??b??');
});
