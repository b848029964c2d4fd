import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { recogniseDataSet } from '../dataset.ts';
import type { PartImage } from '../part-image.ts';
import type { NearCopy } from './near-copies.ts';
import { groupManifest, proposePartGroups } from './part-groups.ts';

const newFolder = temporaryFolders();

const images = (n: number, partGroup = (i: number): string => `${i}`): PartImage[] =>
  Array.from({ length: n }, (_, i) => {
    const name = `${String(i).padStart(3, '0')}.png`;
    return { path: `/d/${name}`, name, label: 'good', className: 'good', partGroup: partGroup(i) };
  });

const copy = (all: readonly PartImage[], one: number, other: number, similarity = 0.9): NearCopy => {
  return { one: all[one]!, other: all[other]!, similarity };
};

const groupsOf = (grouped: ReturnType<typeof proposePartGroups>): string[] => grouped.map(({ group }) => group);

describe('proposePartGroups', () => {
  it('joins near copies and leaves the rest alone', () => {
    const all = images(6);
    const grouped = proposePartGroups(all, [copy(all, 0, 2), copy(all, 2, 4, 0.8), copy(all, 0, 4, 0.7)]);
    expect(groupsOf(grouped)).toEqual(['part0001', 'part0002', 'part0001', 'part0003', 'part0001', 'part0004']);
    expect(grouped.map(({ similarity }) => similarity)).toEqual([0.9, null, 0.9, null, 0.8, null]);
  });

  it('does not let one chance likeness join two parts of many images', () => {
    const all = images(8);
    const within = [0, 4].flatMap((from) =>
      [0, 1, 2].flatMap((i) => [1, 2, 3].filter((j) => j > i).map((j) => copy(all, from + i, from + j))),
    );
    expect(new Set(groupsOf(proposePartGroups(all, [...within, copy(all, 0, 4, 0.99)])))).toHaveProperty('size', 2);
    const several = [4, 5, 6, 7].map((j) => copy(all, 0, j));
    expect(new Set(groupsOf(proposePartGroups(all, [...within, ...several])))).toHaveProperty('size', 1);
  });

  it('keeps known groups whole', () => {
    const all = images(4, (i) => (i < 2 ? 'a' : `${i}`));
    const grouped = proposePartGroups(all, [copy(all, 1, 2)], (image) => image.partGroup);
    expect(groupsOf(grouped)).toEqual(['part0001', 'part0001', 'part0001', 'part0002']);
  });

  it('never splits without cause: groups are unions of connected images, whatever the order of pairs', () => {
    const pair = fc.tuple(fc.nat(11), fc.nat(11), fc.double({ min: 0.7, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.uniqueArray(pair, { selector: ([a, b]) => `${Math.min(a, b)},${Math.max(a, b)}` }), (pairs) => {
        const all = images(12);
        const copies = pairs.filter(([a, b]) => a !== b).map(([a, b, s]) => copy(all, a, b, s));
        const reach = all.map((_, i) => i);
        for (let round = 0; round < 12; round++) {
          for (const { one, other } of copies) {
            const [a, b] = [all.indexOf(one), all.indexOf(other)];
            reach[a] = reach[b] = Math.min(reach[a]!, reach[b]!);
          }
        }
        const grouped = proposePartGroups(all, copies);
        expect(grouped).toHaveLength(12);
        for (const [i, p] of grouped.entries()) {
          for (const [j, q] of grouped.entries()) if (p.group === q.group) expect(reach[i]).toBe(reach[j]);
        }
      }),
    );
  });

  it('is a manifest that the folder is read by', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'good/a, one.png': 1, 'good/b.png': 2, 'defective/c.png': 3, 'masks/c.png': 255 });
    const dataSet = await recogniseDataSet(folder);
    const find = (name: string): PartImage => dataSet.images.find((image) => image.name === name)!;
    const copies = [{ one: find('good/a, one.png'), other: find('defective/c.png'), similarity: 0.75 }];
    const text = groupManifest(proposePartGroups(dataSet.images, copies), (image) => (image.mask ? 'masks/c.png' : ''));
    await writeTree(folder, { 'manifest.csv': text });
    const read = await recogniseDataSet(folder);
    expect(read.images.map(({ name, partGroup, className, mask }) => [name, partGroup, className, mask])).toEqual([
      ['defective/c.png', 'part0001', 'defective', `${folder}/masks/c.png`],
      ['good/a, one.png', 'part0001', 'good', undefined],
      ['good/b.png', 'part0002', 'good', undefined],
    ]);
  });
});
