/** The variants of EfficientNet, as the paper scales them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { efficientNetArchitecture, efficientNetVariants } from './efficientnet-architecture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the network', () => {
  it('counts the blocks and channels of every variant as the paper scales them', () => {
    const sizes = efficientNetVariants.map((v) => {
      const { stem, blocks } = efficientNetArchitecture(v);
      return [stem, blocks.length, blocks.at(-1)!.outputs];
    });
    expect(sizes).toEqual([
      [32, 15, 192],
      [32, 21, 192],
      [32, 21, 208],
      [40, 24, 232],
      [48, 30, 272],
      [48, 36, 304],
      [56, 42, 344],
      [64, 51, 384],
      [32, 15, 192],
      [32, 20, 192],
      [32, 20, 208],
      [32, 23, 232],
      [32, 29, 272],
    ]);
  });
});
