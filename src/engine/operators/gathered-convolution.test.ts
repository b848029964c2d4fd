import { describe, expect, it } from 'vitest';
import { conv } from '../builders.ts';
import { toOnnxGraph } from '../onnx/writer.ts';
import { createGraph } from './table.ts';

function operatorsOf(n: number, size: number, options: Parameters<typeof conv>[3] = {}): string[] {
  const graph = createGraph();
  const x = graph.input('x', [n, 4, size, size]);
  const y = conv(x, graph.input('w', [8, 4 / (options.group ?? 1), 3, 3]), graph.input('b', [8]), {
    pads: 1,
    ...options,
  });
  return toOnnxGraph({ y }).node.map((node) => node.op_type);
}

describe('the form of a convolution', () => {
  it('is one matrix product for a batch of small maps', () => {
    const operators = operatorsOf(8, 6);
    expect(operators).not.toContain('Conv');
    expect(operators.filter((op) => op === 'MatMul')).toHaveLength(1);
    expect(operators.filter((op) => op === 'Gather')).toHaveLength(1);
  });

  it('is Conv for large maps, single images, groups and dilation', () => {
    expect(operatorsOf(8, 24)).toContain('Conv');
    expect(operatorsOf(1, 6)).toContain('Conv');
    expect(operatorsOf(8, 6, { group: 4 })).toContain('Conv');
    expect(operatorsOf(8, 6, { dilation: 2, pads: 2 })).toContain('Conv');
  });
});
