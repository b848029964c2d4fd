import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { holding } from './holding.ts';

const folder = temporaryFolders();
let path: string;
beforeEach(async () => {
  path = join(await folder(), 'sub', 'held');
});

describe('holding a file', () => {
  it('lets one in at a time, all in the end', async () => {
    let inside = 0;
    let most = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        holding(path, {}, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 20));
          inside--;
          done++;
        }),
      ),
    );
    expect([most, done]).toEqual([1, 5]);
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('ends when the body fails', async () => {
    await expect(holding(path, {}, () => Promise.reject(new Error('body')))).rejects.toThrow('body');
    expect(await holding(path, {}, async () => 'again')).toBe('again');
  });

  it.each([
    ['whose process is gone', `999999999 ${hostname()} x`, 5],
    ['of another machine that is silent for long', '1 elsewhere x', 60],
    ['that wrote nothing', '', 60],
  ])('passes over a holder %s', async (_, token, age) => {
    await holding(path, {}, () => Promise.resolve());
    await writeFile(path, token);
    const then = new Date(Date.now() - age * 1000);
    await utimes(path, then, then);
    expect(await holding(path, {}, async () => 'in')).toBe('in');
  });

  it.each([
    ['that lives', `${process.pid} ${hostname()} x`, 10],
    ['of another machine', '1 elsewhere x', 10],
    ['whose process is gone since a moment', `999999999 ${hostname()} x`, 0],
  ])('waits for a holder %s, until asked to stop', async (_, token, age) => {
    await holding(path, {}, () => Promise.resolve());
    await writeFile(path, token);
    const then = new Date(Date.now() - age * 1000);
    await utimes(path, then, then);
    const stop = new AbortController();
    const waited = holding(path, { signal: stop.signal, onWait: () => stop.abort() }, async () => 'in');
    await expect(waited).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
