/**
 * The graph: values with static shapes, produced by nodes of the closed operator set. Building is value-numbered, so the same
 * operator on the same inputs is one node however often it is asked for (gradients share forward work this way).
 *
 * Imports only types of the operator table; the table is handed in, see `createGraph` in operators/table.ts.
 */
import { FelfriError } from '../core/errors.ts';
import { given } from '../core/given.ts';
import type { AttributesOf, OperatorName } from './operators/attributes.ts';
import type { DType, ValueType } from './types.ts';

export interface Value extends ValueType {
  readonly graph: Graph;
  /** Position in creation order; producers come before consumers. */
  readonly id: number;
  /** Name of a graph input, else undefined. */
  readonly input: string | undefined;
  /** Data of a constant, else undefined. */
  readonly constant: Float32Array<ArrayBuffer> | undefined;
  /** Name of a constant that a model keeps, so that it can be found there again. */
  readonly kept: string | undefined;
  /** The node that makes this value, and which of its outputs it is. */
  readonly node: Node | undefined;
  readonly output: number;
}

export interface Node<K extends OperatorName = OperatorName> {
  readonly op: K;
  readonly inputs: readonly Value[];
  readonly attributes: AttributesOf<K>;
  readonly outputs: readonly Value[];
}

/** Gives the output types of an operator or throws GRAPH_SHAPE. */
export type ShapeRule = (op: OperatorName, inputs: readonly Value[], attributes: unknown) => readonly ValueType[];

export class Graph {
  readonly inputs: Value[] = [];
  readonly #infer: ShapeRule;
  readonly #nodes = new Map<string, Node>();
  readonly #scalars = new Map<number, Value>();
  #count = 0;

  constructor(infer: ShapeRule) {
    this.#infer = infer;
  }

  #value(type: ValueType, origin: Partial<Pick<Value, 'input' | 'constant' | 'kept' | 'node' | 'output'>>): Value {
    return {
      graph: this,
      id: this.#count++,
      dtype: type.dtype,
      shape: [...type.shape],
      input: origin.input,
      constant: origin.constant,
      kept: origin.kept,
      node: origin.node,
      output: origin.output ?? 0,
    };
  }

  /** A value fed at run time. Names are unique within a graph. */
  input(name: string, shape: readonly number[], dtype: DType = 'float32'): Value {
    if (this.inputs.some((v) => v.input === name)) {
      throw new FelfriError('GRAPH_SHAPE', `the graph already has an input named ${name}`);
    }
    const value = this.#value({ dtype, shape }, { input: name });
    this.inputs.push(value);
    return value;
  }

  /** Data baked into the graph; a model keeps its name where it has one, unique within the graph. */
  constant(shape: readonly number[], data: Float32Array<ArrayBuffer> | readonly number[], kept?: string): Value {
    return this.#value({ dtype: 'float32', shape }, { constant: new Float32Array(data), ...given({ kept }) });
  }

  /** A scalar constant of shape []; equal numbers share one value. */
  scalar(x: number): Value {
    const known = this.#scalars.get(x);
    if (known) return known;
    const value = this.constant([], [x]);
    this.#scalars.set(x, value);
    return value;
  }

  /** Applies an operator and gives its outputs. Throws GRAPH_SHAPE naming the operator and what it got. */
  applyAll<K extends OperatorName>(op: K, inputs: readonly Value[], attributes: AttributesOf<K>): readonly Value[] {
    const key = `${op}(${inputs.map((v) => v.id).join()})${JSON.stringify(attributes)}`;
    const known = this.#nodes.get(key);
    if (known) return known.outputs;
    const types = this.#infer(op, inputs, attributes);
    const outputs: Value[] = [];
    const node: Node = { op, inputs, attributes, outputs };
    types.forEach((type, output) => {
      outputs.push(this.#value(type, { node, output }));
    });
    this.#nodes.set(key, node);
    return outputs;
  }

  /** Applies an operator and gives its first output. */
  apply<K extends OperatorName>(op: K, inputs: readonly Value[], attributes: AttributesOf<K>): Value {
    return this.applyAll(op, inputs, attributes)[0]!;
  }
}

/** The nodes that the given values need, producers first. */
export function nodesFor(values: readonly Value[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const pending: { node: Node; next: number }[] = [];
  const visit = (value: Value): void => {
    if (value.node && !seen.has(value.node)) {
      seen.add(value.node);
      pending.push({ node: value.node, next: 0 });
    }
  };
  for (const value of values) {
    visit(value);
    while (pending.length > 0) {
      const top = pending[pending.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input) visit(input);
      else order.push(pending.pop()!.node);
    }
  }
  return order;
}
