/** Images of 12 bits all the way: flow, U-Net, both fused, a comparison, the command line and a station. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/data/image/decode.ts';
import { simulateRingFaces } from '../src/data/simulate/bearing-ring/ring-faces.ts';
import { felfri } from './cli/felfri.ts';
import { temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, startStation, type TestStation } from './support/station.ts';

const folder = temporaryFolders();
let work: string;
let data: string;
let flow: string;
let unet: string;
let fused: string;
let own: TestStation;

/** A PGM whose values go up to 4095, as cameras of 12 bits give them. */
function pgm({ width, height, data: grey }: { width: number; height: number; data: ArrayLike<number> }): Buffer {
  const pixels = Buffer.alloc(2 * width * height);
  for (let i = 0; i < width * height; i++) pixels.writeUInt16BE(16 * grey[i]! + (i % 16), 2 * i);
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n4095\n`, 'latin1'), pixels]);
}

/** The simulated set with the same parts in 12 bits. */
async function deepen(root: string): Promise<void> {
  const images = join(root, 'images');
  for (const name of await readdir(images)) {
    const image = await decodeImage(await readFile(join(images, name)), name, { channels: 1 });
    await writeFile(join(images, name.replace('.png', '.pgm')), pgm(image));
    await rm(join(images, name));
  }
  const manifest = join(root, 'manifest.csv');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replaceAll(/(images\/[^,]*)\.png/g, '$1.pgm'));
}

async function run(...args: string[]): Promise<string> {
  const { code, stderr, stdout } = await felfri([...args, '--quiet']);
  expect(code, stderr).toBe(0);
  return stdout;
}

const few = ['--size', '64', '--epochs', '1', '--batch', '4', '--threads', '1'];
const pixelsOf = async (bundle: string) => JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')).pixels;

beforeAll(async () => {
  work = await folder();
  [data, flow, unet, fused] = ['data', 'flow', 'unet', 'fused'].map((name) => join(work, name)) as [
    string,
    string,
    string,
    string,
  ];
  const asked = { parts: 20, imagesPerPart: 3, size: 64, defectiveShare: 0.4, difficulty: 0.4 };
  await simulateRingFaces({ outDir: data, seed: 3, ...asked });
  await deepen(data);
  await run('train', 'flow', data, '-o', flow, '--hidden', '4', '--no-cache', ...few);
  await run('train', 'unet', data, '-o', unet, '--base', '2', '--patch', '64', ...few);
  await run('fuse', flow, unet, data, '-o', fused);
  own = await startStation(await folder());
}, 300_000);
afterAll(() => own.close());

describe('a fusion of 12 bits', () => {
  it('sees the range that the files state, and gives a finite verdict on each', async () => {
    const range = { sample: 'uint16', range: { low: 0, high: 4095 } };
    for (const bundle of [flow, unet, fused]) expect(await pixelsOf(bundle)).toEqual(range);
    const { stdout } = await felfri(['inspect', fused, join(data, 'images'), '--json', '--quiet']);
    const verdicts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(verdicts).toHaveLength(60);
    for (const { score, parts } of verdicts)
      for (const value of [score, parts.flow, parts.unet]) expect(Number.isFinite(value)).toBe(true);
  });

  it('lets no picture of nothing pass, and no image of 8 bits', async () => {
    for (const value of [0, 128, 255]) {
      const blank = join(work, `blank-${value}.pgm`);
      await writeFile(blank, pgm({ width: 64, height: 64, data: new Array(4096).fill(value) }));
      const { stdout } = await felfri(['inspect', fused, blank, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ decision: 'REVIEW', blank: true });
    }
    const eight = join(work, 'eight.png');
    await writeFile(eight, await partPng(3));
    const { code, stderr } = await felfri(['inspect', fused, eight]);
    expect([code, stderr.split(':')[0]]).toEqual([3, 'IMAGE_DEPTH']);
  });

  it('judges over HTTP what it judges on the command line, and refuses other depths there', async () => {
    await activeRecipe(own, await cp(fused, join(work, 'copy'), { recursive: true }).then(() => join(work, 'copy')));
    const send = (payload: Buffer, type: string) =>
      own.app.inject({ method: 'POST', url: '/api/inspections', headers: { 'content-type': type }, payload });
    const [name] = await readdir(join(data, 'images'));
    const path = join(data, 'images', name!);
    const answer = await send(await readFile(path), 'image/x-portable-anymap');
    const inspection = answer.json();
    const told = JSON.parse((await felfri(['inspect', fused, path, '--json'])).stdout);
    expect([answer.statusCode, inspection.decision]).toEqual([201, told.decision]);
    expect(inspection.score).toBeCloseTo(told.score, 4);
    for (const picture of ['image', 'image?longest=32', 'map'])
      expect((await own.app.inject(`/api/inspections/${inspection.id}/${picture}`)).statusCode).toBe(200);
    const refused = await send(await partPng(3), 'image/png');
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'IMAGE_DEPTH']);
    const black = await send(pgm({ width: 64, height: 64, data: new Array(4096).fill(0) }), 'application/octet-stream');
    expect(black.json()).toMatchObject({ decision: 'REVIEW', reason: expect.stringContaining('no picture') });
  });
});

it('a comparison takes --range and --bands, and a range of its own is in every bundle', async () => {
  const output = join(work, 'compared');
  const one = ['--sequences', '1', '--unet-sequences', '0', '--hidden', '4', '--no-cache'];
  await run('compare', data, '-o', output, ...one, '--range', '100..3000', '--bands', '1', ...few);
  const bundle = join(output, 'honest', 'flow-0');
  expect(await pixelsOf(bundle)).toEqual({ sample: 'uint16', range: { low: 100, high: 3000 }, bands: [1] });
});
