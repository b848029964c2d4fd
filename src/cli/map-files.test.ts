import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapNames } from './map-files.ts';

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
