/** Compiles a network and its loss into ONNX models: one that gives the loss and all gradients, one that evaluates. */
import { add, reduceSumSquare, sqrt } from '../builders.ts';
import { gradientsOf } from '../gradients.ts';
import type { Graph, Value } from '../graph.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from '../operators/table.ts';
import { type Declaration, DeclaredParameters, type Parameters } from '../parameters.ts';

/** Everything a trainer needs; plain data, so that it can be sent to a worker thread. */
export interface TrainingProgram {
  /** Weights, states and a batch in; loss, metrics, gradients with their global norm, and next states out. */
  readonly step: Uint8Array<ArrayBuffer>;
  /** Weights, states and inputs in; whatever the evaluation declares out. */
  readonly evaluation: Uint8Array<ArrayBuffer> | undefined;
  readonly trained: readonly Declaration[];
  readonly states: readonly Declaration[];
  /** States that the step gives a next value. */
  readonly updated: readonly string[];
  readonly metrics: readonly string[];
}

export interface TrainingDefinition {
  /** The network in training mode: a scalar loss, and scalars to report beside it. */
  readonly step: (graph: Graph, parameters: Parameters) => { loss: Value; metrics?: Readonly<Record<string, Value>> };
  /** The network in inference mode, for judging during training; may use another batch size. */
  readonly evaluation?: (graph: Graph, parameters: Parameters) => Readonly<Record<string, Value>>;
}

/** Prefixes of the step's outputs, so that no weight's name can collide with them. */
export const outputName = {
  loss: 'loss',
  gradientNorm: 'gradient_norm',
  metric: (name: string) => `metric:${name}`,
  gradient: (name: string) => `gradient:${name}`,
  next: (name: string) => `next:${name}`,
};

/** What a gradient was before it got the shape of its weight: an output that is only reshaped is a copy. The optimiser goes by position. */
const unshaped = (gradient: Value): Value =>
  gradient.node?.op === 'Reshape' ? unshaped(gradient.node.inputs[0]!) : gradient;

/** Builds both graphs, differentiates the loss with respect to every declared weight, and writes them. */
export function compileTraining(definition: TrainingDefinition): TrainingProgram {
  const graph = createGraph();
  const parameters = new DeclaredParameters(graph, true);
  const { loss, metrics = {} } = definition.step(graph, parameters);
  const trained = [...parameters.trained.values()];
  const gradients = gradientsOf(
    loss,
    trained.map((p) => p.value),
  );
  const flat = gradients.map(unshaped);
  const outputs: Record<string, Value> = { [outputName.loss]: loss };
  for (const [name, value] of Object.entries(metrics)) outputs[outputName.metric(name)] = value;
  trained.forEach(({ declaration }, i) => {
    outputs[outputName.gradient(declaration.name)] = flat[i]!;
  });
  outputs[outputName.gradientNorm] = sqrt(flat.map((g) => reduceSumSquare(g)).reduce(add));
  const updated: string[] = [];
  for (const [name, { next }] of parameters.states) {
    if (!next) continue;
    outputs[outputName.next(name)] = next;
    updated.push(name);
  }
  const evaluation = definition.evaluation && compileEvaluation(definition.evaluation);
  // a state that only the evaluation reads is carried along like any other
  const states = new Map([...(evaluation?.states ?? []), ...parameters.states]);
  return {
    step: toOnnx(outputs),
    evaluation: evaluation?.model,
    trained: trained.map((p) => p.declaration),
    states: [...states.values()].map((s) => s.declaration),
    updated,
    metrics: Object.keys(metrics),
  };
}

function compileEvaluation(build: NonNullable<TrainingDefinition['evaluation']>) {
  const graph = createGraph();
  const parameters = new DeclaredParameters(graph, false);
  return { model: toOnnx(build(graph, parameters)), states: parameters.states };
}
