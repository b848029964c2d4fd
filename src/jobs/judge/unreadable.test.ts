/** What calibration and evaluation say where images cannot be read, and that the bundle stays as it was. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { partPng, smallBundle } from '../../../test/support/station.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Split } from '../../data/split.ts';
import { calibrateBundle } from './calibrate.ts';
import { evaluateBundle } from './evaluate.ts';

const newFolder = temporaryFolders();
let work: string;
let bundle: string;

beforeAll(async () => {
  work = await newFolder();
  bundle = await smallBundle(join(work, 'bundle'), 1);
  for (const i of [0, 1]) {
    await writeFile(join(work, `whole${i}.png`), await partPng(i + 1));
    await writeFile(join(work, `broken${i}.png`), 'no image');
  }
});

const images = (label: PartImage['label'], state: 'whole' | 'broken'): PartImage[] =>
  [0, 1].map((i) => {
    const name = `${state}${i}.png`;
    return { path: join(work, name), name: `${label}/${name}`, label, className: label, partGroup: `${label}${i}` };
  });
const splitOf = (side: readonly PartImage[]): Split => ({
  name: 'made',
  protocol: 'honest',
  train: [],
  calibration: side,
  test: side,
  notes: [],
});
const left = async (): Promise<string> => {
  const files = ['bundle.json', 'run/test-scores.json', 'run/calibration-scores.json'];
  return (await Promise.all(files.map((file) => readFile(join(bundle, file), 'utf8')))).join();
};
const calibrate = (side: readonly PartImage[], onWarning?: (warning: string) => void) =>
  calibrateBundle({ bundle, split: splitOf(side), threads: 1, ...(onWarning && { onWarning }) });

it('says which and why where no calibration image is left, or no good one', async () => {
  const before = await left();
  await expect(calibrate([...images('good', 'broken'), ...images('defective', 'broken')])).rejects.toMatchObject({
    code: 'DATASET_TOO_SMALL',
    message: expect.stringMatching(
      /none of the 4 images could be read \(IMAGE_FORMAT: .*broken0\.png: .*; and 3 more\); the bundle is as it was$/,
    ),
  });
  await expect(calibrate([...images('good', 'broken'), ...images('defective', 'whole')])).rejects.toMatchObject({
    code: 'DATASET_TOO_SMALL',
    message: expect.stringMatching(/none of the 2 good images could be read \(IMAGE_FORMAT: /),
  });
  expect(await left()).toBe(before);
});

it('leaves what an earlier evaluation found where none of the test images can be read', async () => {
  const before = await left();
  const evaluate = (side: readonly PartImage[]) =>
    evaluateBundle({ bundle, split: splitOf(side), threads: 1, allowLeaks: true });
  const none = await evaluate([...images('good', 'broken'), ...images('defective', 'broken')]);
  expect(none.missing).toMatch(/^none of the 4 images could be read \(IMAGE_FORMAT: /);
  expect(await left()).toBe(before);
  const half = await evaluate([...images('good', 'whole'), ...images('defective', 'broken')]);
  expect(half).toMatchObject({ evaluation: null, missing: expect.stringMatching(/^none of the 2 defective images/) });
});

it('warns where no defective calibration image is left, since another rule then sets the threshold', async () => {
  const warnings: string[] = [];
  const side = [...images('good', 'whole'), ...images('defective', 'broken')];
  const { threshold } = await calibrate(side, (warning) => warnings.push(warning));
  expect(threshold.rule).toBe('beyond-good=1');
  expect(warnings.join('\n')).toMatch(/none of the 2 defective images could be read .*; the threshold is set by good/);
});
