/** `felfri robustness`, with a detector of random weights: what it prints, writes and refuses. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { disturbances } from '../../src/data/disturb/table.ts';
import { simulateRingFaces } from '../../src/data/simulate/bearing-ring/ring-faces.ts';
import type { Robustness } from '../../src/jobs/robustness/robustness.ts';
import { writeSmallFlow } from '../support/bundle.ts';
import { temporaryFolders } from '../support/folder.ts';
import { smallBundle } from '../support/station.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let data: string;
let bundle: string;

beforeAll(async () => {
  work = await folder();
  data = join(work, 'data');
  await simulateRingFaces({ outDir: data, seed: 5, parts: 10, imagesPerPart: 2, size: 64, defectiveShare: 0.5 });
  bundle = await smallBundle(join(work, 'bundle'), 0.5);
});

const found = async (...more: string[]): Promise<Robustness & { report: string | null }> => {
  const { code, stdout } = await felfri(['robustness', bundle, data, '--json', '--quiet', ...more]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('felfri robustness', () => {
  it('judges each image undisturbed and at each degree, the same again for the same seed', async () => {
    const once = await found('--images', '3');
    expect(once.good + once.defective).toBe(3);
    expect(once.disturbed.map(({ name }) => name)).toEqual(Object.keys(disturbances));
    for (const { name, degrees } of once.disturbed) {
      expect(degrees.map(({ degree }) => degree)).toEqual(disturbances[name].degrees);
      for (const { recall, falseAlarmRate } of degrees)
        expect([recall.total, falseAlarmRate.total]).toEqual([once.defective, once.good]);
    }
    expect(await found('--images', '3')).toEqual(once);
  });

  it('tries only what is asked for, writes a report, and leaves the bundle as it is', async () => {
    const before = await readFile(join(bundle, 'bundle.json'), 'utf8');
    const report = join(work, 'how far.html');
    const { disturbed, report: written } = await found('--only', 'blur,dirt', '--images', '2', '--report', report);
    expect(disturbed.map(({ name }) => name)).toEqual(['blur', 'dirt']);
    expect(written).toBe(report);
    const page = await readFile(report, 'utf8');
    expect(page.match(/<svg class="chart training"/g)).toHaveLength(2);
    expect(page).toContain(`felfri robustness ${bundle} ${data}`);
    expect(await readFile(join(bundle, 'bundle.json'), 'utf8')).toBe(before);
  });

  it('names an image that cannot be read, and judges the others', async () => {
    const rows = (await readFile(join(data, 'manifest.csv'), 'utf8'))
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    const [image, fold] = ['image', 'fold'].map((name) => rows[0]!.indexOf(name)) as [number, number];
    const [first, ...others] = rows.slice(1).filter((row) => row[fold] === '0');
    const file = join(data, first![image]!);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, 300));
    const { problems, good, defective } = await found('--only', 'darker');
    await writeFile(file, whole);
    expect(problems).toEqual([expect.objectContaining({ name: first![image], code: 'IMAGE_CORRUPT' })]);
    expect(good + defective).toBe(others.length);
  });

  it('refuses what it does not know, a bundle without a threshold, and a report that is none', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await felfri(['robustness', ...args, '--quiet']);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused(bundle, data, '--only', 'fog')).toMatch(/no fog; legal are darker, brighter, blur/);
    expect(await refused(bundle, data, '--report', join(work, 'photo.png'))).toMatch(/^OPTION_INVALID: --report/);
    const plain = join(work, 'plain');
    await writeSmallFlow(plain);
    expect(await refused(plain, data)).toMatch(/^BUNDLE_INVALID: .* has no threshold yet/);
  });
});
