import { expect, it } from 'vitest';
import { planUpload, type SentAs } from './upload-plan.ts';

const plan = (paths: readonly string[], as: SentAs = 'folders') => {
  const { images, unmatched } = planUpload(
    paths.map((path) => ({ path, file: new File([path], path.split('/').at(-1)!) })),
    as,
  );
  const rows = images.map(({ name, label, className, mask }) => [name, label, className, mask?.name]);
  return { rows, unmatched };
};

it('takes labels, classes and masks from the folders of a published set', () => {
  const { rows, unmatched } = plan([
    'plate/train/good/000.png',
    'plate/test/good/000.png',
    'plate/test/scratch/000.png',
    'plate/test/odd_thing/000.png',
    'plate/ground_truth/scratch/000_mask.png',
    'plate/ground_truth/odd_thing/000_mask.png',
    'plate/.hidden/000.png',
  ]);
  expect(rows).toEqual([
    ['train/good/000.png', 'good', undefined, undefined],
    ['test/good/000.png', 'good', undefined, undefined],
    ['test/scratch/000.png', 'defective', 'scratch', '000_mask.png'],
    // no word for a defect, but beside good parts
    ['test/odd_thing/000.png', 'defective', 'odd_thing', '000_mask.png'],
  ]);
  expect(unmatched).toEqual([]);
});

it('knows plain folders, in several languages, and masks beside their images', () => {
  const { rows } = plan(['bra/1.jpg', 'NG/2.jpg', 'Kratzer/3.jpg', 'masks/3.png', 'other/4.jpg']);
  expect(rows).toEqual([
    ['bra/1.jpg', 'good', undefined, undefined],
    ['NG/2.jpg', 'defective', undefined, undefined],
    ['Kratzer/3.jpg', 'defective', 'Kratzer', '3.png'],
    ['other/4.jpg', 'defective', 'other', undefined],
  ]);
  expect(plan(['photos/1.jpg']).rows).toEqual([['1.jpg', undefined, undefined, undefined]]);
  expect(plan(['5.bmp', '5_mask.png']).rows).toEqual([['5.bmp', undefined, undefined, '5_mask.png']]);
});

it('labels all alike where that is asked for, and guesses at no mask', () => {
  expect(plan(['a/good/1.png', 'a/scratch/2.png'], 'none').rows.map(([, label]) => label)).toEqual([
    undefined,
    undefined,
  ]);
  expect(plan(['a/x/1.png'], 'good').rows).toEqual([['x/1.png', 'good', undefined, undefined]]);
  const doubtful = plan(['dent/7.png', 'chip/7.png', 'masks/7.png', 'masks/9.png']);
  expect(doubtful.unmatched).toEqual(['masks/7.png', 'masks/9.png']);
});
