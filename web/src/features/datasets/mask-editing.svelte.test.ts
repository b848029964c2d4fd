/** Drawing on an image of a data set, before a real station. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { stationOfPage } from '../../../../test/support/page-station.ts';
import { fillDataSet, type TestStation } from '../../../../test/support/station.ts';
import { DataSetState } from './data-set.svelte.ts';
import { MaskEditing } from './mask-editing.svelte.ts';

const folder = temporaryFolders();
let own: TestStation;
let set: DataSetState;
let editing: MaskEditing;
let made = 0;

const image = () => set.all[2]!;

beforeAll(async () => {
  own = await stationOfPage(await folder());
});
afterAll(() => own?.close());
beforeEach(async () => {
  set = new DataSetState(await fillDataSet(own.station, `Rings ${++made}`, 3));
  await set.loaded.reload();
  editing = new MaskEditing(set.id, image, (change) => set.take(image().hash, change));
  await editing.loading.run();
});

function stroke(): void {
  editing.mask.begin();
  editing.mask.stroke({ x: 10, y: 10 }, { x: 30, y: 10 }, 5, 1);
  editing.mask.commit();
  editing.drawn();
}

it('begins with a brush that suits the image, which grows and shrinks within bounds', () => {
  expect([editing.loaded, editing.dirty, editing.brush, editing.widest]).toEqual([true, false, 3, 8]);
  for (let i = 0; i < 20; i++) editing.resize(1.25);
  expect(editing.brush).toBe(8);
  for (let i = 0; i < 20; i++) editing.resize(0.8);
  expect(editing.brush).toBe(1);
});

it('saves what was drawn, and takes the mask away once nothing is left of it', async () => {
  stroke();
  expect([editing.dirty, editing.can]).toEqual([true, { undo: true, redo: false }]);
  expect(await editing.save()).toBe(true);
  expect(image().mask).not.toBeNull();
  editing.undo();
  expect([editing.dirty, editing.mask.empty, editing.can.redo]).toEqual([true, true, true]);
  expect(editing.outside.count).toBe(1);
  await editing.save();
  expect(image().mask).toBeNull();
  // nothing is new
  const { version } = set.loaded.value!.dataSet;
  await editing.save();
  expect(set.loaded.value!.dataSet.version).toBe(version);
});

it('saves before it labels, and drops the mask of what is good', async () => {
  stroke();
  await editing.label({ className: 'scratch' });
  expect(image()).toMatchObject({ label: 'defective', className: 'scratch' });
  expect(image().mask).not.toBeNull();
  await editing.label({ label: 'good' });
  expect(image()).toMatchObject({ label: 'good', mask: null });
  expect([editing.mask.empty, editing.dirty]).toEqual([true, false]);
});

it('what cannot be saved stays to be saved, and keeps the editor from leaving', async () => {
  stroke();
  await own.station.dataSets.remove(set.id, image().hash, { by: 'somebody else', at: new Date() });
  expect(await editing.save()).toBe(false);
  expect([editing.problem?.code, editing.dirty]).toEqual(['NOT_FOUND', true]);
});
