import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readImage } from '../../data/image/decode.ts';
import { writePng } from '../../data/image/encode.ts';
import { simulatePart } from '../../data/simulate/bearing-ring/simulate-part.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import type { Canvas } from '../../train/canvas.ts';
import { defaultCacheDirectory } from './feature-cache.ts';
import { FeatureExtractor } from './feature-extractor.ts';
import { featureMaps, featureMapsOfPixels } from './features.ts';
import { waveletBackbone } from './wavelet.ts';

const canvas: Canvas = { height: 64, width: 96, fit: 'letterbox' };
const backbone = waveletBackbone();

let folder: string;
let cache: string;
let paths: string[];
let extractor: FeatureExtractor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
  paths = await Promise.all(
    [0, 1, 2, 3].map(async (image) => {
      const path = join(folder, `${image}.png`);
      const { width, height, image: data } = simulatePart(5, { image, width: 40 + 16 * image, height: 64 });
      await writePng(path, { width, height, channels: 1, data });
      return path;
    }),
  );
  extractor = await FeatureExtractor.create({ backbone, canvas, threads: 1 });
});
beforeEach(async () => {
  cache = await mkdtemp(join(folder, 'cache-'));
});
afterAll(async () => {
  await extractor.release();
  await rm(folder, { recursive: true });
});

const images = (...which: number[]) => which.map((i) => ({ path: paths[i]!, name: `image ${i}` }));

async function cacheFiles(): Promise<string[]> {
  const found = await readdir(cache, { recursive: true, withFileTypes: true });
  return found.filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name));
}

describe('feature maps', () => {
  it('are those of the image and of its nearest-neighbour subsamplings', async () => {
    const { width, height, image } = simulatePart(6, { width: 96, height: 64 });
    const grey = (step: number): Float32Array<ArrayBuffer> => {
      const [h, w] = [height / step, width / step];
      const plane = Float32Array.from({ length: h * w }, (_, i) => {
        return image[Math.floor(i / w) * step * width + (i % w) * step]! / 255;
      });
      return Float32Array.from([...plane, ...plane, ...plane]);
    };
    const graph = createGraph();
    const x = graph.input('x', [1, 3, height, width]);
    const maps = featureMaps(x, backbone);
    const together = await runGraph(
      { a: maps[0]!, b: maps[1]!, c: maps[2]! },
      { x: { shape: x.shape, data: grey(1) } },
    );
    for (const [name, step] of [
      ['a', 1],
      ['b', 2],
      ['c', 4],
    ] as const) {
      const own = createGraph();
      const input = own.input('x', [1, 3, height / step, width / step]);
      const alone = await runGraph({ y: backbone.features(input) }, { x: { shape: input.shape, data: grey(step) } });
      expect(together[name]).toEqual(alone['y']);
    }
  });

  it('need a canvas that halves down to the last scale', () => {
    const pixels = createGraph().input('pixels', [-1, -1, 3], 'uint8');
    expect(() => featureMapsOfPixels(pixels, { height: 80, width: 64, fit: 'stretch' }, backbone)).toThrow(
      /multiples of 32/,
    );
    expect(featureMapsOfPixels(pixels, { height: 80, width: 64, fit: 'stretch' }, backbone, 2)).toHaveLength(2);
  });
});

