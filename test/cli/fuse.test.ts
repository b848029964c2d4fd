/** A flow and a U-Net, trained on one split of simulated parts, fused, calibrated with REVIEW, judged and put to work; and photographs added to the flow. */
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { auroc } from '../../src/core/auroc.ts';
import { simulateRingFaces } from '../../src/data/simulate/bearing-ring/ring-faces.ts';
import type { StoredScores } from '../../src/jobs/judge/stored-scores.ts';
import { temporaryFolders } from '../support/folder.ts';
import { complaints, felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let data: string;
let flow: string;
let unet: string;
let fused: string;

const few = ['--size', '64', '--epochs', '1', '--batch', '4', '--threads', '1', '--quiet', '--json'];

beforeAll(async () => {
  work = await folder();
  [data, flow, unet, fused] = ['data', 'flow', 'unet', 'fused'].map((name) => join(work, name)) as [
    string,
    string,
    string,
    string,
  ];
  const asked = { parts: 20, imagesPerPart: 4, size: 64, defectiveShare: 0.4, difficulty: 0.4 };
  await simulateRingFaces({ outDir: data, seed: 3, ...asked });
  const flowTrained = await felfri(['train', 'flow', data, '-o', flow, '--hidden', '4', '--no-cache', ...few]);
  expect(complaints(flowTrained.stderr)).toEqual([]);
  const unetTrained = await felfri(['train', 'unet', data, '-o', unet, '--base', '2', '--patch', '64', ...few]);
  expect(complaints(unetTrained.stderr)).toEqual([]);
});

const scoresOf = async (bundle: string, side: string): Promise<StoredScores> =>
  JSON.parse(await readFile(join(bundle, 'run', `${side}-scores.json`), 'utf8')) as StoredScores;

describe('felfri fuse', () => {
  it('writes an ordinary bundle whose every number comes from the two that it was made of', async () => {
    const { code, stdout, stderr } = await felfri(['fuse', flow, unet, data, '-o', fused, '--quiet', '--json']);
    expect(complaints(stderr)).toEqual([]);
    expect(code).toBe(0);
    const { areas, combination, evaluation, threshold } = JSON.parse(stdout);
    const manifest = JSON.parse(await readFile(join(fused, 'bundle.json'), 'utf8'));
    expect(manifest).toMatchObject({ detector: 'fusion', threshold, settings: { combination } });
    expect(threshold.chosenOn).toBe('calibration part of fold 0 of 5');
    expect(manifest.settings.flow.model).toBe(
      JSON.parse(await readFile(join(flow, 'bundle.json'), 'utf8')).files['model.onnx'],
    );
    expect(combination).toBe(areas.calibration.sum > areas.calibration.larger ? 'sum' : 'larger');
    expect(evaluation).toMatchObject({ detector: 'fusion', auroc: { value: areas.test[combination] } });

    const { images } = await scoresOf(fused, 'test');
    for (const [detector, bundle] of [
      ['flow', flow],
      ['unet', unet],
    ] as const) {
      const own = await scoresOf(bundle, 'test');
      expect(own.images.map(({ name }) => name)).toEqual(images.map(({ name }) => name));
      const defective = images.map(({ label }) => label === 'defective');
      // the common scale keeps the order of scores but for rounding
      const [before, after] = [own.images.map((i) => i.score), images.map((i) => i.parts![detector])];
      expect(auroc(after, defective)).toBeCloseTo(auroc(before, defective), 2);
      expect(areas.test[detector]).toBe(auroc(after, defective));
    }
    for (const { score, parts } of images) {
      const { flow, unet } = parts!;
      expect(score).toBeCloseTo(combination === 'sum' ? flow + unet : Math.max(flow, unet), 4);
    }
  });

  it('is calibrated with REVIEW, evaluated, and inspects with a reason', async () => {
    const rules = ['--rule', 'recall=0.3', '--review', 'recall=1'];
    expect((await felfri(['calibrate', fused, data, ...rules, '--quiet'])).code).toBe(0);
    const evaluated = await felfri(['evaluate', fused, data, '--quiet']);
    expect(evaluated.code).toBe(0);
    expect(evaluated.stdout).toMatch(/^fusion +[01]\./m);
    expect(evaluated.stdout).toMatch(/Decisions: of the good images/);

    const { images } = await scoresOf(fused, 'calibration');
    const maps = join(work, 'maps');
    const paths = images.map(({ name }) => join(data, name));
    const inspected = await felfri(['inspect', fused, ...paths, '--json', '--maps', maps]);
    expect(inspected.code).toBe(1);
    const lines = inspected.stdout.trim().split('\n');
    const verdicts = lines.map((line) => JSON.parse(line));
    expect(verdicts.map(({ decision }) => decision)).toEqual(images.map(({ decision }) => decision));
    for (const { decision, reason, parts } of verdicts) {
      expect(Object.keys(parts)).toEqual(['flow', 'unet']);
      if (decision === 'OK') expect(reason).toBeNull();
      else expect(reason).toMatch(/^(known defect \(U-Net\)|unlike good parts \(flow\)|known .* and unlike .*)$/);
    }
    expect((await stat(verdicts[0].heatMap)).size).toBeGreaterThan(0);
    const odd = verdicts.find(({ decision }) => decision === 'NG');
    expect((await felfri(['inspect', fused, odd.image])).stdout).toContain(`${odd.image}: ${odd.reason}`);
    const alone = JSON.parse((await felfri(['inspect', flow, odd.image, '--json'])).stdout);
    expect(alone).toMatchObject({ reason: expect.stringMatching(/good parts \(\d+ % of the score\)/), parts: null });
  });

  it('leaves to a person what one of the two was told to leave, and judges what both were told to judge', async () => {
    const told = (bundle: string, ...policies: string[]) => felfri(['calibrate', bundle, data, ...policies, '--quiet']);
    expect((await told(flow, '--blank', 'judge', '--other-sizes', 'judge')).code).toBe(0);
    expect((await told(unet, '--blank', 'judge')).code).toBe(0);
    const output = join(work, 'told');
    expect((await felfri(['fuse', flow, unet, data, '-o', output, '--quiet'])).code).toBe(0);
    const { blankPictures, pictureSizes } = JSON.parse(await readFile(join(output, 'bundle.json'), 'utf8'));
    expect(blankPictures).toMatchObject({ policy: 'judge', told: true });
    expect(pictureSizes).toMatchObject({ policy: 'review', told: true });
  });

  it('says of a bound from good parts alone that it holds nearly', async () => {
    const calibrated = await felfri(['calibrate', fused, data, '--rule', 'good-only=0.2', '--quiet']);
    expect(calibrated.stdout).toContain('so the bound holds nearly, not exactly');
  });

  it('refuses what was not trained alike, the wrong order, and a folder in use', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await felfri(['fuse', ...args, '--quiet']);
      expect(code).toBe(2);
      return stderr;
    };
    const other = join(work, 'other');
    await writeFile(join(work, 'file'), 'mine');
    await mkdir(join(work, 'theirs/run'), { recursive: true });
    await writeFile(join(work, 'theirs/model.onnx'), 'mine');
    expect(await refused(flow, unet, data, '-o', other, '--fold', '1')).toMatch(/^BUNDLE_MISMATCH: .* fold 1 of 5/);
    expect(await refused(unet, flow, data, '-o', other)).toMatch(/^OPTION_INVALID: .*first the flow's/);
    expect(await refused(fused, unet, data, '-o', other)).toMatch(/^OPTION_INVALID: .* bundle of a fusion/);
    expect(await refused(flow, unet, data, '-o', fused)).toMatch(/^RUN_EXISTS: /);
    // ten good parts or so allow no such bound, which is known before anything is written
    expect(await refused(flow, unet, data, '-o', other, '--rule', 'good-only=0.001')).toMatch(/^DATASET_TOO_SMALL: /);
    expect(await refused(flow, unet, data, '-o', join(work, 'file'))).toMatch(/^PATH_UNUSABLE: .*is a file/);
    expect(await refused(flow, unet, data, '-o', join(work, 'theirs'))).toMatch(
      /^RUN_EXISTS: .*model\.onnx of no bundle/,
    );
    expect(await readFile(join(work, 'theirs/model.onnx'), 'utf8')).toBe('mine');
    expect(await refused(flow, unet, data, '-o', other, '--combine', 'mean')).toContain('auto, larger, sum');
    await expect(stat(other)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** What a kill leaves is no bundle that says OK, and the same command makes it whole. */
describe('after a kill', () => {
  it.each([
    ['fuse', 'Setting the threshold'],
    ['quantize', 'Writing the bundle'],
  ])('felfri %s at "%s" says no OK, and runs again', async (command, phase) => {
    const output = join(work, `${command} ${phase}`);
    const args = [command, ...(command === 'fuse' ? [flow, unet] : [unet]), data, '-o', output];
    const first = startFelfri(args);
    await first.shown(phase);
    first.process.kill('SIGKILL');
    expect((await first.finished).code).toBeNull();
    const left = await felfri(['inspect', output, join(data, 'images'), '--json']);
    expect(left.code).not.toBe(0);
    expect(left.stdout).not.toContain('"decision":"OK"');
    expect((await felfri([...args, '--quiet'])).code).toBe(0);
    expect((await felfri([...args, '--quiet'])).stderr).toMatch(/^RUN_EXISTS: /);
  });
});

describe('felfri add', () => {
  const add = (bundle: string, photos: string, to: string, ...more: string[]) =>
    felfri(['add', bundle, data, photos, '-o', join(work, to), '--threads', '1', '--quiet', '--json', ...more]);

  /** Simulated images of another seed, in folders good and defective. */
  async function photographs(): Promise<string> {
    const [made, sorted] = ['more', 'sorted'].map((name) => join(work, name)) as [string, string];
    const asked = { parts: 8, imagesPerPart: 2, size: 64, defectiveShare: 0.3, difficulty: 0.4 };
    await simulateRingFaces({ outDir: made, seed: 9, ...asked });
    const rows = (await readFile(join(made, 'manifest.csv'), 'utf8')).trim().split(/\r?\n/).slice(1);
    for (const [i, row] of rows.entries()) {
      const [image, , className] = row.split(',') as [string, string, string];
      const folder = join(sorted, className === 'good' ? 'good' : 'defective');
      await mkdir(folder, { recursive: true });
      await copyFile(join(made, image), join(folder, `${i}.png`));
    }
    return sorted;
  }

  it('learns good ones in closed form, sets the threshold with defective ones, and is judged on the same images', async () => {
    const photos = await photographs();
    const { code, stdout, stderr } = await add(flow, photos, 'added', '--accept');
    expect(complaints(stderr)).toEqual([]);
    expect(code).toBe(0);
    const { added } = JSON.parse(stdout);
    const manifestOf = async (bundle: string) => JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8'));
    const [before, after] = [await manifestOf(flow), await manifestOf(join(work, 'added'))];
    expect(after.added).toEqual(added);
    expect(added.to).toBe(before.files['model.onnx']);
    expect(added.learned + added.keptApart + added.defective + added.leftOut).toBe(16);
    expect(added.learned).toBeGreaterThan(added.keptApart);
    expect(after.data.images.train).toBe(before.data.images.train + added.learned);
    expect(after.files['model.onnx']).not.toBe(before.files['model.onnx']);
    const [own, former] = [await scoresOf(join(work, 'added'), 'test'), await scoresOf(flow, 'test')];
    expect(own.images.map(({ name }) => name)).toEqual(former.images.map(({ name }) => name));
    const calibrated = (await scoresOf(join(work, 'added'), 'calibration')).images;
    expect(calibrated.filter(({ name }) => name.startsWith('added/'))).toHaveLength(added.keptApart + added.defective);
    expect(await readFile(join(work, 'added', 'MODEL_CARD.md'), 'utf8')).toContain(
      `Photographs of sorted were added without training`,
    );
    // what was set by these photographs cannot be told from the bundle again
    expect((await add(join(work, 'added'), photos, 'again')).stderr).toMatch(/OPTION_INVALID.*had photographs added/);
  });

  it('refuses defective ones under the name of good ones, copies of what is there, and another detector', async () => {
    const defective = await add(flow, join(work, 'sorted', 'defective'), 'wrong', '--added-good', '.');
    expect(defective.code).not.toBe(0);
    expect(defective.stderr).toMatch(/clearly defective.*--accept|DATASET_TOO_SMALL/);
    const copied = await add(flow, data, 'copied');
    expect(copied.stderr).toMatch(/DATASET_TOO_SMALL.*none of the 80 new images.*it is the same file as/s);
    expect((await add(unet, join(work, 'sorted'), 'other')).stderr).toMatch(/OPTION_INVALID.*bundle of a U-Net/);
  });
});
