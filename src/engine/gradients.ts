/**
 * Reverse-mode differentiation as a graph rewrite: walks the nodes of a loss backwards and emits, from the same operator set, the
 * gradient of the loss with respect to chosen values.
 */
import { FelfriError } from '../core/errors.ts';
import { add } from './builders.ts';
import { nodesFor, type Value } from './graph.ts';
import { operatorOf } from './operators/table.ts';

/** Values on which something in `targets` has influence. */
function influenced(nodes: ReturnType<typeof nodesFor>, targets: readonly Value[]): Set<Value> {
  const set = new Set(targets);
  for (const node of nodes) {
    if (node.inputs.some((v) => set.has(v))) for (const out of node.outputs) set.add(out);
  }
  return set;
}

/**
 * Gradients of a scalar loss (shape []) with respect to each of `targets`, in order and of their shapes; zeros where the loss does
 * not depend on a target. Throws GRAPH_GRADIENT when an operator without a gradient stands in the way.
 */
export function gradientsOf(loss: Value, targets: readonly Value[]): Value[] {
  if (loss.shape.length !== 0) throw new FelfriError('GRAPH_SHAPE', `a loss is a scalar, got shape [${loss.shape}]`);
  const { graph } = loss;
  const nodes = nodesFor([loss]);
  const relevant = influenced(nodes, targets);
  const upstream = new Map<Value, Value>([[loss, graph.scalar(1)]]);
  for (const node of nodes.reverse()) {
    const dy = upstream.get(node.outputs[0]!);
    if (!dy || !node.inputs.some((v) => relevant.has(v))) continue;
    const { gradient } = operatorOf(node.op);
    if (gradient === 'none')
      throw new FelfriError(
        'GRAPH_GRADIENT',
        `${node.op} has no gradient, and the loss depends on a parameter through it`,
      );
    const rules = gradient({ inputs: node.inputs, outputs: node.outputs, attributes: node.attributes, upstream: dy });
    node.inputs.forEach((input, i) => {
      const rule = rules[i];
      if (!rule || !relevant.has(input)) return;
      const contribution = rule();
      const sum = upstream.get(input);
      upstream.set(input, sum ? add(sum, contribution) : contribution);
    });
  }
  return targets.map(
    (t) => upstream.get(t) ?? graph.constant(t.shape, new Array(t.shape.reduce((a, b) => a * b, 1)).fill(0)),
  );
}
