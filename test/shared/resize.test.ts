import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/core/safetensors.ts';
import { fitImage } from '../../src/engine/builders.ts';
import { createGraph } from '../../src/engine/operators/table.ts';
import { runGraph } from '../../src/engine/run-graph.ts';
import { sharedFolder } from './shared-folder.ts';

it('a photograph is resized as Pillow does, to within the grey level to which Pillow rounds', async () => {
  const { tensors } = await readSafetensors(join(sharedFolder, 'golden', 'resize.safetensors'));
  const source = tensors.get('source')!;
  const rgb = Uint8Array.from({ length: source.data.length * 3 }, (_, i) => source.data[Math.floor(i / 3)]!);
  for (const [name, expected] of tensors) {
    if (name === 'source') continue;
    const [h, w] = expected.shape as [number, number];
    const graph = createGraph();
    const y = fitImage(graph.input('pixels', [-1, -1, 3], 'uint8'), h, w, 'stretch');
    const pixels = { shape: [...source.shape, 3], data: rgb };
    const red = (await runGraph({ y }, { pixels }))['y']!.data.subarray(0, h * w);
    const worst = red.reduce((most, v, i) => Math.max(most, Math.abs(v - expected.data[i]!)), 0);
    expect(worst, name).toBeLessThanOrEqual(1);
  }
});
