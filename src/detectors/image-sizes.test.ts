import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { readImage } from '../data/image/decode.ts';
import type { PartImage } from '../data/part-image.ts';
import { imageSizes } from './image-sizes.ts';

const folder = temporaryFolders();

it('tells sizes as the pixels will have them, from headers: photographs turned by EXIF or TIFF too, and passes over what is none', async () => {
  const root = await folder();
  const photo = sharp(new Uint8Array(40 * 24 * 3), { raw: { width: 40, height: 24, channels: 3 } });
  const images: PartImage[] = [];
  for (const ending of ['jpg', 'tiff', 'png', 'webp'] as const)
    for (const orientation of [1, 3, 6, 8]) {
      const name = `${orientation}.${ending}`;
      const path = join(root, name);
      await photo
        .clone()
        .withMetadata({ orientation })
        .toFormat(ending === 'jpg' ? 'jpeg' : ending)
        .toFile(path);
      images.push({ path, name, label: 'good', className: 'good', partGroup: name });
    }
  const pixels = await Promise.all(images.map(({ path }) => readImage(path)));
  const real = pixels.map(({ width, height }, i) => ({ name: images[i]!.name, width, height }));
  expect(new Set(real.map(({ width }) => width))).toEqual(new Set([40, 24]));
  const damaged = join(root, 'damaged.png');
  await writeFile(damaged, 'none');
  expect(await imageSizes([...images, { ...images[0]!, path: damaged }])).toEqual(real);
});
