/** felfri/client against a real station on a port of its own. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  fillQueue,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import { isDecided } from '../inspections/decided.ts';
import { StationClient, type StationClientSettings, StationError } from './client.ts';

const folder = temporaryFolders();
let own: TestStation;
let address: string;
let token: string;
let image: Uint8Array<ArrayBuffer>;
let recipe: string;
/** Method and path of every request. */
const asked = new Set<string>();

const noting: typeof fetch = (input, init) => {
  asked.add(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
  return fetch(input, init);
};
const client = (settings: Partial<StationClientSettings> = {}) =>
  new StationClient({ address, token, fetch: noting, ...settings });

beforeAll(async () => {
  own = await startStation(await folder(), { queue: { limit: 3, workers: 1, threads: 1 } });
  recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 1e-6));
  token = await addUser(own, 'ada', 'admin');
  address = await own.app.listen({ host: '127.0.0.1', port: 0 });
  image = new Uint8Array(await partPng(1));
});
afterAll(() => own.close());

const refusalOf = (work: Promise<unknown>): Promise<StationError> =>
  work.then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(StationError);
      return error as StationError;
    },
  );

it('inspects, finds, shows and judges', async () => {
  const station = client();
  const events = await station.events();
  const made = await station.inspect(image, { part: 'ring 1/2', lot: 'L-7' });
  expect(made).toMatchObject({ part: 'ring 1/2', lot: 'L-7', recipe, decision: 'NG', feedback: null });
  expect((await events.next()).value).toEqual({ type: 'inspection', change: 'new', inspection: made });
  await events.return(undefined);

  expect(await station.inspection(made.id)).toEqual(made);
  expect((await station.inspections({ lot: 'L-7', decision: 'NG' })).inspections).toEqual([made]);
  expect((await station.inspections({ lot: 'L-8' })).inspections).toEqual([]);
  expect(await (await station.image(made.id)).bytes()).toEqual(image);
  expect((await station.map(made.id, 32)).type).toBe('image/png');
  expect((await station.review(1)).inspections).toEqual([made]);
  expect((await station.giveFeedback(made.id, { verdict: 'agree', note: 'a dent' })).feedback?.by).toBe('ada');
  expect((await station.withdrawFeedback(made.id)).feedback).toBeNull();
});

it('sees and changes recipes', async () => {
  const station = client();
  expect((await station.recipes()).map(({ id }) => id)).toEqual([recipe]);
  expect((await station.tune(recipe, { ng: 0.65, sources: ['calibration'] })).confusion).toMatchObject({
    tp: 3,
    fn: 1,
  });
  const changed = await station.setThresholds(recipe, { ng: 1e-5, note: 'a try' });
  expect((await station.station()).recipe).toEqual(changed);
  expect((await station.rollBack(recipe)).threshold).toBe(1e-6);
  expect((await station.activate(recipe)).active).toBe(true);
  expect((await station.recipe(recipe)).revisions[0]).toMatchObject({ change: 'activated', by: 'ada' });
  expect((await station.audit({ limit: 1 })).entries[0]!.action).toBe('recipe.activated');
});

it('asks nothing that the contract does not have', async () => {
  const { paths } = (await client().connection.call('getOpenApi')) as unknown as { paths: Record<string, object> };
  const legal = Object.entries(paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => new RegExp(`^${method.toUpperCase()} ${route.replace(/\{\w+\}/g, '[^/]+')}$`)),
  );
  const unknown = [...asked].filter((one) => !one.endsWith('openapi.json') && !legal.some((form) => form.test(one)));
  expect(asked.size).toBeGreaterThan(15);
  expect(unknown).toEqual([]);
});

it('says what the station refuses, by its code', async () => {
  const stranger = await refusalOf(client({ token: undefined }).station());
  expect([stranger.code, stranger.status]).toEqual(['UNAUTHORISED', 401]);
  const text = await refusalOf(client().inspect(new TextEncoder().encode('no image')));
  expect([text.code, text.status]).toEqual(['IMAGE_FORMAT', 415]);
  const missing = await refusalOf(client().inspection('none'));
  expect([missing.code, missing.subject]).toEqual(['NOT_FOUND', 'none']);
});

it('sends again while the queue is full, and each image is on record once', async () => {
  const before = own.station.notInspected.counts.shed;
  const ids = Array.from({ length: 7 }, (_, i) => `busy-${i}`);
  const made = await Promise.all(ids.map((resultId) => client({ patience: 60_000 }).inspect(image, { resultId })));
  expect(made.map(({ resultId }) => resultId)).toEqual(ids);
  expect(own.station.notInspected.counts.shed).toBeGreaterThan(before);
  const { inspections } = await client().inspections({ limit: 500 });
  const busy = inspections.filter(({ resultId }) => resultId?.startsWith('busy-'));
  expect(busy.filter(isDecided)).toHaveLength(7);
  // what was turned away at first is on record too, and says what became of it
  const decided = new Map(busy.filter(isDecided).map(({ id, resultId }) => [resultId, id]));
  for (const record of busy)
    if (!isDecided(record))
      expect(record).toMatchObject({ code: 'TOO_BUSY', cause: 'shed', decidedAs: decided.get(record.resultId!) });
});

