/** Damaged annotation files: whatever a byte becomes, reading ends with labels or codes. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { recogniseDataSet } from '../dataset.ts';
import { encodePng } from '../image/encode.ts';
import { readTrustedMask } from '../masks/read.ts';
import { convertDataSet } from './convert.ts';
import type { AnnotationFormatName } from './formats/table.ts';

const newFolder = temporaryFolders();
const size = { width: 12, height: 9 };
const files: Readonly<Record<Exclude<AnnotationFormatName, 'voc'>, string>> = {
  coco: 'annotations/instances_default.json',
  labelme: 'images/defective/b.json',
  cvat: 'annotations.xml',
  yolo: 'labels/defective/b.txt',
  'label-studio': 'tasks.json',
  severstal: 'train.csv',
  png: 'SegmentationClass/defective/b.png',
};

/** One of: bytes changed, a piece cut out, a piece doubled, the end cut off, a digit made huge. */
function damage(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(bytes.length);
  const to = Math.min(bytes.length, at + 1 + random.integer(20));
  switch (random.integer(5)) {
    case 0: {
      const copy = Buffer.from(bytes);
      for (let i = 0; i < 3; i++) copy[random.integer(copy.length)] = random.integer(256);
      return copy;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return bytes.subarray(0, at);
    default: {
      const text = bytes.toString('latin1');
      const digits = [...text.matchAll(/\d+/g)];
      const one = digits[random.integer(Math.max(1, digits.length))];
      const huge = ['99999999999999999999', '-7', '1e308', '0.0000001'][random.integer(4)]!;
      return one
        ? Buffer.from(text.slice(0, one.index) + huge + text.slice(one.index + one[0].length), 'latin1')
        : bytes;
    }
  }
}

async function original(format: AnnotationFormatName): Promise<string> {
  const folder = await newFolder();
  const data = new Uint8Array(size.width * size.height);
  for (const i of [14, 15, 16, 27, 28, 40, 77]) data[i] = 255;
  await writeTree(folder, {
    'good/a.png': await plainPng(80, size.width, size.height),
    'defective/b.png': await plainPng(90, size.width, size.height),
    'masks/b.png': await encodePng({ ...size, channels: 1, data }),
  });
  const output = join(await newFolder(), 'out');
  await convertDataSet(await recogniseDataSet(folder), output, format, { polygons: format === 'cvat' });
  return output;
}

describe('a damaged file of annotations', () => {
  it.each(Object.entries(files))('of %s ends with labels or codes', async (format, file) => {
    const folder = await original(format as AnnotationFormatName);
    const whole = await readFile(join(folder, file));
    const random = Random.of(7, 'damage', format);
    const codes = new Map<string, number>();
    for (let i = 0; i < 80; i++) {
      await writeFile(join(folder, file), damage(whole, random));
      try {
        const { images, problems } = await recogniseDataSet(folder);
        for (const { code } of problems) codes.set(code, (codes.get(code) ?? 0) + 1);
        for (const image of images) if (image.mask) await readTrustedMask({ ...image, mask: image.mask }, size);
      } catch (error) {
        if (!(error instanceof FelfriError)) throw error;
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      }
    }
    expect([...codes.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(20);
  });
});
