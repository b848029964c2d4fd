/** `felfri simulate` through the command line: both kinds of part, and what it refuses. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();

describe('felfri simulate', () => {
  it.each([
    ['bearing-ring', []],
    ['coupling-link', ['--difficulty', '0.5']],
  ])('%s makes a data set that data check recognises, and never writes over one', async (kind, more) => {
    const output = join(await folder(), 'set');
    const options = ['--parts', '5', '--images-per-part', '4', '--size', '96', '--defective-share', '0.3', ...more];
    const args = ['simulate', kind, '-o', output, ...options, '--json', '--quiet'];
    const { code, stdout } = await felfri(args);
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as { images: number; parts: number; classes: Record<string, number> };
    expect(made).toMatchObject({ images: 20, parts: 5, classes: { good: 14 } });

    const check = await felfri(['data', 'check', output, '--quiet']);
    expect(check.code).toBe(0);
    expect(check.stdout).toContain('14 good and 6 defective');
    expect(check.stdout).toContain('5 part groups');

    const again = await felfri(args);
    expect(again.code).toBe(2);
    expect(again.stdout).toContain('RUN_EXISTS');
  });

  it('surface makes a data set of good images alone, and takes no option of defects', async () => {
    const output = join(await folder(), 'set');
    const args = ['simulate', 'surface', '-o', output, '--parts', '5', '--images-per-part', '1', '--size', '64'];
    const { code, stdout } = await felfri([...args, '--json', '--quiet']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: 5, parts: 5, classes: { good: 5 }, brightnessAuroc: null });
    const refused = await felfri([...args, '--difficulty', '2']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--difficulty');
  });

  it('names an option that is not legal', async () => {
    const output = join(await folder(), 'set');
    const { code, stderr } = await felfri(['simulate', 'bearing-ring', '-o', output, '--size', '101']);
    expect(code).toBe(2);
    expect(stderr).toContain('size is 101');
  });
});