it('sends again where the answer was lost, and gets the record that was made', async () => {
  let lost: { id: string } | undefined;
  const losing: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (lost) return answer;
    lost = (await answer.json()) as { id: string };
    throw new TypeError('connection reset');
  };
  const { id } = await client({ fetch: losing }).inspect(image);
  expect(id).toBe(lost!.id);
});

it('gives no decision after its patience, however the station keeps it waiting', async () => {
  const silent: typeof fetch = (_, init) =>
    new Promise((_, reject) => init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason)));
  const waited = await refusalOf(client({ fetch: silent, patience: 50 }).inspect(image));
  expect(waited.message).toBe('The station gave no decision within 50 ms.');
  const release = fillQueue(own);
  const busy = await refusalOf(client({ patience: 300 }).inspect(image));
  expect([busy.code, busy.retryAfter]).toEqual(['TOO_BUSY', 1]);
  release();
  const gone = await refusalOf(client({ address: 'http://127.0.0.1:9', patience: 300 }).inspect(image));
  expect([gone.code, gone.status]).toEqual(['STATION_UNREACHABLE', 0]);
  const stop = AbortSignal.abort(new Error('the part is past'));
  await expect(client().inspect(image, {}, stop)).rejects.toThrow('the part is past');
});

it('is ready, or says why not', async () => {
  expect(await client().ready()).toMatchObject({ ready: true, reason: null, recipes: [{ product: null, recipe }] });
  const { ready, reason } = await client({ address: 'http://127.0.0.1:9' }).ready();
  expect([ready, reason]).toEqual([false, 'The station does not answer. Is the service running?']);
  await own.station.queue.drain();
  expect(await client().ready()).toMatchObject({ ready: false, reason: 'the station is stopping' });
});

/** What the loop over events saw until it ended. */
async function heard(signal: AbortSignal, first?: () => void): Promise<string[]> {
  const types: string[] = [];
  const events = await client().events(signal);
  first?.();
  for await (const { type } of events) types.push(type);
  return types;
}

it('ends the loop over events when it is asked to, and throws nothing: before, while and after it connects', async () => {
  expect(await heard(AbortSignal.abort(new Error('before')))).toEqual([]);

  const connecting = new AbortController();
  const hanging: typeof fetch = (_, init) =>
    new Promise((_, reject) => init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason)));
  const events = client({ fetch: hanging }).events(connecting.signal);
  connecting.abort();
  expect(await (await events).next()).toEqual({ done: true, value: undefined });

  const connected = new AbortController();
  const stop = () => connected.abort();
  expect(await heard(connected.signal, stop)).toEqual([]);

  expect(await heard(AbortSignal.timeout(300))).toEqual([]);
});

it('ends the loop over events between two that came together', async () => {
  const stop = new AbortController();
  const two = `data: ${JSON.stringify({ type: 'recipe' })}\n\n`.repeat(2);
  const fetched: typeof fetch = async () => new Response(two);
  const seen: unknown[] = [];
  for await (const event of await client({ fetch: fetched }).events(stop.signal)) {
    seen.push(event);
    stop.abort();
  }
  expect(seen).toHaveLength(1);
});

it('says when the connection over which events come breaks', async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });
  const events = await client({ fetch: async () => new Response(body) }).events();
  expect((await refusalOf(events.next())).code).toBe('STATION_UNREACHABLE');
});

it('asks again after Retry-After while the station is busy, within its patience', async () => {
  let asks = 0;
  const busy =
    (times: number): typeof fetch =>
    async (input, init) => {
      if (asks++ >= times) return fetch(input, init);
      const body = JSON.stringify({ code: 'TOO_BUSY', message: 'later' });
      return new Response(body, { status: 503, headers: { 'retry-after': '0' } });
    };
  expect((await client({ fetch: busy(3) }).recipes()).map(({ id }) => id)).toEqual([recipe]);
  expect(asks).toBe(4);
  const lasting: typeof fetch = async () =>
    new Response('{"code":"TOO_BUSY","message":"later"}', { status: 503, headers: { 'retry-after': '60' } });
  expect((await refusalOf(client({ fetch: lasting }).recipes())).retryAfter).toBe(60);
  // also where the clock is set back meanwhile
  vi.useFakeTimers({ toFake: ['Date'] });
  const waiting = refusalOf(client({ fetch: busy(Number.POSITIVE_INFINITY), patience: 100 }).recipes());
  vi.setSystemTime(0);
  expect((await waiting).code).toBe('TOO_BUSY');
  vi.useRealTimers();
  // without Retry-After nothing says that the request was not carried out
  asks = 0;
  const failing: typeof fetch = async () => {
    asks++;
    return new Response('{"code":"RECORDS_UNAVAILABLE","message":"no"}', { status: 503 });
  };
  expect((await refusalOf(client({ fetch: failing }).activate(recipe))).code).toBe('RECORDS_UNAVAILABLE');
  expect(asks).toBe(1);
});
