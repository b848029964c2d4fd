/** Which frames a trigger takes of a stream that begins with pictures of before, as many servers send so that a player starts at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Type, Value } from '../../../../core/schema.ts';
import type { Inspection } from '../../../contract/inspections.ts';
import type { SourceTools } from '../source.ts';
import { Camera } from './camera.ts';
import type { Hearer, RunningCamera } from './driver.ts';
import { type CameraSettings, cameraSettings } from './settings.ts';

const settings = Value.Default(Type.Object(cameraSettings), {
  triggerMillis: 60_000,
  frameSeconds: 0,
}) as CameraSettings;

/** A camera whose frames the test gives. */
function opened(how: Pick<RunningCamera, 'joins' | 'trigger'> = {}) {
  const cameAt: number[] = [];
  const came: string[] = [];
  const tools: SourceTools = {
    name: 'door',
    folder: '',
    atOnce: 1,
    mostPixels: 1,
    isStopping: false,
    counts: { decided: 0, notInspected: 0, repeated: 0, dropped: 0, restarts: 0 },
    room: () => () => undefined,
    came: (what) => void came.push(what),
    inspect: async (image) => {
      cameAt.push(image.cameAt);
      return {} as Inspection;
    },
    inspectAll: async () => ({}) as Inspection,
    note: async () => undefined,
    alarm: () => undefined,
    over: () => undefined,
  };
  let hearer!: Hearer;
  let stop!: (why: string) => void;
  const ended = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const camera = new Camera(settings, tools, (heard) => {
    hearer = heard;
    return { ended, stop: async () => stop('stopped'), ...how };
  });
  return { camera, hearer, came, cameAt };
}

/** What a trigger is given that came before the first of these frames; `seconds` of them come at once. */
async function taken(seconds: number, joins: boolean): Promise<string> {
  const { camera, hearer, came, cameAt } = opened(joins ? { joins } : {});
  const trigger = camera.trigger({ part: 'r1', lot: null, product: null, recipe: null });
  // as they would come, later than the trigger by more than `latencyMillis`
  const start = Math.ceil(performance.now() + 300);
  for (let id = 0; id < 10 * seconds + 20; id++) {
    const at = start + Math.max(2 * id, 100 * (id - 10 * seconds));
    if (hearer.frame(new Uint8Array(1), { id, at, stampMillis: 100 * id, about: '' })) break;
  }
  await trigger;
  await camera.close();
  // of its trigger, so that it is the result of none after that
  expect(cameAt.map((at) => at < start)).toEqual([true]);
  return came[0]!;
}

it('takes none of a burst, but one of after it', async () => {
  expect(await taken(3, true)).toBe('frame 36');
  expect(await taken(0, true)).toBe('frame 5');
});

it('takes the first of a camera that exposes by itself', async () => {
  expect(await taken(0, false)).toBe('frame 0');
});

it.each([{ joins: true }, {}] as const)(
  'gives no frame to a trigger that was exposed after the next one: it shows the part of that, %o',
  async (how) => {
    const { camera, hearer, cameAt } = opened(how);
    const frame = (id: number, at: number) => hearer.frame(new Uint8Array(1), { id, at, stampMillis: at, about: '' });
    const of = { part: 'r', lot: null, product: null, recipe: null };
    // so that the usual way is known
    const now = performance.now();
    for (let id = 0; id < 7; id++) frame(id, now - 700 + 100 * id);
    const first = camera.trigger(of).catch((error: { code: string }) => error.code);
    await sleep(5);
    const second = camera.trigger(of);
    frame(7, performance.now() + 300);
    expect(await first).toBe('LINE_LATE');
    await second;
    expect(cameAt.length).toBe(1);
    await expect(camera.trigger(of, 10)).rejects.toMatchObject({ code: 'LINE_LATE' });
    await camera.close();
  },
);

describe('a camera that is asked for each frame', () => {
  const of = (part: string) => ({ part, lot: null, product: null, recipe: null });
  const code = (error: { code: string }) => error.code;
  let asked: number;
  let own: ReturnType<typeof opened>;
  const frame = (id: number) =>
    own.hearer.frame(new Uint8Array(1), { id, at: performance.now(), stampMillis: null, about: '' });
  beforeEach(() => {
    asked = 0;
    own = opened({ trigger: () => void asked++ });
  });
  afterEach(() => own.camera.close());

  it('gives no part the frame of the next one, where its own was lost', async () => {
    const first = own.camera.trigger(of('r1')).catch(code);
    own.hearer.damaged('frame 1 came damaged');
    const second = own.camera.trigger(of('r2'));
    expect(frame(2)).toBe(true);
    expect(await first).toBe('SOURCE_LOST');
    await second;
    expect([asked, own.came]).toEqual([2, ['frame 2']]);
  });

  it('is asked for none while it owes one, and what it gives late is for nobody', async () => {
    const first = own.camera.trigger(of('r1'), 1).catch(code);
    await expect(own.camera.trigger(of('r2'))).rejects.toMatchObject({ code: 'LINE_LATE' });
    expect(await first).toBe('LINE_LATE');
    // its window is over, and the frame may still come
    await expect(own.camera.trigger(of('r3'))).rejects.toMatchObject({ code: 'LINE_LATE' });
    expect(frame(1)).toBe(false);
    const fourth = own.camera.trigger(of('r4'));
    // what nobody asked for
    expect([frame(2), frame(3)]).toEqual([true, false]);
    await fourth;
    expect([asked, own.came]).toEqual([2, ['frame 2']]);
  });
});
