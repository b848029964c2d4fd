/** `felfri accept` as a person runs it: tables and results in, a verdict by exit code and a page to sign out. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readManifestFile } from '../../src/bundle/content.ts';
import { temporaryFolders } from '../support/folder.ts';
import { smallBundle } from '../support/station.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();

it('says by exit code whether both limits are shown to be kept, and writes the report', async () => {
  const place = await folder();
  const bundle = await smallBundle(join(place, 'bundle'), 0.5);
  const { hash } = await readManifestFile(bundle);
  const at = (name: string) => join(place, name);
  const parts = Array.from({ length: 208 }, (_, i) => ({ part: `p${i}`, good: i >= 149 }));
  const results = (missed: number, own = hash): string =>
    parts.map(({ part, good }, i) => JSON.stringify({ image: `${part}.png`, decision: good || i < missed ? 'OK' : 'NG', score: i / 7, bundle: own })).join('\n'); // biome-ignore format: one line
  await writeFile(at('parts.csv'), `part,reference,limit\n${parts.map(({ part, good }, i) => `${part},${good ? 'good' : 'scratch'},${i % 3 ? 'no' : 'yes'}`).join('\n')}\n`); // biome-ignore format: one line
  await writeFile(at('test.yaml'), 'part: Ring 7, drawing 4711 C\nlight: ring light\n');
  await writeFile(at('kept.ndjson'), results(0));
  await writeFile(at('missed.ndjson'), results(1));
  await writeFile(at('other.ndjson'), results(0, 'f'.repeat(64)));
  const accept = (file: string, ...more: string[]) =>
    felfri(['accept', at(file), '--reference', at('parts.csv'), '--bundle', bundle, ...more]);

  const kept = await accept('kept.ndjson', '--conditions', at('test.yaml'), '--report', at('report.html'));
  expect(kept).toMatchObject({ code: 0, stdout: expect.stringContaining('Both limits are shown to be kept.') });
  const report = await readFile(at('report.html'), 'utf8');
  for (const words of ['Ring 7, drawing 4711 C', hash, 'Signatures']) expect(report).toContain(words);

  const missed = await accept('missed.ndjson', '--json');
  expect(missed.code).toBe(1);
  expect(JSON.parse(missed.stdout)).toMatchObject({ finding: 'open', slip: { wrong: ['p0'], needed: [149, 236, 313, 386] } }); // biome-ignore format: one line
  expect((await accept('missed.ndjson', '--slip', '0.05')).code).toBe(0);
  expect(await accept('other.ndjson')).toMatchObject({ code: 2, stderr: expect.stringContaining('BUNDLE_MISMATCH') });
  await writeFile(at('bad.yaml'), 'lamp: new\n');
  const bad = await accept('kept.ndjson', '--conditions', at('bad.yaml'));
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining("no 'lamp'") });
  await writeFile(at('mine.html'), 'mine');
  const taken = await accept('kept.ndjson', '--report', at('mine.html'));
  expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('OUTPUT_EXISTS') });
});
