import { expect, it } from 'vitest';
import { ImageFinder } from './folder.ts';

it.each([
  ['train/1.png', 'test/1.png'],
  ['train2017/1.png', 'val2017/1.png'],
  ['good/1.png', 'data/scratch/1.png'],
  ['camera1/1.png', 'camera2/1.png'],
])('%s is not taken for another image of the same name, %s', (stated, here) => {
  expect(new ImageFinder([here]).find(stated, '')).toEqual([]);
});

it.each([
  ['C:\\shop\\pictures\\train\\1.png', 'train/1.png'],
  ['/home/u/2024-01-05/1.png', 'parts/1.png'],
  ['test/data/train/1.png', 'set/train/1.png'],
  ['upload/17/1.PNG', 'photos/1.png'],
])('%s is found under the folders of another machine, as %s', (stated, here) => {
  expect(new ImageFinder([here, 'photos/2.png']).find(stated, '')).toEqual([here]);
});
