/** The ranges of a model's values, given by the model itself as outputs more. */
import type { OnnxModel, OnnxNode } from './schema.ts';

const FLOAT = 1;

/** Smallest and largest value that a tensor was seen to have. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

const observed = (name: string, which: 'low' | 'high'): string => `${name}/${which}`;

/** The model with two outputs more for each of the tensors: the smallest and the largest of its values. */
export function withRanges(model: OnnxModel, tensors: readonly string[]): OnnxModel {
  const { graph } = model;
  const reduce = (op_type: string, name: string, which: 'low' | 'high'): OnnxNode => ({
    op_type,
    input: [name],
    output: [observed(name, which)],
    attribute: [{ name: 'keepdims', type: 2, i: 0 }],
  });
  const nodes = tensors.flatMap((name) => [reduce('ReduceMin', name, 'low'), reduce('ReduceMax', name, 'high')]);
  const output = nodes.map((n) => ({
    name: n.output[0]!,
    type: { tensor_type: { elem_type: FLOAT, shape: { dim: [] } } },
  }));
  return {
    ...model,
    graph: { ...graph, node: [...graph.node, ...nodes], output: [...graph.output, ...output] },
  };
}

/** The ranges in what a model of `withRanges` gave. */
export function rangesIn(
  fetched: Readonly<Record<string, { readonly data: Float32Array }>>,
  tensors: readonly string[],
): Map<string, ValueRange> {
  return new Map(
    tensors.map((name) => [
      name,
      { low: fetched[observed(name, 'low')]!.data[0]!, high: fetched[observed(name, 'high')]!.data[0]! },
    ]),
  );
}