describe('extraction', () => {
  it('gives the maps of each image in order, and goes on past those that cannot be read', async () => {
    const broken = join(folder, 'broken.png');
    await writeFile(broken, (await readFile(paths[0]!)).subarray(0, 300));
    const asked = [...images(2), { path: broken, name: 'broken' }, ...images(0), { path: join(folder, 'none.png') }];
    const seen: number[] = [];
    const found = await extractor.extract(asked, {
      cacheDirectory: false,
      onProgress: (done, total) => seen.push(done, total),
    });
    expect(found.problems.map(({ name, code }) => [name, code])).toEqual([
      ['broken', 'IMAGE_CORRUPT'],
      [join(folder, 'none.png'), 'IMAGE_MISSING'],
    ]);
    expect(seen).toEqual([1, 4, 2, 4, 3, 4, 4, 4]);
    expect(found.maps.map((m) => m === undefined)).toEqual([false, true, false, true]);
    expect(extractor.shapes).toEqual([
      [33, 8, 12],
      [33, 4, 6],
      [33, 2, 3],
    ]);
    const graph = createGraph();
    const maps = featureMapsOfPixels(graph.input('pixels', [-1, -1, 3], 'uint8'), canvas, backbone);
    for (const [at, i] of [
      [0, 2],
      [2, 0],
    ] as const) {
      const { width, height, data } = await readImage(paths[i]!);
      const pixels = { shape: [height, width, 3], data: Uint8Array.from(data) };
      const expected = await runGraph({ a: maps[0]!, b: maps[1]!, c: maps[2]! }, { pixels });
      const got = found.maps[at]!;
      ['a', 'b', 'c'].forEach((name, s) => {
        expect(got[s]!.shape).toEqual(extractor.shapes[s]);
        expect(got[s]!.data).toEqual(expected[name]!.data);
      });
    }
  });

  it('computes each image once, and again when what was kept is damaged', async () => {
    const first = await extractor.extract(images(0, 1, 2), { cacheDirectory: cache });
    expect([first.cached, (await cacheFiles()).length]).toEqual([0, 3]);
    const second = await extractor.extract(images(0, 1, 2, 3), { cacheDirectory: cache });
    expect(second.cached).toBe(3);
    expect(second.maps.slice(0, 3)).toEqual(first.maps);
    const files = await cacheFiles();
    await truncate(files[0]!, 1000);
    await writeFile(files[1]!, 'nothing');
    const third = await extractor.extract(images(0, 1, 2, 3), { cacheDirectory: cache });
    expect(third.cached).toBe(2);
    expect(third.maps).toEqual(second.maps);
    expect((await extractor.extract(images(0, 1, 2, 3), { cacheDirectory: cache })).cached).toBe(4);
  });

  it('never takes the maps of another backbone or canvas for its own', async () => {
    await extractor.extract(images(0), { cacheDirectory: cache });
    for (const other of [
      { backbone: waveletBackbone({ orientations: 6 }), canvas },
      { backbone, canvas: { ...canvas, fit: 'stretch' as const } },
    ]) {
      const another = await FeatureExtractor.create({ ...other, threads: 1 });
      expect((await another.extract(images(0), { cacheDirectory: cache })).cached).toBe(0);
      await another.release();
    }
    expect(await cacheFiles()).toHaveLength(3);
  });

  it('goes on without the cache when it cannot be written, and says so', async () => {
    const file = join(cache, 'a file');
    await writeFile(file, '');
    const found = await extractor.extract(images(0, 1), { cacheDirectory: file });
    expect(found.maps.every((m) => m !== undefined)).toBe(true);
    expect(found.cacheFault).toContain(`features are not kept in ${file}`);
    expect((await extractor.extract(images(0), { cacheDirectory: cache })).cacheFault).toBeUndefined();
  });

  it('stops when told, with what is done kept', async () => {
    const stop = new AbortController();
    const stopped = extractor.extract(images(0, 1, 2, 3, 0, 1, 2, 3), {
      cacheDirectory: cache,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect((await cacheFiles()).length).toBeGreaterThan(0);
  });
});

it('keeps features where the environment says', async () => {
  const saved = { ...process.env };
  try {
    process.env['FELFRI_CACHE'] = '/somewhere';
    expect(defaultCacheDirectory()).toBe('/somewhere');
    delete process.env['FELFRI_CACHE'];
    process.env['XDG_CACHE_HOME'] = '/caches';
    expect(defaultCacheDirectory()).toBe('/caches/felfri');
    delete process.env['XDG_CACHE_HOME'];
    expect(defaultCacheDirectory()).toMatch(/\.cache\/felfri$/);
  } finally {
    process.env = saved;
  }
});
