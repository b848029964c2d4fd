import { describe, expect, it } from 'vitest';
import { noAugmentation, paperAugmentation } from '../../data/augmentation.ts';
import { type GreyCanvas, PatchSampler, type PatchSamplerOptions } from './patch-sampler.ts';

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
    const orders = [0, 1].map((epoch) => sampler.order(epoch));
    for (const order of orders) {
      expect(new Set(order).size).toBe(10);
      expect(order.filter((i) => sampler.patches[i]!.defective)).toHaveLength(5);
    }
    const clean = orders.map((order) => new Set(order.filter((i) => !sampler.patches[i]!.defective)));
    expect(clean[0]).not.toEqual(clean[1]);
    expect(sampler.batchesPerEpoch).toBe(3);
    expect(new Set(new PatchSampler(canvases, { ...options, negativesPerPositive: 'all' }).order(0)).size).toBe(36);
    expect(new PatchSampler(canvases, { ...options, negativesPerPositive: 2 }).order(0)).toHaveLength(15);
  });

  it('takes at most so many defective patches of one image, others in another epoch', () => {
    const sampler = new PatchSampler(canvases, { ...options, mostPerImage: 1 });
    const images = (epoch: number): number[] =>
      sampler
        .order(epoch)
        .map((i) => sampler.patches[i]!)
        .filter((p) => p.defective)
        .map((p) => p.canvas);
    expect(images(0).sort()).toEqual([0, 2]);
    const own = sampler.patches.flatMap((p, i) => (p.canvas === 2 && p.defective ? [i] : []));
    const drawn = new Set(
      Array.from({ length: 20 }, (_, epoch) => sampler.order(epoch).filter((i) => own.includes(i))).flat(),
    );
    expect(own.length).toBeGreaterThan(1);
    expect([...drawn].sort()).toEqual(own);
  });

  it('gives plain crops without augmentation, filled up at the end of an epoch', () => {
    const order = sampler.order(2);
    const { image, target } = sampler.batch(2, 2);
    expect(image!.shape).toEqual([4, 1, 16, 32]);
    for (let i = 0; i < 4; i++) {
      const { canvas: index, x, y } = sampler.patches[order[(8 + i) % 10]!]!;
      for (const [row, column] of [
        [0, 0],
        [7, 20],
        [15, 31],
      ] as const) {
        const [from, at] = [(y + row) * 64 + x + column, i * 512 + row * 32 + column];
        expect(image!.data[at]).toBe(canvases[index]!.grey[from]);
      }
      const inside = [...target!.data.subarray(i * 512, (i + 1) * 512)].reduce((a, b) => a + b);
      expect(inside).toBe(sampler.patches[order[(8 + i) % 10]!]!.defective ? 1 : 0);
    }
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
