/**
 * The main job through the command line, on simulated parts: look at the data, train both detectors with a broken image among the
 * others, set another threshold, judge, inspect good and bad files.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulateRingFaces } from '../../src/data/simulate/bearing-ring/ring-faces.ts';
import { temporaryFolders } from '../support/folder.ts';
import { felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();
let data: string;
let work: string;
let broken: string;

// a thread alone: the other cores have other test files to run
const small = ['--size', '64', '--epochs', '2', '--batch', '4', '--threads', '1', '--quiet', '--json'];

beforeAll(async () => {
  work = await folder();
  data = join(work, 'data');
  await simulateRingFaces({
    outDir: data,
    seed: 5,
    parts: 15,
    imagesPerPart: 3,
    size: 64,
    defectiveShare: 0.5,
    difficulty: 0.5,
  });
  // a corrupt image in the middle of the training folds (test is fold 0, threshold fold 1)
  const rows = (await readFile(join(data, 'manifest.csv'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const header = rows[0]!;
  const at = (name: string): number => header.indexOf(name);
  const victims = rows.filter((r) => r[at('fold')] === '3' && r[at('class')] === 'good');
  broken = victims[0]![at('image')]!;
  await writeFile(join(data, broken), (await readFile(join(data, broken))).subarray(0, 700));
});

describe('felfri', () => {
  it('data check says what is here and names the broken image', async () => {
    const { code, stdout } = await felfri(['data', 'check', data, '--quiet']);
    expect(stdout).toContain(broken);
    expect(stdout).toContain('IMAGE_CORRUPT');
    expect(stdout).toMatch(/brightness/i);
    expect(code).toBe(3);
  });

  it('train flow, calibrate, evaluate and inspect', async () => {
    const bundle = join(work, 'flow');
    const trained = await felfri([
      'train',
      'flow',
      data,
      '-o',
      bundle,
      '--hidden',
      '8',
      '--score',
      'max',
      '--no-cache',
      ...small,
    ]);
    expect(trained.stderr).toContain(`left out ${broken}: IMAGE_CORRUPT`);
    expect(trained.code).toBe(0);
    const result = JSON.parse(trained.stdout);
    expect(result.evaluation.auroc.value).toBeGreaterThanOrEqual(0);
    expect(result.evaluation.chosenOn).toBe('calibration');
    expect(result.threshold.chosenOn).toBe('calibration part of fold 0 of 5');
    const run = JSON.parse(await readFile(join(bundle, 'run', 'run.json'), 'utf8'));
    expect(run.leftOut).toEqual([expect.objectContaining({ name: broken, code: 'IMAGE_CORRUPT' })]);
    expect(run.state).toBe('finished');
    expect((await readdir(bundle)).sort()).toEqual(['MODEL_CARD.md', 'bundle.json', 'golden', 'model.onnx', 'run']);

    const calibrated = await felfri(['calibrate', bundle, data, '--rule', 'recall=0.9', '--json', '--quiet']);
    expect(calibrated.code).toBe(0);
    expect(JSON.parse(calibrated.stdout).threshold.rule).toBe('recall=0.9');
    const evaluated = await felfri(['evaluate', bundle, data, '--quiet']);
    expect(evaluated.code).toBe(0);
    expect(evaluated.stdout).toContain('recall=0.9');
    expect(evaluated.stdout).toMatch(/Confusion matrix: \d+ defective found/);
    expect(evaluated.stdout).toMatch(/AUPRO 0\.\d+ .* chosen on the calibration part of fold 0 of 5/);
  });

  it('calibrate with REVIEW, evaluate, plan, and inspect by exit code', async () => {
    const bundle = join(work, 'flow');
    const before = await readFile(join(bundle, 'bundle.json'), 'utf8');
    const swapped = ['--rule', 'recall=1', '--review', 'recall=0.1'];
    const refused = await felfri(['calibrate', bundle, data, ...swapped, '--quiet']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/puts REVIEW at .*, above NG at .* swap the two rules/);
    expect(await readFile(join(bundle, 'bundle.json'), 'utf8')).toBe(before);

    // NG by false alarms finds all that REVIEW is asked to: nothing is left to look at again
    const needless = ['--rule', 'false-alarms=0.99', '--review', 'recall=0.1', '--json', '--quiet'];
    const { threshold: alone } = JSON.parse((await felfri(['calibrate', bundle, data, ...needless])).stdout);
    expect(alone).not.toHaveProperty('review');
    expect(alone.statement).toContain('keeps recall=0.1 too, so that no image is for REVIEW');

    const rules = ['--rule', 'recall=0.5', '--review', 'recall=1'];
    const calibrated = await felfri(['calibrate', bundle, data, ...rules, '--json', '--quiet']);
    expect(calibrated.code).toBe(0);
    const { threshold } = JSON.parse(calibrated.stdout);
    expect(threshold.review.value).toBeLessThan(threshold.value);
    expect(threshold.review).toMatchObject({ rule: 'recall=1', statement: expect.stringContaining('Finds') });
    const scoresOf = async (side: string) =>
      JSON.parse(await readFile(join(bundle, 'run', `${side}-scores.json`), 'utf8'));
    const byRule = await scoresOf('calibration');
    const ofDefective = byRule.images.filter((image: { label: string }) => image.label === 'defective');
    for (const { decision } of ofDefective) expect(decision).not.toBe('OK');

    expect((await felfri(['plan', '--bundle', bundle])).code).toBe(0);
    const evaluated = await felfri(['evaluate', bundle, data, '--json', '--quiet']);
    const { evaluation, pixels } = JSON.parse(evaluated.stdout);
    expect(pixels.aupro).toBeGreaterThanOrEqual(0);
    const { images, review } = await scoresOf('test');
    const reviewed = images.filter((image: { decision: string }) => image.decision === 'REVIEW');
    expect(evaluation.threeWay).toMatchObject({ review, reviewLoad: { count: reviewed.length, total: images.length } });
    const planned = await felfri(['plan', '--recall', '0.9', '--bundle', bundle, '--json']);
    const [plan] = JSON.parse(planned.stdout).plans;
    expect(plan.needed).toEqual([{ wrong: 0, parts: 29 }]);
    expect(plan.soFar.trials - plan.soFar.failures).toBe(evaluation.threeWay.recall.count);

    for (const [decision, code] of [
      ['OK', 0],
      ['REVIEW', 4],
      ['NG', 1],
    ] as const) {
      const { name } = [...images, ...byRule.images].find((image) => image.decision === decision);
      const inspected = await felfri(['inspect', bundle, join(data, name), '--json']);
      expect(JSON.parse(inspected.stdout)).toMatchObject({ decision, review, threshold: threshold.value });
      expect(inspected.code).toBe(code);
    }
    expect((await felfri(['plan', '--recall', '1'])).code).toBe(2);
    expect((await felfri(['plan', '--bundle', work])).stderr).toMatch(/^BUNDLE_INVALID: .* is missing/);
  });

  it('train unet, then inspect a folder of good and bad files', async () => {
    const bundle = join(work, 'unet');
    const trained = await felfri(['train', 'unet', data, '-o', bundle, '--base', '4', '--patch', '64', ...small]);
    expect(trained.code).toBe(0);
    expect(JSON.parse(trained.stdout).pixels.dice).toBeGreaterThanOrEqual(0);

    const inbox = join(work, 'inbox');
    await mkdir(join(inbox, 'folder.png'), { recursive: true });
    const image = join(data, 'images', (await readdir(join(data, 'images'))).find((n) => !broken.endsWith(n))!);
    await cp(image, join(inbox, 'part.png'));
    await writeFile(join(inbox, 'empty.png'), '');
    await writeFile(join(inbox, 'text.jpg'), 'not an image');
    await writeFile(join(inbox, 'cut.png'), (await readFile(image)).subarray(0, 900));
    await sharp(image).toColourspace('rgb16').png().toFile(join(inbox, 'deep.png'));
    await sharp(image).toColourspace('cmyk').jpeg().toFile(join(inbox, 'cmyk.jpg'));
    await sharp({ create: { width: 40_000, height: 1, channels: 3, background: '#888' } })
      .png()
      .toFile(join(inbox, 'wide.png'));
    const maps = join(work, 'maps');
    const inspected = await felfri(['inspect', bundle, inbox, join(inbox, 'missing.png'), '--json', '--maps', maps]);
    const lines = inspected.stdout
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    const codes = Object.fromEntries(
      lines.filter((l) => l.error).map((l) => [l.image.slice(inbox.length + 1), l.error.code]),
    );
    expect(codes).toEqual({
      'folder.png': 'IMAGE_IS_DIRECTORY',
      'empty.png': 'IMAGE_EMPTY',
      'text.jpg': 'IMAGE_FORMAT',
      'cut.png': 'IMAGE_CORRUPT',
      'deep.png': 'IMAGE_DEPTH',
      'cmyk.jpg': 'IMAGE_COLOUR',
      'wide.png': 'IMAGE_TOO_LARGE',
      'missing.png': 'IMAGE_MISSING',
    });
    const decided = lines.filter((l) => !l.error);
    expect(decided).toHaveLength(1);
    expect(['OK', 'NG', 'REVIEW']).toContain(decided[0].decision);
    expect(inspected.code).toBe(decided[0].decision === 'NG' ? 1 : 3);
    const { width, height } = await sharp(join(maps, 'part.png')).metadata();
    // below the image a strip says what was decided
    expect(width).toBe(64);
    expect(height).toBeGreaterThan(64);
  });

  it('quantize a U-Net: 8 bits with a threshold of their own, used like any bundle', async () => {
    const eight = join(work, 'eight');
    const asked = [data, '-o', eight, '--quiet', '--json'];
    const made = await felfri(['quantize', join(work, 'unet'), ...asked]);
    expect(made.code).toBe(0);
    const { quantisation, effect, threshold } = JSON.parse(made.stdout);
    const float = JSON.parse(await readFile(join(work, 'unet', 'bundle.json'), 'utf8'));
    expect(quantisation).toMatchObject({ of: float.files['model.onnx'], images: 9 });
    expect(quantisation.convolutions).toBeGreaterThan(5);
    expect(effect.bytes.quantised).toBeLessThan(effect.bytes.float);
    expect(effect.largestScoreDifference).toBeGreaterThan(0);
    expect(effect.largestScoreDifference).toBeLessThan(0.2);
    expect(threshold.rule).toBe(float.threshold.rule);
    const inspected = await felfri(['inspect', eight, join(data, 'images'), '--json']);
    expect(inspected.stdout.trim().split('\n').length).toBe(45);
    for (const [bundle, code] of [
      ['flow', 'OPTION_INVALID'],
      ['eight', 'OPTION_INVALID'],
    ] as const) {
      const refused = await felfri(['quantize', join(work, bundle), data, '-o', join(work, 'no-eight')]);
      expect([refused.code, refused.stderr], bundle).toEqual([2, expect.stringContaining(code)]);
    }
    expect((await felfri(['quantize', join(work, 'unet'), ...asked])).stderr).toContain('RUN_EXISTS');
  });

  it('ends quietly when its output is no longer read', async () => {
    const running = startFelfri(['inspect', join(work, 'unet'), join(data, 'images'), '--json']);
    running.process.stdout!.once('data', () => running.process.stdout!.destroy());
    const { code, stderr } = await running.finished;
    expect(stderr).not.toContain('EPIPE');
    expect(code).toBe(141);
  });

  it('refuses what it cannot do, with a code and what is legal', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await felfri(args);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('train', 'flow', join(work, 'nowhere'), '-o', join(work, 'x'))).toContain('DATASET_MISSING');
    expect(await refused('train', 'flow', data, '-o', join(work, 'x'), '--backbone', 'resnet')).toMatch(
      /OPTION_INVALID.*wavelet/,
    );
    expect(await refused('train', 'flow', data, '-o', join(work, 'x'), '--backbone', 'efficientnet-b0')).toMatch(
      /weights/,
    );
    expect(await refused('train', 'flow', data, '-o', join(work, 'flow'))).toContain('RUN_EXISTS');
    expect(await refused('inspect', work, join(data, 'images'))).toContain('BUNDLE_INVALID');
    expect(await refused('calibrate', join(work, 'unet'), data, '--rule', 'best')).toMatch(/OPTION_INVALID.*accuracy/);
  });
});
