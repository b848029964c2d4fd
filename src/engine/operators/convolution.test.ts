import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { convTranspose } from '../builders.ts';
import { toOnnxGraph } from '../onnx/writer.ts';
import { runGraph } from '../run-graph.ts';
import type { ConvTransposeAttributes } from './attributes.ts';
import { normalTensor } from './operator.ts';
import { createGraph } from './table.ts';

function operatorsOf(kernel: number, attributes: Partial<ConvTransposeAttributes>): string[] {
  const graph = createGraph();
  const weight = graph.input('w', [3, 2, kernel, kernel]);
  const y = convTranspose(graph.input('x', [1, 3, 4, 4]), weight, undefined, attributes);
  return toOnnxGraph({ y }).node.map((node) => node.op_type);
}

describe('a transposed convolution', () => {
  it('is one of single weights where kernels only touch', () => {
    expect(operatorsOf(2, { strides: [2, 2] })).toEqual(expect.arrayContaining(['Conv', 'DepthToSpace']));
    expect(operatorsOf(2, { strides: [2, 2] })).not.toContain('ConvTranspose');
    expect(operatorsOf(3, { strides: [2, 2] })).toContain('ConvTranspose');
    expect(operatorsOf(2, { strides: [1, 1] })).toContain('ConvTranspose');
    expect(operatorsOf(2, { strides: [2, 2], outputPadding: [1, 1] })).toContain('ConvTranspose');
  });

  it('puts each weight where it belongs, with a bias and without', async () => {
    const random = Random.of(4, 'transposed');
    const [x, w, b] = [[2, 3, 4, 5], [3, 2, 2, 2], [2]].map((shape) => normalTensor(random, shape)) as [
      ReturnType<typeof normalTensor>,
      ReturnType<typeof normalTensor>,
      ReturnType<typeof normalTensor>,
    ];
    const graph = createGraph();
    const [vx, vw, vb] = [graph.input('x', x.shape), graph.input('w', w.shape), graph.input('b', b.shape)];
    const out = await runGraph(
      {
        plain: convTranspose(vx, vw, undefined, { strides: [2, 2] }),
        biased: convTranspose(vx, vw, vb, { strides: [2, 2] }),
      },
      { x, w, b },
      { threads: 1 },
    );
    const wanted = Array.from({ length: 2 * 2 * 8 * 10 }, (_, at) => {
      const [column, row] = [at % 10, Math.floor(at / 10) % 8];
      const [channel, image] = [Math.floor(at / 80) % 2, Math.floor(at / 160)];
      let sum = 0;
      for (let c = 0; c < 3; c++) {
        const from = ((image * 3 + c) * 4 + Math.floor(row / 2)) * 5 + Math.floor(column / 2);
        sum += x.data[from]! * w.data[((c * 2 + channel) * 2 + (row % 2)) * 2 + (column % 2)]!;
      }
      return { sum, channel };
    });
    expect(out['plain']!.shape).toEqual([2, 2, 8, 10]);
    expectClose(
      out['plain']!.data,
      wanted.map(({ sum }) => sum),
      'without bias',
    );
    expectClose(
      out['biased']!.data,
      wanted.map(({ sum, channel }) => sum + b.data[channel]!),
      'with bias',
    );
  });
});
