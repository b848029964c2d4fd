/** Adam's update as a graph, for devices on which weights and moments stay; number by number what adam-arrays.ts does. */
import { add, div, mul, sqrt, sub } from '../builders.ts';
import type { Value } from '../graph.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from '../operators/table.ts';
import type { Declaration } from '../parameters.ts';
import type { AdamOptions } from './adam-rule.ts';
import { outputName } from './program.ts';
import { keyOf } from './store.ts';

/** What changes from update to update, as scalars (shape []): the inputs that are called as the rule calls them. */
export const ruleInputs = ['scale', 'stepSize', 'correction'] as const;

/**
 * An ONNX model that takes `ruleInputs` and, for each weight, itself, its moments (by `keyOf`) and its gradient (by `outputName`), all of
 * the weight's shape; it gives the next weight and moments, as `outputName.next` of their keys.
 */
export function adamModel(trained: readonly Declaration[], options: AdamOptions): Uint8Array<ArrayBuffer> {
  const { beta1, beta2, epsilon, weightDecay } = options;
  const graph = createGraph();
  const [scale, stepSize, correction] = ruleInputs.map((name) => graph.input(name, [])) as [Value, Value, Value];
  const outputs: Record<string, Value> = {};
  for (const { name, shape } of trained) {
    const keys = { weight: keyOf('weight', name), first: keyOf('first', name), second: keyOf('second', name) };
    const weight = graph.input(keys.weight, shape);
    const clipped = mul(graph.input(outputName.gradient(name), shape), scale);
    const change = weightDecay === 0 ? clipped : add(clipped, mul(weightDecay, weight));
    const first = add(mul(beta1, graph.input(keys.first, shape)), mul(1 - beta1, change));
    const second = add(mul(beta2, graph.input(keys.second, shape)), mul(mul(1 - beta2, change), change));
    const moved = div(mul(stepSize, first), add(mul(sqrt(second), correction), epsilon));
    outputs[outputName.next(keys.weight)] = sub(weight, moved);
    outputs[outputName.next(keys.first)] = first;
    outputs[outputName.next(keys.second)] = second;
  }
  return toOnnx(outputs);
}
