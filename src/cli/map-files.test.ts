import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { mapNames, mapTargets } from './map-files.ts';

const newFolder = temporaryFolders();

it('refuses a folder that is a bundle or part of one, by whatever way', async () => {
  const root = await newFolder();
  await mkdir(join(root, 'bundle/golden'), { recursive: true });
  await writeFile(join(root, 'bundle/bundle.json'), '{}');
  await symlink(join(root, 'bundle'), join(root, 'link'));
  const files = [{ path: join(root, 'a.png'), name: 'a.png' }];
  const options = { model: 'm', overwrite: true };
  for (const folder of ['bundle', 'bundle/golden', 'bundle/run/new', 'link', 'link/maps'])
    await expect(mapTargets(join(root, folder), files, options), folder).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('part of the bundle') }); // biome-ignore format: one line
  expect(await mapTargets(join(root, 'beside'), files, options)).toHaveLength(1);
});

it('names maps by their images, by the whole name where two share a stem, and by numbers where that is not enough', () => {
  expect(mapNames(['a.png', 'b.tif'])).toEqual(['a.png', 'b.png']);
  expect(mapNames(['a.png', 'a.jpg'])).toEqual(['a.png.png', 'a.jpg.png']);
  expect(mapNames(['a.png', 'a.png'])).toEqual(['a.png.png', 'a.png-2.png']);
  expect(mapNames(['A.png', 'a.PNG'])).toEqual(['A.png.png', 'a.PNG-2.png']);
  expect(mapNames(['s/a.png', 't/a.png'])).toEqual(['s/a.png', 't/a.png']);
});

it('never gives two images one map, also on file systems to which a and A, or two spellings of é, are the same', () => {
  const part = fc.constantFrom('a', 'A', 'a-2', 'a.png', 'e\u0301', '\u00e9', 'a.png-2');
  const name = fc
    .tuple(fc.array(part, { maxLength: 2 }), part, fc.constantFrom('.png', '.PNG', '.jpg', '', '.tif'))
    .map(([folders, stem, ending]) => [...folders, `${stem}${ending}`].join('/'));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), (names) => {
      const maps = mapNames(names);
      const plain = maps.map((map) => map.normalize('NFC').toLowerCase());
      expect(new Set(plain).size).toBe(names.length);
      for (const [i, map] of maps.entries()) {
        expect(map.endsWith('.png')).toBe(true);
        expect(map.split('/').slice(0, -1)).toEqual(names[i]!.split('/').slice(0, -1));
      }
    }),
  );
});
