import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../test/support/folder.ts';
import { encodePng } from './image/encode.ts';
import { readMask } from './mask.ts';

const newFolder = temporaryFolders();

describe('readMask', () => {
  it('takes 128 and above as defect', async () => {
    const folder = await newFolder();
    const data = Uint8Array.from([0, 1, 127, 128, 200, 255]);
    await writeTree(folder, { 'mask.png': await encodePng({ width: 3, height: 2, channels: 1, data }) });
    expect([...(await readMask(join(folder, 'mask.png'), 3, 2))]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('refuses another size, and names both', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'mask.png': 255 });
    const reading = readMask(join(folder, 'mask.png'), 6, 8);
    await expect(reading).rejects.toMatchObject({ code: 'MASK_MISMATCH', message: expect.stringContaining('8 x 6') });
    await expect(reading).rejects.toThrow('6 x 8');
  });
});
