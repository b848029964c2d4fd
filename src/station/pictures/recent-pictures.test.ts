import sharp from 'sharp';
import { expect, it } from 'vitest';
import { RecentPictures } from './recent-pictures.ts';

const picture = (size: number) => ({
  bytes: new Uint8Array(size).fill(size),
  map: { width: 2, height: 1, data: Uint8Array.from([0, 255]), byThreshold: false },
});
const kept = (recent: RecentPictures) => 'abcdef'.split('').filter((id) => recent.image(id) !== undefined).join(''); // biome-ignore format: one line

it('keeps the newest by number', async () => {
  const recent = new RecentPictures(3, 1000);
  for (const id of 'abcde') recent.add(id, picture(10));
  expect(kept(recent)).toBe('cde');
  expect(recent.image('e')).toEqual(new Uint8Array(10).fill(10));
  const map = await sharp(await recent.map('e')).raw().toBuffer({ resolveWithObject: true }); // biome-ignore format: one line
  expect([map.info.width, map.info.height, map.data[0], map.data.at(-1)]).toEqual([2, 1, 0, 255]);
  expect(await recent.map('a')).toBeUndefined();
});

it('keeps the newest by bytes, and none that is too large by itself', () => {
  const recent = new RecentPictures(50, 100);
  for (const id of 'abc') recent.add(id, picture(40));
  expect(kept(recent)).toBe('bc');
  recent.add('d', picture(99));
  expect(kept(recent)).toBe('');
  recent.add('e', picture(90));
  expect(kept(recent)).toBe('e');
});
