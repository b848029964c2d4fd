import { readFile, stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { openBackbone } from './select.ts';
import { surfaceBackboneFile, surfaceBackboneSha256 } from './surface.ts';

const root = new URL('../../../', import.meta.url);

function noise(height: number, width: number, seed: number) {
  const random = Random.of(seed, 'noise');
  return tensor(
    [1, 3, height, width],
    Array.from({ length: 3 * height * width }, () => random.next()),
  );
}

it.each([
  [64, 64],
  [48, 96],
])('gives one map of stride 16 for an image of %i x %i, the same each time', async (height, width) => {
  const backbone = await openBackbone('surface');
  expect(backbone).toMatchObject({ name: 'surface', licence: 'Apache-2.0', channels: 480, stride: 16 });
  const run = async (seed: number) => {
    const graph = createGraph();
    const features = backbone.features(graph.input('image', [1, 3, height, width]));
    return (await runGraph({ features }, { image: noise(height, width, seed) }))['features']!;
  };
  const once = await run(1);
  expect(once.shape).toEqual([1, 480, height / 16, width / 16]);
  expect(once.data.every(Number.isFinite)).toBe(true);
  expect(await run(1)).toEqual(once);
  expect((await run(2)).data).not.toEqual(once.data);
});

it('is known by its file alone', async () => {
  const [one, other] = [await openBackbone('surface'), await openBackbone('surface')];
  expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(other.fingerprint).toBe(one.fingerprint);
});

it('is in the package, small, and the file that the document states', async () => {
  expect((await stat(surfaceBackboneFile)).size).toBeLessThan(10e6);
  const { files } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { files: string[] };
  expect(files).toContain('weights');
  expect(await readFile(new URL('docs/backbones.md', root), 'utf8')).toContain(surfaceBackboneSha256);
});
