/** Regions from training to verdict: a flow and a U-Net that were told to ignore a place of the picture. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recogniseDataSet } from '../src/data/dataset.ts';
import { readImage } from '../src/data/image/decode.ts';
import type { Image } from '../src/data/image/raster.ts';
import type { Regions } from '../src/data/regions/schema.ts';
import { simulateRingFaces } from '../src/data/simulate/bearing-ring/ring-faces.ts';
import { foldSplit } from '../src/data/split.ts';
import { Inspector } from '../src/inspect/inspector.ts';
import { trainFlow, trainUnet } from '../src/jobs/train/train.ts';
import { temporaryFolders } from './support/folder.ts';

const folder = temporaryFolders();
const SIDE = 64;
const regions: Regions = {
  aspect: 1,
  regions: [
    {
      name: 'left half',
      kind: 'inspect',
      shape: {
        form: 'polygon',
        points: [
          [0, 0],
          [0.5, 0],
          [0.5, 1],
          [0, 1],
        ],
      },
    },
    {
      name: 'right half',
      kind: 'inspect',
      shape: {
        form: 'polygon',
        points: [
          [0.5, 0],
          [1, 0],
          [1, 1],
          [0.5, 1],
        ],
      },
    },
    { name: 'bore', kind: 'ignore', shape: { form: 'ring', centre: [0.5, 0.5], outer: 0.2, inner: 0 } },
  ],
};

const inspectors = new Map<string, Inspector>();
let image: Image;

beforeAll(async () => {
  const work = await folder();
  const asked = { parts: 10, imagesPerPart: 3, size: SIDE, defectiveShare: 0.4, difficulty: 0.4 };
  await simulateRingFaces({ outDir: join(work, 'data'), seed: 3, ...asked });
  const dataSet = await recogniseDataSet(join(work, 'data'));
  const split = foldSplit(dataSet, 0);
  const [flow, unet] = ['flow', 'unet'].map((name) => join(work, name)) as [string, string];
  const common = { size: String(SIDE), batch: 4, threads: 1, regions, split };
  await trainFlow(dataSet, { ...common, epochs: 0, hidden: 4, cache: false, output: flow });
  await trainUnet(dataSet, { ...common, epochs: 1, base: 2, patch: 64, output: unet });
  for (const [name, bundle] of Object.entries({ flow, unet }))
    inspectors.set(name, await Inspector.open(bundle, { threads: 1 }));
  image = await readImage(split.test[0]!.path);
}, 600_000);

afterAll(async () => {
  for (const inspector of inspectors.values()) await inspector.close();
});

/** The image with other values where `at` says. */
function changed(at: (x: number, y: number) => boolean, value: number): Image {
  const data = Uint8Array.from(image.data);
  for (let i = 0; i < SIDE * SIDE; i++)
    if (at((i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5)) data.fill(value, i * 3, i * 3 + 3);
  return { ...image, data };
}

const inBore = (x: number, y: number): boolean => Math.hypot(x - SIDE / 2, y - SIDE / 2) < 0.2 * SIDE;

describe.each(['flow', 'unet'])('a bundle with regions: %s', (name) => {
  const inspect = (of: Image) => inspectors.get(name)!.inspectImage(of, 'image');

  it('says so, in a schema that older readers refuse', () => {
    const { schema, regions: own } = inspectors.get(name)!.manifest;
    expect(schema).toBeGreaterThanOrEqual(5);
    expect(own).toEqual({ ...regions, within: 'model' });
  });

  it('gives the same verdict to the last bit whatever lies where nothing is judged', async () => {
    const plain = await inspect(image);
    for (const value of [0, 255]) {
      const other = await inspect(changed(inBore, value));
      expect([other.score, other.decision]).toEqual([plain.score, plain.decision]);
      expect(other.map.data).toEqual(plain.map.data);
    }
  });

  it('tells what was found in each region of interest', async () => {
    const { regions: found, threshold, map } = await inspect(image);
    expect(found!.map((one) => one.name)).toEqual(['left half', 'right half']);
    expect(found!.every((one) => one.threshold === threshold)).toBe(true);
    expect(Math.max(...found!.map(({ score }) => score))).toBe(Math.max(...map.data));
  });

  it('lets no picture of other proportions pass, on which regions lie elsewhere', async () => {
    // less than what another size of picture is
    const data = image.data.slice(0, SIDE * 60 * 3);
    expect(await inspect({ ...image, height: 60, data })).toMatchObject({
      decision: 'REVIEW',
      reason: expect.stringMatching(/regions were drawn on/),
    });
  });

  it('draws them on its heat maps', async () => {
    const inspection = await inspect(image);
    const drawn = await inspectors.get(name)!.heatMap(image, inspection);
    expect(drawn.length).toBeGreaterThan(1000);
  });
});

it('names the region that an NG of a flow rests on', async () => {
  const scratched = changed((x, y) => x > 52 && x < 60 && y > 8 && y < 30, 255);
  const { decision, reason, regions: found } = await inspectors.get('flow')!.inspectImage(scratched, 'image');
  expect(decision).toBe('NG');
  // the coarse scales of a flow on so small a picture reach into the other half
  expect(reason).toMatch(/^in right half[ :]/);
  expect(found![1]!.score).toBeGreaterThan(found![0]!.score);
});
