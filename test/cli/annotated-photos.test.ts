/** A new user's folder: BMP photographs of alike parts with LabelMe files reaches a verdict by two commands. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { temporaryFolders, writeTree } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const newFolder = temporaryFolders();
const side = 64;
const small = ['--base', '2', '--epochs', '2', '--batch', '4', '--patch', '32', '--quiet'];

/** A grey BMP, rows from below. */
function bmp(grey: (x: number, y: number) => number): Buffer {
  const palette = 54 + 1024;
  const bytes = Buffer.alloc(palette + side * side);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(palette, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(side, 18);
  bytes.writeInt32LE(side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  for (let i = 0; i < 256; i++) bytes.fill(i, 54 + 4 * i, 57 + 4 * i);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) bytes[palette + (side - 1 - y) * side + x] = grey(x, y);
  return bytes;
}

/** The same part again and again: a disc under one light, with a little noise, and a dent in every second one. */
function part(number: number): Record<string, string | Uint8Array> {
  const random = Random.of(3, 'part', number);
  const [left, top] = [14 + random.integer(30), 14 + random.integer(30)];
  const dented = number % 2 === 1;
  const isDent = (x: number, y: number): boolean => dented && x >= left && y >= top && x <= left + 6 && y <= top + 6;
  const grey = (x: number, y: number): number =>
    Math.round((isDent(x, y) ? 20 : (x - 32) ** 2 + (y - 32) ** 2 < 500 ? 160 : 120) + random.uniform(-6, 6));
  const name = `part-${String(number).padStart(2, '0')}`;
  const corners = [
    [left, top],
    [left + 6, top],
    [left + 6, top + 6],
    [left, top + 6],
  ];
  const shapes = dented ? [{ label: 'dent', points: corners, shape_type: 'polygon', flags: {}, group_id: null }] : [];
  const file = {
    version: '5.4.1',
    flags: {},
    shapes,
    imagePath: `${name}.bmp`,
    imageData: null,
    imageHeight: side,
    imageWidth: side,
  };
  return { [`${name}.bmp`]: bmp(grey), [`${name}.json`]: JSON.stringify(file) };
}

describe('BMP photographs with LabelMe files', () => {
  it('reach a verdict by two commands', async () => {
    const folder = await newFolder();
    for (let number = 0; number < 20; number++) await writeTree(join(folder, 'photos'), part(number));
    await writeTree(join(folder, 'new'), part(101));
    const bundle = join(folder, 'bundle');
    const trained = await felfri(['train', 'unet', join(folder, 'photos'), '-o', bundle, ...small]);
    expect(trained).toMatchObject({ code: 0 });
    const inspected = await felfri(['inspect', bundle, join(folder, 'new', 'part-101.bmp')]);
    expect(inspected.code).toBe(1);
    expect(inspected.stdout).toMatch(/NG .*part-101\.bmp/);
  });

  it('of defective parts alone are asked about once, and reach it by one option more', async () => {
    const folder = await newFolder();
    const photos = join(folder, 'photos');
    for (let number = 0; number < 20; number++) {
      const dented = number % 2 === 1;
      const files = Object.entries(part(number)).filter(([name]) => dented || name.endsWith('.bmp'));
      await writeTree(photos, Object.fromEntries(files));
    }
    const bundle = join(folder, 'bundle');
    const asked = await felfri(['train', 'unet', photos, '-o', bundle, ...small]);
    expect(asked.code).toBe(2);
    expect(asked.stderr.trim().split('\n')).toHaveLength(1);
    expect(asked.stderr).toMatch(/ANNOTATION_MISSING.* 10 images .*--unannotated good/);
    const checked = await felfri(['data', 'check', photos, '--no-near-copies', '--quiet']);
    expect(checked.code).toBe(3);
    expect(checked.stdout.match(/ANNOTATION_MISSING/g)).toHaveLength(1);
    const trained = await felfri(['train', 'unet', photos, '-o', bundle, '--unannotated', 'good', ...small]);
    expect(trained).toMatchObject({ code: 0 });
  });
});
