import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePixels } from './decode.ts';
import { emptyLike, type Pixels } from './raster.ts';

interface Case {
  readonly name: string;
  readonly sample: 'uint8' | 'uint16' | 'float32';
  /** Height, width, and 3 for colour. */
  readonly shape: readonly number[];
  /** Base64. */
  readonly values: string;
  readonly file: string;
}

const kinds = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };
const cases = JSON.parse(
  readFileSync(new URL('../../../test/golden/formats.json', import.meta.url), 'utf8'),
) as readonly Case[];

/** The values that were put into the file, in three channels. */
function expected({ sample, shape, values }: Case): Pixels {
  const bytes = new Uint8Array(Buffer.from(values, 'base64'));
  const stored: Pixels = new kinds[sample](bytes.buffer);
  if (shape.length === 3) return stored;
  const out = emptyLike(stored, stored.length * 3);
  out.forEach((_, i) => {
    out[i] = stored[Math.floor(i / 3)]!;
  });
  return out;
}

describe('a file of each kind, made by other programs, pixel for pixel', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, made) => {
    const image = await decodePixels(Buffer.from(made.file, 'base64'), 'made');
    expect([image.height, image.width]).toEqual(made.shape.slice(0, 2));
    expect(image.data).toEqual(expected(made));
  });
});
