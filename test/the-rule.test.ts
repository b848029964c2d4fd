/** The rule holds whichever way an image comes in: a map that is not finite at one place, under a score that is, and a picture of nothing. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBundle } from '../src/bundle/open.ts';
import { amendBundle, type TrainedDetector } from '../src/bundle/write.ts';
import { FelfriError } from '../src/core/errors.ts';
import { Random } from '../src/core/random.ts';
import { encodePng } from '../src/data/image/encode.ts';
import type { PartImage } from '../src/data/part-image.ts';
import { div, greater, mul, reduceMax, where } from '../src/engine/builders.ts';
import { Inspector } from '../src/inspect/inspector.ts';
import type { PicturePolicy } from '../src/inspect/legal-input.ts';
import { calibrateBundle } from '../src/jobs/judge/calibrate.ts';
import { decide } from '../src/judge/decision.ts';
import { canvasGrey } from '../src/train/canvas-grey.ts';
import { felfri } from './cli/felfri.ts';
import { plainPng, temporaryFolders } from './support/folder.ts';
import { activeRecipe, smallBundle, startStation } from './support/station.ts';

const folder = temporaryFolders();
let work: string;
let bundle: string;
let broken: string;
let good: string;
let black: string;

/** A detector whose map is 0 / 0 where the picture is white; the maximum of it passes over that. */
const faulty: TrainedDetector = {
  inspection: (pixels) => {
    const grey = canvasGrey(pixels, { height: 64, width: 96, fit: 'stretch' });
    const flag = where(greater(grey, 0.99), 0, 1);
    const map = mul(grey, div(flag, flag));
    return { map, score: reduceMax(map) };
  },
  weights: new Map(),
};

const image = (path: string, i: number): PartImage => ({
  path,
  name: `${i}.png`,
  label: 'good',
  className: 'good',
  partGroup: `${i}`,
});

beforeAll(async () => {
  work = await folder();
  bundle = await smallBundle(join(work, 'bundle'), 2, faulty);
  const data = Uint8Array.from({ length: 96 * 64 * 3 }, (_, i) => Math.floor(i / 3) % 150);
  const white = data.slice().fill(255, 96 * 3 * 30, 96 * 3 * 40);
  [good, broken, black] = ['good.png', 'broken.png', 'black.png'].map((name) => join(work, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(good, await encodePng({ width: 96, height: 64, channels: 3, data }));
  await writeFile(broken, await encodePng({ width: 96, height: 64, channels: 3, data: white }));
  await writeFile(black, await plainPng(0, 96, 64));
});

describe('a map that is not finite at one place', () => {
  it('is no verdict of the library, and takes no other image with it', async () => {
    const inspector = await Inspector.open(bundle, { threads: 1 });
    await expect(inspector.inspect(broken)).rejects.toMatchObject({ code: 'SCORE_INVALID' });
    const results = [];
    for await (const result of inspector.inspectAll([good, broken, good]))
      results.push(result instanceof FelfriError ? result.code : result.decision);
    expect(results).toEqual(['OK', 'SCORE_INVALID', 'OK']);
    await inspector.close();
  });

  it('is none of the command line', async () => {
    const { code, stdout, stderr } = await felfri(['inspect', bundle, good, broken]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^SCORE_INVALID: \S+broken\.png: of 6144 values of the score map, number \d+ is NaN/);
    expect(stdout.trim().split('\n').at(-1)).toBe('1 OK, 1 not inspected');
  });

  it('is none of the station', async () => {
    const own = await startStation(await folder());
    await activeRecipe(own, bundle);
    const send = async (payload: Buffer) =>
      own.app.inject({ method: 'POST', url: '/api/inspections', headers: { 'content-type': 'image/png' }, payload });
    expect((await send(await readFile(good))).json()).toMatchObject({ decision: 'OK', reason: null });
    const refused = await send(await readFile(broken));
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'SCORE_INVALID']);
    // and a picture of nothing is for a person, and on record with its reason
    const { id } = (await send(await readFile(black))).json();
    const record = (await own.app.inject(`/api/inspections/${id}`)).json();
    expect(record).toMatchObject({ decision: 'REVIEW', reason: expect.stringContaining('no picture') });
    await own.close();
  });

  it('is not written as a golden output either', async () => {
    const always: TrainedDetector = {
      inspection: (pixels) => {
        const { map, score } = faulty.inspection(pixels, undefined as never);
        return { map: div(map, mul(map, 0)), score };
      },
      weights: new Map(),
    };
    await expect(smallBundle(join(work, 'never'), 2, always)).rejects.toMatchObject({ code: 'SCORE_INVALID' });
  });
});

