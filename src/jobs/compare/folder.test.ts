/** A comparison's folder takes one set of settings and says what differs in another. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { openComparisonFolder } from './folder.ts';

const folder = temporaryFolders();
const settings = { epochs: 12, flow: { canvas: { height: 256 }, rule: undefined }, list: ['a', 'b'], threads: 2 };

describe('openComparisonFolder', () => {
  it('goes on with the same settings, and keeps what was settled', async () => {
    const path = join(await folder(), 'new');
    expect(await openComparisonFolder(path, settings, ['threads'])).toEqual(settings);
    expect(await openComparisonFolder(path, { ...settings, threads: 8 }, ['threads'])).toEqual(settings);
  });

  it('names everything that differs', async () => {
    const path = join(await folder(), 'new');
    await openComparisonFolder(path, settings, ['threads']);
    const other = { ...settings, epochs: 20, flow: { canvas: { height: 256 }, rule: 'f1' }, list: ['a'] };
    await expect(openComparisonFolder(path, other, ['threads'])).rejects.toMatchObject({
      code: 'RUN_EXISTS',
      message: expect.stringContaining(
        'epochs is 12 there and 20 now; list.1 is "b" there and not set now; flow.rule is not set there and "f1" now',
      ),
    });
  });

  it('refuses a folder of other files', async () => {
    const path = await folder();
    await writeFile(join(path, 'notes.txt'), '');
    await expect(openComparisonFolder(path, settings, [])).rejects.toMatchObject({ code: 'RUN_EXISTS' });
    await mkdir(join(path, 'sub'));
    await writeFile(join(path, 'sub', 'settings.json.ab12cd34.tmp'), '{');
    expect(await openComparisonFolder(join(path, 'sub'), settings, [])).toEqual(settings);
  });
});
