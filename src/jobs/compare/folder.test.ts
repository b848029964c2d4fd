/** A comparison's folder takes one set of settings and says what differs in another. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { openComparisonFolder } from './folder.ts';

const folder = temporaryFolders();
const settings = { epochs: 12, flow: { canvas: { height: 256 }, rule: undefined }, list: ['a', 'b'], threads: 2 };

/** A sequence that has come to its first checkpoint. */
async function begin(comparison: string): Promise<void> {
  const run = join(comparison, 'honest', 'flow-0', 'run');
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'checkpoint.safetensors'), '');
}

describe('openComparisonFolder', () => {
  it('goes on with the same settings, and keeps what was settled', async () => {
    const path = join(await folder(), 'new');
    expect(await openComparisonFolder(path, settings, ['threads'])).toEqual(settings);
    await begin(path);
    expect(await openComparisonFolder(path, { ...settings, threads: 8 }, ['threads'])).toEqual(settings);
  });

  it('takes other settings as long as nothing was computed, and then forgets verdicts on other splits', async () => {
    const path = join(await folder(), 'new');
    await openComparisonFolder(path, settings, ['threads']);
    await writeFile(join(path, 'leaks.json'), '{}');
    await mkdir(join(path, 'honest', 'flow-0', 'run'), { recursive: true });
    const other = { ...settings, epochs: 20 };
    expect(await openComparisonFolder(path, other, ['threads'])).toEqual(other);
    expect(await readdir(path)).toEqual(['honest', 'settings.json']);
  });

  it('names everything that differs', async () => {
    const path = join(await folder(), 'new');
    await openComparisonFolder(path, settings, ['threads']);
    await begin(path);
    const other = { ...settings, epochs: 20, flow: { canvas: { height: 256 }, rule: 'f1' }, list: ['a'] };
    await expect(openComparisonFolder(path, other, ['threads'])).rejects.toMatchObject({
      code: 'RUN_EXISTS',
      message: expect.stringContaining(
        'epochs is 12 there and 20 now; list.1 is "b" there and not set now; flow.rule is not set there and "f1" now',
      ),
    });
  });

  it("leaves a settings.json that is no comparison's as it is, and what lies beside it", async () => {
    for (const text of ['{"editor.fontSize": 12, "threads": 4}', '// of an editor', '[]', 'null', '']) {
      const path = await folder();
      const theirs = { 'settings.json': text, 'leaks.json': '{}' };
      for (const [name, content] of Object.entries(theirs)) await writeFile(join(path, name), content);
      await expect(openComparisonFolder(path, settings, [])).rejects.toMatchObject({ code: 'RUN_EXISTS' });
      for (const [name, content] of Object.entries(theirs))
        expect(await readFile(join(path, name), 'utf8')).toBe(content);
    }
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