describe('pixels that are none of an RGB image', () => {
  it('are refused by name, and so is a grey one', async () => {
    const { detect, close } = await openBundle(bundle);
    const data = new Uint8Array(96 * 64);
    for (const image of [
      { width: 96, height: 64, channels: 1 as const, data },
      { width: 96, height: 64, channels: 3 as const, data },
      { width: 0, height: 64, channels: 3 as const, data: new Uint8Array() },
    ])
      await expect(detect(image)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await close();
  });
});

describe('a picture that shows nothing', () => {
  it('is REVIEW by the bundle, unless its good parts look so, and always says that it is blank', async () => {
    const { manifest, close } = await openBundle(bundle);
    await close();
    const decisions = [];
    for (const policy of ['review', 'judge'] as const) {
      await amendBundle(bundle, manifest, { blankPictures: { policy, blankGood: 0, good: 4, told: true } });
      const inspector = await Inspector.open(bundle, { threads: 1 });
      const { decision, reason, blank, score } = await inspector.inspect(black);
      decisions.push([decision, reason !== null, blank, decide(score, 2)]);
      await inspector.close();
    }
    expect(decisions).toEqual([
      ['REVIEW', true, true, 'OK'],
      ['OK', false, true, 'OK'],
    ]);
  });

  it('is judged like others once a quarter of the good parts look so, and a person may say otherwise for good', async () => {
    const own = await smallBundle(join(work, 'uniform'), 2, faulty);
    const images = [good, good, good, black].map((path, i) => image(path, i));
    const warnings: string[] = [];
    const calibrated = async (calibration: readonly PartImage[], blank?: PicturePolicy) => {
      const split = { name: 'made', protocol: 'honest', train: [], calibration, test: [], notes: [] } as const;
      const onWarning = (warning: string) => warnings.push(warning);
      const { manifest } = await calibrateBundle({ bundle: own, split, onWarning, ...(blank && { blank }) });
      return manifest.blankPictures;
    };
    expect(await calibrated(images.slice(0, 3))).toEqual({ policy: 'review', blankGood: 0, good: 3, told: false });
    expect(warnings.filter((warning) => warning.includes('show nothing'))).toEqual([]);
    const more = [...images, image(good, 4)];
    expect(await calibrated(more)).toEqual({ policy: 'review', blankGood: 1, good: 5, told: false });
    expect(await calibrated(images)).toEqual({ policy: 'judge', blankGood: 1, good: 4, told: false });
    expect(warnings.join()).toMatch(/1 of 5 good images.*will be for REVIEW.*1 of 4.*judged like any other/s);
    expect(await calibrated(images, 'review')).toMatchObject({ policy: 'review', told: true });
    expect(await calibrated(images)).toMatchObject({ policy: 'review', told: true });
  });
});

describe('a picture of quite another size than those learned', () => {
  const photoOf = async (width: number, height: number): Promise<string> => {
    const path = join(await folder(), `${width}x${height}.png`);
    const random = Random.of(1, 'photo');
    const data = Uint8Array.from({ length: width * height * 3 }, () => 60 + random.integer(90));
    await writeFile(path, await encodePng({ width, height, channels: 3, data }));
    return path;
  };
  const others = [
    [2, 2],
    [24, 16],
    [64, 96],
    [96, 9600],
    [400, 270],
  ] as const;
  const alike = [
    [96, 64],
    [90, 62],
    [192, 128],
    [64, 43],
  ] as const;

  it('is REVIEW with a reason in library, command line and station, whatever its score; a person may say otherwise for good', async () => {
    const own = await smallBundle(join(work, 'sizes'), 2, faulty);
    const learned = await photoOf(96, 64);
    const split = { name: 'made', protocol: 'honest', train: [image(learned, 0)], test: [], notes: [] } as const;
    const calibration = [image(learned, 1), image(learned, 2)];
    const { manifest } = await calibrateBundle({ bundle: own, split: { ...split, calibration } });
    const { height, width, proportion } = manifest.pictureSizes!;
    expect(manifest.pictureSizes).toMatchObject({ policy: 'review', told: false, images: 3 });
    expect([height, width, proportion]).toEqual([64, 96, 1.5].map((side) => ({ least: side, most: side })));
    const threshold = { value: 2, rule: 'by hand', statement: '', chosenOn: '' };
    await amendBundle(own, manifest, { threshold });

    const paths = await Promise.all([...others, ...alike].map(([width, height]) => photoOf(width, height)));
    const wanted = [...others.map(() => 'REVIEW'), ...alike.map(() => 'OK')];
    const inspector = await Inspector.open(own, { threads: 1 });
    for (const [i, path] of paths.entries()) {
      const { decision, reason, score } = await inspector.inspect(path);
      expect([decision, decide(score, 2)], path).toEqual([wanted[i], 'OK']);
      expect(reason ?? 'none', path).toMatch(
        wanted[i] === 'OK' ? /^none$/ : /^another size of picture: .* learned from/,
      );
    }
    await inspector.close();

    const { code, stdout } = await felfri(['inspect', own, ...paths]);
    expect([code, stdout.match(/^REVIEW .*another size of picture/gm)?.length]).toEqual([4, others.length]);
    expect((await felfri(['inspect', own, ...paths, '--other-sizes', 'judge', '--quiet'])).code).toBe(0);

    const station = await startStation(await folder());
    await activeRecipe(station, own);
    const headers = { 'content-type': 'image/png' };
    for (const [path, decision] of [
      [paths[2]!, 'REVIEW'],
      [paths.at(-1)!, 'OK'],
    ] as const) {
      const payload = await readFile(path);
      const answer = await station.app.inject({ method: 'POST', url: '/api/inspections', headers, payload });
      expect(answer.json().decision).toBe(decision);
    }
    const [recipe] = (await station.app.inject('/api/recipes')).json().recipes;
    expect(recipe.sizes).toEqual({ height, width, proportion });
    await station.close();

    const told = { bundle: own, split: { ...split, calibration } };
    expect((await calibrateBundle({ ...told, otherSizes: 'judge' })).manifest.pictureSizes?.policy).toBe('judge');
    expect((await calibrateBundle(told)).manifest.pictureSizes).toMatchObject({ policy: 'judge', told: true });
  });
});

describe('a picture of which lines are missing', () => {
  const photo = async (name: string, fill: (row: number) => number | null): Promise<string> => {
    const path = join(await folder(), `${name}.png`);
    const random = Random.of(2, 'photo');
    const data = Uint8Array.from(
      { length: 96 * 64 * 3 },
      (_, i) => fill(Math.floor(i / (96 * 3))) ?? 60 + random.integer(90),
    );
    await writeFile(path, await encodePng({ width: 96, height: 64, channels: 3, data }));
    return path;
  };

  it('is REVIEW with a reason in library, command line and station, whatever its score, but where good ones look so', async () => {
    const own = await smallBundle(join(work, 'lines'), 2, faulty);
    // a plain ground above the part, in every picture
    const part = (below: number | null) => (row: number) => (row < 8 ? 30 : row < 48 ? null : below);
    const [whole, quarter, stripes] = await Promise.all([
      photo('whole', part(null)),
      photo('quarter', part(128)),
      photo('stripes', (row) => (row < 8 ? 30 : row % 2 ? 0 : null)),
    ]);
    const split = {
      name: 'made',
      protocol: 'honest',
      train: [],
      calibration: [image(whole, 0)],
      test: [],
      notes: [],
    } as const;
    const { manifest } = await calibrateBundle({ bundle: own, split });
    expect(manifest.frameFaults).toEqual({ images: 1, flat: 0.125, repeated: 0 });
    await amendBundle(own, manifest, { threshold: { value: 2, rule: 'by hand', statement: '', chosenOn: '' } });

    const inspector = await Inspector.open(own, { threads: 1 });
    const found = await Promise.all([whole, quarter, stripes].map((path) => inspector.inspect(path)));
    await inspector.close();
    expect(found.map(({ decision, score }) => [decision, decide(score, 2)])).toEqual([
      ['OK', 'OK'],
      ['REVIEW', 'OK'],
      ['REVIEW', 'OK'],
    ]);
    expect(found[1]!.reason).toMatch(/^part of the picture is missing: 38 % of its lines are of one value, and 13 %/);

    const { code, stdout } = await felfri(['inspect', own, whole, quarter]);
    expect([code, stdout]).toEqual([4, expect.stringMatching(/^REVIEW .*part of the picture is missing/m)]);
    expect((await felfri(['inspect', own, quarter, '--blank', 'judge', '--quiet'])).code).toBe(0);

    const station = await startStation(await folder());
    await activeRecipe(station, own);
    const payload = await readFile(quarter);
    const headers = { 'content-type': 'image/png' };
    const answer = await station.app.inject({ method: 'POST', url: '/api/inspections', headers, payload });
    expect(answer.json()).toMatchObject({ decision: 'REVIEW', reason: expect.stringContaining('is missing') });
    const [recipe] = (await station.app.inject('/api/recipes')).json().recipes;
    expect(recipe.frame).toEqual({ flat: 0.125, repeated: 0 });
    await station.close();
  });
});
