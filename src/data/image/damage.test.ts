import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutated } from '../../../test/support/mutated.ts';
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { decodePixels } from './decode.ts';

const cases = JSON.parse(
  readFileSync(new URL('../../../test/golden/formats.json', import.meta.url), 'utf8'),
) as readonly {
  readonly name: string;
  readonly file: string;
}[];

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
