import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { estimatePrincipal, toPrincipal } from './principal.ts';
import { estimateWhole, wholeTexture } from './whole.ts';

const [c, h, w] = [4, 6, 6];

/** Maps of noise; each channel of an image is as strong as `strength` says and lies at `level`. */
function noise(n: number, seed: number, strength = 1, level = 0): Tensor[] {
  const random = Random.of(seed, 'maps');
  return Array.from({ length: n }, () =>
    tensor(
      [c, h, w],
      Array.from({ length: c * h * w }, (_, i) => (1 + (i % c)) * (level + strength * random.normal())),
    ),
  );
}

/** Mean over maps of how unusual their texture is to whom `train` taught it. */
async function unusual(train: readonly Tensor[], maps: readonly Tensor[]): Promise<number> {
  const start = await estimatePrincipal(train);
  const graph = createGraph();
  const p = new FixedParameters(graph, new Map([...start, ...(await estimateWhole(train, start))]));
  const all = graph.constant(
    [maps.length, c, h, w],
    maps.flatMap((m) => [...m.data]),
  );
  const { out } = await runGraph({ out: wholeTexture(toPrincipal(all, c, p).all, p) }, {});
  return out!.data.reduce((sum, v) => sum + v, 0) / maps.length;
}

describe('an image as a whole', () => {
  const train = noise(200, 1);

  it('is about 1 for new good images', async () => {
    const value = await unusual(train, noise(200, 2));
    expect(value).toBeGreaterThan(0.7);
    expect(value).toBeLessThan(1.4);
  });

  it('stands out where the texture is stronger, and not where the tone is off', async () => {
    expect(await unusual(train, noise(50, 3, 1.5))).toBeGreaterThan(5);
    expect(await unusual(train, noise(50, 4, 1, 1))).toBeLessThan(1.5);
  });

  it('can be estimated from two images', async () => {
    expect(Number.isFinite(await unusual(noise(2, 5), noise(2, 6)))).toBe(true);
  });
});
