/** felfri msa as a user runs it: figures, the report, and the refusal of a file that stands for two presentations. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { startFelfri } from './felfri.ts';

const newFolder = temporaryFolders();

const results = (run: string, scores: readonly number[]): string =>
  scores
    .map((score, i) =>
      JSON.stringify({ image: `${run}/${i}.png`, decision: score >= 0.5 ? 'NG' : 'OK', score, bundle: 'ab' }),
    )
    .join('\n');

describe('felfri msa', () => {
  it('prints figures, writes a report once, and refuses a file that was inspected again', async () => {
    const folder = await newFolder();
    const at = (name: string): string => join(folder, name);
    await writeFile(at('parts.csv'), 'part,reference\n0,good\n1,scratch\n2,scratch\n');
    await writeFile(at('mon.ndjson'), results('mon', [0.1, 0.8, 0.9]));
    await writeFile(at('tue.ndjson'), results('tue', [0.2, 0.7, 0.4]));
    const both = ['msa', at('mon.ndjson'), at('tue.ndjson'), '--reference', at('parts.csv')];
    const first = await startFelfri([...both, '--report', at('msa.html'), '--json']).finished;
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const study = JSON.parse(first.stdout);
    expect(study).toMatchObject({ parts: 3, trials: 2, report: at('msa.html') });
    expect(study.appraisers[0].against).toMatchObject({ missed: ['2'], miss: { decisions: { count: 1, total: 4 } } });
    expect(study.proofs[0].miss).toMatchObject({ proven: false, needed: 149 });
    expect(await readFile(at('msa.html'), 'utf8')).toContain('Attribute agreement');

    const paper = await startFelfri([...both, '--report', at('msa.pdf')]).finished;
    expect([paper.code, paper.stderr]).toEqual([0, '']);
    expect((await readFile(at('msa.pdf'), 'latin1')).slice(0, 8)).toBe('%PDF-1.7');

    await writeFile(at('notes.html'), 'my own');
    const refused = await startFelfri([...both, '--report', at('notes.html')]).finished;
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('OUTPUT_EXISTS')]);

    const twice = await startFelfri([...both, at('mon.ndjson')]).finished;
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('PRESENTED_TWICE')]);
  });
});
