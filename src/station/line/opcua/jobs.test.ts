/** Which results belong to which job, where images come early, late, or by another recipe. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Type, Value } from '../../../core/schema.ts';
import type { PartMessage } from '../../contract/line.ts';
import type { Moment } from '../../moments.ts';
import type { LineTools } from '../connector.ts';
import { Jobs } from './jobs.ts';
import type { JobAsk } from './messages.ts';
import { type OpcuaSettings, opcuaSettings } from './settings.ts';

const closing: Jobs[] = [];
afterEach(() => {
  for (const jobs of closing.splice(0)) jobs.close();
});

function begin(settings: Partial<OpcuaSettings> = {}) {
  const full = Value.Default(Type.Object(opcuaSettings), settings) as OpcuaSettings;
  const moments = new Map<string, Moment>();
  const missed: string[] = [];
  let isReady = true;
  let ended = 0;
  const tools = {
    state: () => ({ ready: isReady }),
    triggered: () => undefined,
    missed: async (_: string | null, message: string) => void missed.push(message),
    recipes: { active: { id: 'a', name: 'rings' } },
    momentOf: (id: string) => moments.get(id),
  };
  const jobs = new Jobs(full, tools as unknown as LineTools, () => ended++);
  closing.push(jobs);
  let sequence = 0;
  /** A part as it goes out. `cameAt`: when its image began to come; null where that was before this start. */
  const part = (name: string, change: Partial<PartMessage> = {}, cameAt: number | null = performance.now()) => {
    const id = `id ${++sequence}`;
    if (cameAt !== null) moments.set(id, { cameAt, decidedAt: performance.now() });
    const message = { sequence, id, part: name, pass: true, decision: 'OK', recipe: 'a', code: null, ...change };
    return message as PartMessage;
  };
  const start = (ask: Partial<JobAsk> = {}): string => {
    const answer = jobs.start({ kind: 'single', meas: '', part: 'p', recipe: '', ...ask });
    return 'id' in answer ? answer.id : answer.refused;
  };
  return { jobs, part, start, missed, setReady: (now: boolean) => (isReady = now), ended: () => ended };
}

const late = { pass: false, decision: 'NOT_INSPECTED', code: 'LINE_LATE' } as const;

it('takes an image that came after the start alone, of the part and by the recipe that was active', () => {
  const { jobs, part, start, ended } = begin();
  const before = performance.now();
  const id = start();
  expect(jobs.of(part('p', {}, before - 1))).toBeNull();
  expect(jobs.of(part('p', {}, null))).toBeNull();
  expect(jobs.of(part('q'))).toBeNull();
  expect(jobs.of(part('p', { recipe: 'b' }))).toBeNull();
  const result = part('p');
  expect(jobs.of(result)).toEqual({ id, meas: null, isAborted: false });
  expect(jobs.running?.id).toBe(id);
  jobs.shown(result.sequence);
  expect([jobs.running, ended()]).toEqual([null, 1]);
  // a server that was killed is shown it again, as the same
  expect(jobs.of(result)?.id).toBe(id);
  jobs.forget([result.sequence]);
  expect(jobs.of(result)).toBeNull();
});

it('refuses a job while another runs, while the station is not ready, and by another recipe', () => {
  const { jobs, part, start, setReady } = begin();
  expect(start({ part: '' })).toBe('noPart');
  expect(start({ recipe: 'links' })).toBe('notPrepared');
  setReady(false);
  expect(start()).toBe('notNow');
  setReady(true);
  const id = start({ recipe: 'rings', meas: 'm' });
  expect([start(), start({ kind: 'continuous' })]).toEqual(['notNow', 'notNow']);
  const result = part('p', { pass: false, decision: 'NG' });
  expect(jobs.of(result)).toEqual({ id, meas: 'm', isAborted: false });
  expect(start()).toBe('notNow');
  // that part was given up before it was shown: the next one that comes says so
  expect(jobs.of(part('p'))).toBeNull();
  expect(jobs.running).toBeNull();
});

it('gives the record of a window that ended to the job whose it is, and its late image to none', async () => {
  const { jobs, part, start, missed } = begin({ windowMillis: 20 });
  const id = start();
  await sleep(60);
  expect(missed).toEqual(['no decision of p within 20 ms of its trigger; it was not inspected']);
  expect(jobs.of(part('p'))).toBeNull();
  expect(jobs.of(part('p', late))).toMatchObject({ id, isAborted: false });
});

it('keeps the result of an aborted job apart from that of the next of the same part', () => {
  const { jobs, part, start, missed } = begin();
  const first = start();
  expect(jobs.end('abort')).toBeNull();
  expect([jobs.running, jobs.end('abort')]).toEqual([null, 'notNow']);
  expect(missed).toEqual(['no decision of p before its job was aborted; it was not inspected']);
  const second = start();
  expect(jobs.of(part('p', late))).toMatchObject({ id: first, isAborted: true });
  expect(jobs.of(part('p'))).toMatchObject({ id: second, isAborted: false });
});

it('gives a job that was stopped the image that came before, and none that came after', () => {
  const { jobs, part, start } = begin();
  const first = start();
  const before = part('p');
  jobs.end('stop');
  expect(jobs.of(part('p', {}, performance.now() + 1))).toBeNull();
  expect(jobs.of(before)?.id).toBe(first);
  const second = start({ kind: 'continuous', part: '' });
  const came = [part('x'), part('y', { recipe: 'b' }), part('z', { pass: false, decision: 'NG', recipe: 'b' })];
  jobs.end('stop');
  expect(came.map((one) => jobs.of(one)?.id)).toEqual([second, undefined, second]);
});
