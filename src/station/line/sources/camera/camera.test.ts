/** Which frames a trigger takes of a stream that begins with pictures of before, as many servers send so that a player starts at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Type, Value } from '../../../../core/schema.ts';
import type { Inspection } from '../../../contract/inspections.ts';
import type { SourceTools } from '../source.ts';
import { Camera } from './camera.ts';
import type { Hearer } from './driver.ts';
import { type CameraSettings, cameraSettings } from './settings.ts';

const settings = Value.Default(Type.Object(cameraSettings), {
  triggerMillis: 60_000,
  frameSeconds: 0,
}) as CameraSettings;

/** A camera whose frames the test gives. */
function opened(joins: boolean) {
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
    return { ended, stop: async () => stop('stopped'), ...(joins && { joins }) };
  });
  return { camera, hearer, came, cameAt };
}

/** What a trigger is given that came before the first of these frames; `seconds` of them come at once. */
async function taken(seconds: number, joins: boolean): Promise<string> {
  const { camera, hearer, came, cameAt } = opened(joins);
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

it('gives no frame to a trigger that was exposed after the next one: it shows the part of that', async () => {
  const { camera, hearer, cameAt } = opened(true);
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
});
