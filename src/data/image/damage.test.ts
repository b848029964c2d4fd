import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { decodePixels } from './decode.ts';

const cases = JSON.parse(
  readFileSync(new URL('../../../test/golden/formats.json', import.meta.url), 'utf8'),
) as readonly {
  readonly name: string;
  readonly file: string;
}[];

/** Some bytes changed, cut away or put in, by the seed alone. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const out = new Uint8Array(bytes);
  const times = 1 + random.integer(4);
  for (let i = 0; i < times; i++) {
    // most of what a decoder believes stands at the beginning
    const at = random.integer(random.integer(2) === 0 ? Math.min(out.length, 120) : out.length);
    out[at] = random.pick([0, 1, 0x7f, 0xff, random.integer(256)]);
  }
  const cut = random.integer(6) === 0 ? random.integer(out.length) : out.length;
  return out.subarray(0, cut);
}

describe('damaged bytes', () => {
  it.each(cases.map(({ name, file }) => [name, Buffer.from(file, 'base64')] as const))(
    'of %s give an image or a coded error',
    async (name, bytes) => {
      const random = Random.of(1, 'damage', name);
      for (let i = 0; i < 12; i++) {
        const result = await decodePixels(mutated(bytes, random), name, { maxPixels: 1e6 }).catch(
          (error: unknown) => error,
        );
        if (result instanceof Error) expect(result).toBeInstanceOf(FelfriError);
      }
    },
  );

  it.each(cases.map(({ name, file }) => [name, Buffer.from(file, 'base64')] as const))(
    'cut away from %s are missed',
    async (name, bytes) => {
      for (const kept of [0.3, 0.7]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * kept));
        await expect(decodePixels(cut, name), `${kept}`).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
      }
    },
  );
});
