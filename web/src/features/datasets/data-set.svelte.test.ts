/** A data set as the page holds it, before a real station: six images, every third defective. */
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { stationOfPage } from '../../../../test/support/page-station.ts';
import { fillDataSet, partPng, type TestStation } from '../../../../test/support/station.ts';
import { DataSetState } from './data-set.svelte.ts';

const folder = temporaryFolders();
let own: TestStation;
let set: DataSetState;
let made = 0;

beforeAll(async () => {
  own = await stationOfPage(await folder());
});
afterAll(() => own?.close());
beforeEach(async () => {
  set = new DataSetState(await fillDataSet(own.station, `Rings ${++made}`, 6));
  await set.loaded.reload();
});

const names = () => set.images.map(({ name }) => name);

it('shows all, or those that are labelled so', () => {
  expect(names()).toEqual([0, 1, 2, 3, 4, 5].map((n) => `part-${n}`));
  set.show('defective');
  expect(names()).toEqual(['part-2', 'part-5']);
  set.show('none');
  expect(names()).toEqual([]);
});

it('labels several at once, each as it was meant, and counts as the station does', async () => {
  const [first, second] = set.all;
  set.className = ' crack ';
  const both = [set.labelling.run(first!, 'defective'), set.labelling.run(second!, null)];
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(set.all.slice(0, 3).map(({ label, className }) => [label, className])).toEqual([
    ['defective', 'crack'],
    [null, null],
    ['defective', 'dent'],
  ]);
  await set.loaded.reload();
  expect(set.loaded.value?.dataSet.counts).toMatchObject({ good: 2, defective: 3, unlabelled: 1 });
});

it('goes from image to image of those that are shown, also from one that is shown no more', async () => {
  set.show('good');
  const [first] = set.images;
  expect(set.neighbour(first!.hash, 1)?.name).toBe('part-1');
  expect(set.neighbour(first!.hash, -1)).toBeUndefined();
  const third = set.images[2]!;
  expect([third.name, set.neighbour(third.hash, -1)?.name]).toEqual(['part-3', 'part-1']);
  await set.labelling.run(third, 'defective');
  expect(names()).toEqual(['part-0', 'part-1', 'part-4']);
  expect([set.neighbour(third.hash, -1)?.name, set.neighbour(third.hash, 1)?.name]).toEqual(['part-1', 'part-4']);
});

it('adds what is an image, and names what is not with its code', async () => {
  const files = [
    new File([new Uint8Array(await partPng(77))], 'new.png'),
    new File(['no image'], 'notes.png'),
    new File([new Uint8Array(await partPng(78))], 'newer.png'),
  ];
  let told: readonly number[] = [];
  set.part = 'P-7';
  await set.adding.run(
    files.map((file) => ({ path: file.name, file })),
    (...counts) => {
      told = counts;
    },
  );
  expect(told).toEqual([2, 1]);
  expect(set.refused.map(({ name, code }) => [name, code])).toEqual([['notes.png', 'IMAGE_FORMAT']]);
  expect(set.all.slice(6).map(({ name, partGroup }) => [name, partGroup])).toEqual([
    ['new.png', 'P-7'],
    ['newer.png', 'P-7'],
  ]);
  expect(set.progress).toBeUndefined();
});

it('removes an image; one that is gone already says so, and the rest stays', async () => {
  const [first] = set.all;
  await set.removing.run(first!);
  expect(names()).not.toContain('part-0');
  expect(await set.removing.run(first!)).toBe(false);
  expect(set.problem?.code).toBe('NOT_FOUND');
  expect(set.all).toHaveLength(5);
});

it('takes labels and masks from folders, and labels and removes many at once', async () => {
  const png = async (seed: number) => new Uint8Array(await partPng(seed));
  const grey = { create: { width: 96, height: 64, channels: 3 as const, background: '#000' } };
  const spot = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const mask = await sharp(grey)
    .composite([{ input: spot, left: 20, top: 20 }])
    .png()
    .toBuffer();
  const sent = [
    ['plate/good/1.png', await png(91)],
    ['plate/scratch/1.png', await png(92)],
    ['plate/ground_truth/scratch/1_mask.png', new Uint8Array(mask)],
    ['plate/ground_truth/scratch/2_mask.png', new Uint8Array(mask)],
  ] as const;
  await set.adding.run(
    sent.map(([path, bytes]) => ({ path, file: new File([bytes], path.split('/').at(-1)!) })),
    () => undefined,
  );
  const [good, scratched] = set.all.slice(6);
  expect([good!.label, good!.mask]).toEqual(['good', null]);
  expect([scratched!.className, scratched!.mask !== null]).toEqual(['scratch', true]);
  expect(set.refused.map(({ name }) => name)).toEqual(['plate/ground_truth/scratch/2_mask.png']);

  set.selection.toggle(set.all[0]!.hash, set.all);
  set.selection.toggle(set.all[2]!.hash, set.all, true);
  expect(set.selection.among(set.all).map(({ name }) => name)).toEqual(['part-0', 'part-1', 'part-2']);
  await set.labellingPicked.run(null);
  expect([set.selection.size, set.all.slice(0, 4).map(({ label }) => label)]).toEqual([0, [null, null, null, 'good']]);
  set.show('none');
  set.selection.all(set.images);
  await set.removingPicked.run();
  expect(set.loaded.value?.dataSet.counts).toMatchObject({ unlabelled: 0 });
  expect(set.all.map(({ name }) => name).slice(0, 2)).toEqual(['part-3', 'part-4']);
});
