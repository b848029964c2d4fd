import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { writePng } from '../image/encode.ts';
import { requireUseful } from './check.ts';
import { tolerances } from './raster.ts';
import { readRegions } from './read.ts';

const folder = temporaryFolders();
const picture = { width: 20, height: 10 };
const ring = { form: 'ring', centre: [0.5, 0.5], outer: 0.2, inner: 0.1 };

async function file(content: unknown): Promise<string> {
  const path = join(await folder(), 'regions.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('a file of regions', () => {
  it('takes the proportions of the pictures where it states none', async () => {
    const path = await file({ regions: [{ name: 'face', kind: 'inspect', shape: ring }] });
    expect((await readRegions(path, picture)).aspect).toBe(2);
  });

  it.each([
    ['{text', /neither JSON/],
    [{ regions: [] }, /regions/],
    [{ aspect: 1, regions: [{ name: 'face', kind: 'inspect', shape: ring }] }, /proportions/],
    [{ regions: [{ name: 'a', kind: 'inspect', shape: { ...ring, inner: 0.3 } }] }, /inner radius/],
    [{ regions: [{ name: 'a\nb', kind: 'inspect', shape: ring }] }, /one line/],
    [{ regions: [1, 2].map(() => ({ name: 'a', kind: 'inspect', shape: ring })) }, /two regions are called a/],
    [{ regions: [{ name: 'a', kind: 'ignore', shape: ring, tolerance: 2 }] }, /no tolerance/],
    [{ regions: [{ name: 'a', kind: 'inspect', shape: ring, tolerance: 100 }] }, /tolerance/],
    [
      {
        regions: [
          {
            name: 'a',
            kind: 'inspect',
            shape: {
              form: 'polygon',
              points: [
                [0, 0],
                [1, 1],
                [0.5, 0.5],
              ],
            },
          },
        ],
      },
      /no area/,
    ],
    [{ regions: [{ name: 'a', kind: 'inspect', shape: { form: 'mask', width: 4, height: 2, runs: [3] } }] }, /4 x 2/],
  ])('is refused: %j', async (content, why) => {
    const reading = readRegions(await file(content), picture);
    await expect(reading).rejects.toMatchObject({ code: 'REGIONS_INVALID', message: expect.stringMatching(why) });
  });

  it('may be a mask, whose marked pixels are judged', async () => {
    const path = join(await folder(), 'face.png');
    const data = Uint8Array.from({ length: 200 }, (_, i) => (i % 20 < 5 ? 255 : 0));
    await writePng(path, { width: 20, height: 10, channels: 1, data });
    const regions = await readRegions(path, picture);
    expect(regions.regions[0]).toMatchObject({ name: 'face.png', kind: 'inspect' });
    expect(tolerances(regions, picture).reduce((n, v) => n + v)).toBe(50);
    await writePng(path, { width: 20, height: 10, channels: 1, data: new Uint8Array(200) });
    await expect(readRegions(path, picture)).rejects.toMatchObject({ message: expect.stringMatching(/marks nothing/) });
  });
});

it('refuses regions that leave nearly nothing to be judged', () => {
  const canvas = { height: 64, width: 64, fit: 'stretch' } as const;
  const disc = (outer: number) => ({ form: 'ring' as const, centre: [0.5, 0.5], outer, inner: 0 });
  const of = (kind: 'inspect' | 'ignore', outer: number) => ({
    aspect: 1,
    regions: [{ name: 'a', kind, shape: disc(outer) }],
  });
  expect(() => requireUseful(of('ignore', 1), canvas)).toThrow(/leave 0 pixels/);
  expect(() => requireUseful(of('inspect', 0.01), canvas)).toThrow(/to be judged|judged/);
  requireUseful(of('inspect', 0.2), canvas);
});
