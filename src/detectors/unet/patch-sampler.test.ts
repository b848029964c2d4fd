import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { noAugmentation, paperAugmentation } from '../../data/augmentation.ts';
import type { GreyCanvas } from '../../train/canvas.ts';
import { PatchSampler, type PatchSamplerOptions } from './patch-sampler.ts';

/** Pixels count upward, so that a crop says where it is from. */
function canvas(defects: readonly (readonly [number, number])[]): GreyCanvas {
  const [height, width] = [32, 64];
  const mask = new Uint8Array(height * width);
  for (const [x, y] of defects) mask[y * width + x] = 1;
  return {
    height,
    width,
    grey: Float32Array.from({ length: height * width }, (_, i) => i / 4096),
    mask: defects.length > 0 ? mask : undefined,
  };
}

const canvases = [canvas([[3, 3]]), canvas([]), canvas([[40, 20]]), canvas([])];
/** Indices of an epoch's patches, in order. */
const order = (sampler: PatchSampler, epoch: number): number[] => sampler.order(epoch).map(({ index }) => index);

const options: PatchSamplerOptions = {
  patch: { height: 16, width: 32 },
  batch: 4,
  seed: 3,
  augmentation: noAugmentation,
};

describe('PatchSampler', () => {
  const sampler = new PatchSampler(canvases, options);

  it('lists the patches of every canvas and knows which hold defect', () => {
    expect(sampler.patches).toHaveLength(4 * 9);
    const defective = sampler.patches.filter((p) => p.defective).map(({ canvas, x, y }) => [canvas, x, y]);
    expect(defective).toEqual([
      [0, 0, 0],
      [2, 16, 8],
      [2, 32, 8],
      [2, 16, 16],
      [2, 32, 16],
    ]);
  });

  it('cuts no patch out of padding alone', () => {
    const padded = { ...canvas([]), shown: { height: 10, width: 40 } };
    const { patches } = new PatchSampler([padded], { ...options, negativesPerPositive: 'all' });
    // the image is shorter than a patch, and has two of them side by side, the second flush with its end
    expect(patches.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [8, 0],
    ]);
  });

  it('takes every defective patch once in an epoch and as many others, drawn anew', () => {
    const orders = [0, 1].map((epoch) => order(sampler, epoch));
    for (const drawn of orders) {
      expect(new Set(drawn).size).toBe(10);
      expect(drawn.filter((i) => sampler.patches[i]!.defective)).toHaveLength(5);
    }
    const clean = orders.map((drawn) => new Set(drawn.filter((i) => !sampler.patches[i]!.defective)));
    expect(clean[0]).not.toEqual(clean[1]);
    expect(sampler.batchesPerEpoch).toBe(3);
    expect(new Set(order(new PatchSampler(canvases, { ...options, negativesPerPositive: 'all' }), 0)).size).toBe(36);
    expect(new PatchSampler(canvases, { ...options, negativesPerPositive: 2 }).order(0)).toHaveLength(15);
  });

  it('takes at most so many defective patches of one image, others in another epoch', () => {
    const sampler = new PatchSampler(canvases, { ...options, mostPerImage: 1 });
    const images = (epoch: number): number[] =>
      order(sampler, epoch)
        .map((i) => sampler.patches[i]!)
        .filter((p) => p.defective)
        .map((p) => p.canvas);
    expect(images(0).sort()).toEqual([0, 2]);
    const own = sampler.patches.flatMap((p, i) => (p.canvas === 2 && p.defective ? [i] : []));
    const drawn = new Set(
      Array.from({ length: 20 }, (_, epoch) => order(sampler, epoch).filter((i) => own.includes(i))).flat(),
    );
    expect(own.length).toBeGreaterThan(1);
    expect([...drawn].sort()).toEqual(own);
  });

  it('gives plain crops without augmentation, filled up at the end of an epoch', () => {
    const drawn = order(sampler, 2);
    const { image, target } = sampler.batch(2, 2);
    expect(image!.shape).toEqual([4, 1, 16, 32]);
    for (let i = 0; i < 4; i++) {
      const { canvas: index, x, y } = sampler.patches[drawn[(8 + i) % 10]!]!;
      for (const [row, column] of [
        [0, 0],
        [7, 20],
        [15, 31],
      ] as const) {
        const [from, at] = [(y + row) * 64 + x + column, i * 512 + row * 32 + column];
        expect(image!.data[at]).toBe(canvases[index]!.grey[from]);
      }
      const inside = [...target!.data.subarray(i * 512, (i + 1) * 512)].reduce((a, b) => a + b);
      expect(inside).toBe(sampler.patches[drawn[(8 + i) % 10]!]!.defective ? 1 : 0);
    }
  });

  it('draws again and again until an epoch has its least number of patches', () => {
    const long = new PatchSampler(canvases, { ...options, leastPerEpoch: 25 });
    expect(long.order(0)).toHaveLength(30);
    expect(long.batchesPerEpoch).toBe(8);
    expect(long.order(0).slice(0, 10)).toEqual(sampler.order(0));
    expect(long.order(0).slice(10, 20)).not.toEqual(sampler.order(0));
  });

  it('gives the share of synthetic defects that is asked for, on good images alone', () => {
    const half = new PatchSampler(canvases, { ...options, synthetic: 0.5 });
    const drawn = half.order(0);
    // 5 labelled, 5 made, 10 clean
    expect(drawn).toHaveLength(20);
    const made = drawn.filter((d) => d.synthetic);
    expect(made).toHaveLength(5);
    expect(made.every((d) => [1, 3].includes(half.patches[d.index]!.canvas))).toBe(true);
  });

  it('learns from synthetic defects alone, without any mask, the same again for the same seed', () => {
    const noise = Array.from({ length: 3 }, (_, k): GreyCanvas => {
      const random = Random.of(7, k);
      return { height: 64, width: 64, grey: Float32Array.from({ length: 4096 }, () => random.next()), mask: undefined };
    });
    const settings = { ...options, patch: { height: 32, width: 32 }, batch: 6, synthetic: 1 };
    const alone = new PatchSampler(noise, settings);
    const drawn = alone.order(0);
    expect([drawn.length, drawn.filter((d) => d.synthetic).length]).toEqual([6, 3]);
    const { image, target } = alone.batch(0, 0);
    for (const [i, { index, synthetic }] of drawn.entries()) {
      const { canvas: k, x, y } = alone.patches[index]!;
      let changed = 0;
      for (let at = 0; at < 1024; at++) {
        const plain = noise[k]!.grey[(y + Math.floor(at / 32)) * 64 + x + (at % 32)]!;
        if (target!.data[i * 1024 + at] === 1) changed++;
        else expect(image!.data[i * 1024 + at]).toBe(plain);
      }
      expect(changed > 0).toBe(synthetic);
    }
    expect(new PatchSampler(noise, settings).batch(0, 0)).toEqual(alone.batch(0, 0));
    expect(new PatchSampler(noise, { ...settings, seed: 9 }).batch(0, 0)).not.toEqual(alone.batch(0, 0));
  });

  it('gives the same batch to a resumed run, and another to another epoch, position or seed', () => {
    const augmented = { ...options, augmentation: paperAugmentation };
    const first = new PatchSampler(canvases, augmented);
    const resumed = new PatchSampler(canvases, augmented);
    first.batch(0, 0);
    expect(resumed.batch(5, 1)).toEqual(first.batch(5, 1));
    expect(first.batch(5, 1)).not.toEqual(first.batch(5, 0));
    expect(first.batch(5, 1)).not.toEqual(first.batch(4, 1));
    expect(first.batch(5, 1)).not.toEqual(new PatchSampler(canvases, { ...augmented, seed: 4 }).batch(5, 1));
  });

  it('refuses images without any defect, unless all patches are asked for', () => {
    expect(() => new PatchSampler([canvas([])], options)).toThrow(
      expect.objectContaining({ code: 'DATASET_TOO_SMALL' }),
    );
    expect(new PatchSampler([canvas([])], { ...options, negativesPerPositive: 'all' }).order(0)).toHaveLength(9);
    expect(() => sampler.batch(0, 3)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
