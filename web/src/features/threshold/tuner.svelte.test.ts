/** The tuner before a real station, whose recipe has four good and four defective scores of calibration, and as many of the test. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { stationOfPage } from '../../../../test/support/page-station.ts';
import { activeRecipe, smallBundle, type TestStation } from '../../../../test/support/station.ts';
import { saveThresholds } from '../../api/client.ts';
import { BARS } from './score-axis.ts';
import { Tuner } from './tuner.svelte.ts';

const folder = temporaryFolders();
let own: TestStation;
let recipe: string;
let tuner: Tuner;

beforeAll(async () => {
  own = await stationOfPage(await folder());
  recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
});
afterAll(() => own?.close());
beforeEach(async () => {
  tuner = new Tuner();
  await tuner.load(recipe);
});

it('begins with the thresholds in force, and without the test images, which must have no say', () => {
  expect(tuner.limits).toEqual({ ng: 0.5, review: null });
  expect([tuner.changed, tuner.refused]).toEqual([false, false]);
  expect(tuner.sources).toEqual(['calibration']);
  expect([tuner.count('calibration'), tuner.count('test'), tuner.count('feedback')]).toEqual([8, 8, 0]);
  expect([tuner.good, tuner.defective]).toEqual([
    [0.1, 0.2, 0.3, 0.6],
    [0.4, 0.7, 0.8, 0.9],
  ]);
});

it('says what the limits mean for the images that count', async () => {
  await tuner.ask();
  expect(tuner.tuning).toMatchObject({
    good: { ok: 3, review: 0, ng: 1 },
    defective: { ok: 1, review: 0, ng: 3 },
  });
  tuner.drag('ng', 0.35);
  tuner.toggleSource('test');
  await tuner.ask();
  expect(tuner.tuning).toMatchObject({
    good: { ok: 6, review: 0, ng: 2 },
    defective: { ok: 0, review: 0, ng: 8 },
  });
  tuner.toggleSource('test');
  tuner.toggleSource('calibration');
  expect([tuner.sources, tuner.request, tuner.tuning]).toEqual([[], undefined, undefined]);
});

it('only the answer to what was asked last is shown', async () => {
  const first = tuner.ask();
  tuner.drag('ng', 0.35);
  await Promise.all([first, tuner.ask()]);
  expect(tuner.tuning?.good.ng).toBe(1);
  expect(tuner.tuning?.defective.ng).toBe(4);
});

it('knows what is changed and what is refused, and goes back', () => {
  tuner.toggleReview();
  const { review } = tuner.limits;
  expect(review).toBeLessThan(0.5);
  expect(tuner.changed).toBe(true);
  tuner.type('review', '9000');
  expect(tuner.limits).toEqual({ ng: 0.5, review });
  expect(tuner.refusals.review).toMatchObject({ text: '9000' });
  tuner.drag('ng', 0.7);
  expect(tuner.refused).toBe(false);
  tuner.discard();
  expect([tuner.limits, tuner.changed]).toEqual([{ ng: 0.5, review: null }, false]);
});

it('what somebody else saves takes no work away, and is taken where there is none', async () => {
  const other = new Tuner();
  await other.load(recipe);
  other.drag('ng', 0.42);
  const { revision } = tuner.known!;
  await saveThresholds(recipe, { ng: 0.65, review: 0.3, revision, note: '', by: 'Ada' });
  other.refresh(recipe);
  tuner.refresh(recipe);
  await expect.poll(() => tuner.limits).toEqual({ ng: 0.65, review: 0.3 });
  expect(tuner.changed).toBe(false);
  expect([other.limits, other.changed]).toEqual([{ ng: 0.42, review: null }, true]);
});

it('says what the station refuses, and keeps what it has', async () => {
  await tuner.load('0123456789abcdef01234567');
  expect(tuner.problem?.code).toBe('NOT_FOUND');
  expect(tuner.known?.recipe).toBe(recipe);
});

it('lists the images of each bar once, the largest score first', () => {
  tuner.toggleSource('test');
  const all = Array.from({ length: BARS }, (_, bar) => tuner.partsOf(bar));
  expect(all.flat()).toHaveLength(16);
  const last = all.findLast((parts) => parts.length > 0)!;
  expect(last.map(({ source, score, name }) => [source, score, name]).toSorted()).toEqual([
    ['calibration', 0.9, 'defective-3.png'],
    ['test', 0.9, 'defective-3.png'],
  ]);
});
