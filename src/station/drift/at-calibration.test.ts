import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { unlikeCalibration } from './at-calibration.ts';

const folder = temporaryFolders();

/** A bundle's scores of good images, and the brightness of each. */
async function calibrated(images: readonly (readonly [score: number, brightness: number])[]): Promise<string> {
  const bundle = await folder();
  await mkdir(join(bundle, 'run'));
  const common = { class: 'good', label: 'good', partGroup: 'p', decision: 'OK', milliseconds: 1 };
  const stored = {
    ...{ schema: 1, detector: 'flow', model: 'm', split: 's', protocol: 'honest', threshold: 9, review: null },
    images: images.map(([score, brightness], i) => ({ ...common, name: `${i}.png`, score, brightness })),
  };
  await writeFile(join(bundle, 'run', 'calibration-scores.json'), JSON.stringify(stored));
  return bundle;
}

const flat = (value: number) => Array.from({ length: 50 }, () => value);

it('says from four pairs of five on what is not as at calibration; equal ones count half', async () => {
  // of 20 images 16 are below 1, and 4 above
  const bundle = await calibrated(Array.from({ length: 20 }, (_, i) => [i < 16 ? 0 : 2, i < 16 ? 90 : 110]));
  expect(await unlikeCalibration(bundle, { score: flat(1), brightness: flat(100) })).toMatch(
    /^parts have higher scores than .* \(1, then 0\); pictures are brighter \(100, then 90 of 255\)/,
  );
  // 16 equal and 4 above: 8 of 20
  expect(await unlikeCalibration(bundle, { score: flat(0), brightness: flat(90) })).toBeNull();
  // one in two of those learned is as the lower ones: 12 of 20
  const half = [...flat(0), ...flat(1)];
  expect(await unlikeCalibration(bundle, { score: half, brightness: flat(91) })).toBeNull();
  expect(await unlikeCalibration(await calibrated([[0, 90]]), { score: flat(1), brightness: flat(100) })).toBeNull();
});
