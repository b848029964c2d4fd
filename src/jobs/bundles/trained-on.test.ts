import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { dataSetHash, recogniseDataSet } from '../../data/dataset.ts';
import type { PartImage } from '../../data/part-image.ts';
import { type Split, splitHash } from '../../data/split.ts';
import { otherImages, requireTrainedOn } from './trained-on.ts';

const folder = temporaryFolders();
const image = (name: string): PartImage => ({
  path: `/${name}`,
  name,
  label: 'good',
  className: 'good',
  partGroup: name,
});
const split: Split = {
  name: 'fold 0 of 5',
  protocol: 'honest',
  train: ['a.png', 'b.png'].map(image),
  calibration: [image('c.png')],
  test: [image('d.png')],
  notes: [],
};
const data = {
  name: 'set',
  hash: 'f'.repeat(64),
  split: split.name,
  protocol: split.protocol,
  splitHash: splitHash(split),
};
const given = { dataHash: data.hash, split };

const check = (own: object, detector = 'flow', directory = '/nowhere'): Promise<void> =>
  requireTrainedOn(
    { directory, manifest: { detector, data: { ...data, ...own } } as unknown as BundleManifest },
    'flow',
    given,
  );

it('takes a bundle of the same data and split', async () => {
  await check({});
});

it('refuses another detector, other data, another fold, another protocol, other folds of the same name', async () => {
  await expect(check({}, 'unet')).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  for (const [own, said] of [
    [{ hash: 'e'.repeat(64) }, /data set set with SHA-256 eeeeeeeeeeee, the one given has ffffffffffff/],
    [{ split: 'fold 1 of 5' }, /trained on fold 1 of 5, honest protocol; asked for is fold 0 of 5/],
    [{ protocol: 'paper' }, /paper protocol; asked for is fold 0 of 5, honest protocol/],
    [{ splitHash: '0'.repeat(64) }, /another fold 0 of 5 of the same data.*--seed/],
  ] as const) {
    const refused = check(own);
    await expect(refused).rejects.toMatchObject({ code: 'BUNDLE_MISMATCH' });
    await expect(refused).rejects.toThrow(said);
  }
});

it('asks the record of the run where an older bundle has no hash of its split', async () => {
  const directory = await folder();
  const older = { splitHash: undefined };
  await expect(check(older, 'flow', directory)).rejects.toThrow(/does not say which images/);
  const record = async (trainedOn: string[]): Promise<void> => {
    await mkdir(join(directory, 'run'), { recursive: true });
    await writeFile(join(directory, 'run', 'run.json'), JSON.stringify({ configuration: { data: { trainedOn } } }));
  };
  await record(['b.png']);
  await check(older, 'flow', directory);
  await record(['b.png', 'd.png']);
  await expect(check(older, 'flow', directory)).rejects.toThrow(/trained on d\.png, which is not on the training side/);
});

it('warns where other images than were kept apart set a threshold or give figures', async () => {
  const manifest = (own: object) => ({ data: { ...data, ...own } }) as unknown as BundleManifest;
  expect(await otherImages(manifest({}), split)).toBeNull();
  expect(await otherImages(manifest({ splitHash: undefined }), split)).toBeNull();
  const other = { ...split, name: 'fold 2 of 5', train: split.test, test: split.train };
  expect(await otherImages(manifest({}), other)).toMatch(
    /^the bundle was trained on fold 0 of 5 of set, and these are not/,
  );
});

it('warns of other data of the same names, also where an older bundle has no hash of its split', async () => {
  const root = await folder();
  const files = { 'good/a.png': 90, 'good/b.png': 91, 'good/c.png': 92, 'defective/d.png': 93 };
  await writeTree(root, files);
  const dataSet = await recogniseDataSet(root);
  const own = (change: object) => ({ data: { ...data, ...change } }) as unknown as BundleManifest;
  const hash = await dataSetHash(dataSet);
  expect(await otherImages(own({ hash }), split, dataSet)).toBeNull();
  await writeTree(root, { 'good/b.png': 191 });
  for (const change of [{ hash }, { hash, splitHash: undefined }])
    expect(await otherImages(own(change), split, dataSet)).toMatch(
      /trained on set with SHA-256 .* other data of the same names/,
    );
});
