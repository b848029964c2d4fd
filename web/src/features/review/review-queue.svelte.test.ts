/** The review queue before a real station that finds every part NG. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { stationOfPage } from '../../../../test/support/page-station.ts';
import { activeRecipe, partPng, smallBundle, type TestStation } from '../../../../test/support/station.ts';
import { inspect, type NewFeedback } from '../../api/client.ts';
import { ReviewQueue } from './review-queue.svelte.ts';

const folder = temporaryFolders();
let own: TestStation;
const told: (string | null)[] = [];
const queue = new ReviewQueue(({ part, feedback }) => told.push(`${part} ${feedback?.verdict ?? 'waits'}`));

const said = (verdict: NewFeedback['verdict'], className = '', note = ''): NewFeedback => ({
  verdict,
  className,
  note,
  by: '',
});

async function send(part: string, seed: number) {
  const image = new File([new Uint8Array(await partPng(seed))], `${part}.png`);
  await inspect({ image, resultId: `result-${part}`, part, lot: '', product: '' });
}

beforeAll(async () => {
  own = await stationOfPage(await folder());
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 1e-6));
  for (const [i, part] of ['A', 'B', 'C'].entries()) await send(part, 60 + i);
});
afterAll(() => own?.close());

it('knows nothing before it has asked, then shows the oldest first', async () => {
  expect([queue.waiting, queue.current, queue.isLow]).toEqual([undefined, undefined, true]);
  await queue.loading.reload();
  expect([queue.waiting, queue.current?.part, queue.upcoming?.part]).toEqual([3, 'A', 'B']);
});

it('goes on with a verdict, one at a time, and takes it back', async () => {
  queue.judge(said('agree', 'dent', 'at the rim'));
  expect(queue.saving).toBe(true);
  // a second key while the first is on its way is none
  queue.judge(said('false-alarm'));
  queue.undo();
  await expect.poll(() => queue.saving).toBe(false);
  expect([queue.waiting, queue.current?.part, queue.judged.map(({ part }) => part)]).toEqual([2, 'B', ['A']]);
  expect(queue.judged[0]?.feedback).toMatchObject({ className: 'dent', note: 'at the rim' });
  queue.undo();
  await expect.poll(() => queue.waiting).toBe(3);
  expect([queue.current?.part, queue.judged]).toEqual(['A', []]);
  expect(told).toEqual(['A agree', 'A waits']);
});

it('puts a part that is skipped behind the others', () => {
  queue.skip();
  expect([queue.current?.part, queue.upcoming?.part]).toEqual(['B', 'C']);
  queue.skip();
  queue.skip();
  expect([queue.current?.part, queue.waiting]).toEqual(['A', 3]);
});

it('adds what came since, and nothing twice', async () => {
  queue.judge(said('agree'));
  await expect.poll(() => queue.judged.length).toBe(1);
  await send('D', 70);
  await queue.loading.reload();
  expect(queue.waiting).toBe(3);
  const seen: (string | null)[] = [];
  while (queue.current) {
    seen.push(queue.current.part);
    await queue.judging.run(said('false-alarm'));
  }
  expect(seen).toEqual(['B', 'C', 'D']);
  expect(queue.waiting).toBe(0);
});
