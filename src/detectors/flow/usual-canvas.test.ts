import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { Random } from '../../core/random.ts';
import { writePng } from '../../data/image/encode.ts';
import type { PartImage } from '../../data/part-image.ts';
import { concat, slice, square, sub } from '../../engine/builders.ts';
import { averagePool } from '../../engine/functions.ts';
import type { Backbone } from '../backbones/backbone.ts';
import type { LearningRequest } from '../learning.ts';
import { settingsOf } from '../table.ts';
import { usualCanvas } from './usual-canvas.ts';

/** Mean grey, and how much neighbours differ, of squares of 16 pixels. */
const backbone: Backbone = {
  name: 'test',
  licence: 'Apache-2.0',
  fingerprint: 'mean and difference of neighbours',
  channels: 2,
  stride: 16,
  features: (image) => {
    const grey = slice(image, 1, 0, 1);
    const width = grey.shape[3]!;
    const difference = square(sub(slice(grey, 3, 1, width), slice(grey, 3, 0, width - 1)));
    const same = concat([difference, slice(difference, 3, width - 2, width - 1)], 3);
    return concat([averagePool(grey, 16), averagePool(same, 16)], 1);
  },
};

const [width, height] = [640, 256];

const folder = temporaryFolders();

/** Noise, and as a defect a patch of stripes one pixel wide, which a smaller canvas averages away. */
async function photo(at: string, index: number, label: PartImage['label']): Promise<PartImage> {
  const random = Random.of(5, 'photo', index);
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const inside = label === 'defective' && x >= 300 && x < 332 && y >= 100 && y < 132;
    return Math.round(120 + 6 * random.normal() + (inside ? (x % 2 ? 9 : -9) : 0));
  });
  const name = `${index}.png`;
  await writePng(join(at, name), { width, height, channels: 1, data });
  return { path: join(at, name), name, label, className: label, partGroup: name };
}

it('takes a larger canvas where calibration images show that a smaller one averages defects away', async () => {
  const at = await folder();
  const photos = (from: number, count: number, label: PartImage['label']): Promise<PartImage[]> =>
    Promise.all(Array.from({ length: count }, (_, i) => photo(at, from + i, label)));
  const train = await photos(0, 12, 'good');
  const calibration = [...(await photos(20, 6, 'good')), ...(await photos(30, 6, 'defective'))];
  const split = { name: 'test', protocol: 'honest' as const, train, calibration, test: [], notes: [] };
  const settings = await settingsOf('flow', { cache: false }, 'line');
  const request: LearningRequest & typeof settings = { ...settings, backbone, split, seed: 0, threads: 1 };
  const chosen = await usualCanvas(request, { images: train, intake: undefined, regions: undefined });
  expect(chosen.canvas).toEqual({ height: 256, width: 640, fit: 'stretch' });
  expect(chosen.statement).toMatch(/AUROC of a closed form 0\.\d+ at 192 x 384, 1\.000 at 256 x 640/);
  // without defects to try on, images of this size are not shrunk enough for a larger one
  const unseen = await usualCanvas(
    { ...request, split: { ...split, calibration: calibration.slice(0, 6) } },
    { images: train, intake: undefined, regions: undefined },
  );
  expect(unseen.canvas).toEqual({ height: 192, width: 384, fit: 'stretch' });
}, 60_000);
