/**
 * Where a network gets its weights from: declared and trained, or fixed. A network function is written once against `Parameters`
 * and serves training (weights are graph inputs) and deployment (weights are constants, which onnxruntime runs faster).
 */
import { FelfriError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { type NamedTensors, sizeOf, tensor } from '../core/tensor.ts';
import type { Graph, Value } from './graph.ts';

/** How a parameter starts. Uniform is symmetric about 0. */
export type Initial = { readonly uniform: number } | { readonly normal: number } | { readonly fill: number };

/** PyTorch's default for convolutions: uniform within 1 / sqrt(fan in). */
export const fanIn = (shape: readonly number[]): Initial => ({ uniform: 1 / Math.sqrt(sizeOf(shape.slice(1))) });

export interface Parameters {
  /** True when gradients and batch statistics are wanted. */
  readonly training: boolean;
  /** A weight that is trained. */
  get(name: string, shape: readonly number[], initial: Initial): Value;
  /** A value that is carried along but not trained (running statistics). */
  state(name: string, shape: readonly number[], initial: Initial): Value;
  /** Sets what the state becomes after the step; ignored outside training. */
  update(name: string, next: Value): void;
}

export interface Declaration {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
}

/** Declares every weight as an input of the graph. */
export class DeclaredParameters implements Parameters {
  readonly training: boolean;
  readonly trained = new Map<string, { declaration: Declaration; value: Value }>();
  readonly states = new Map<string, { declaration: Declaration; value: Value; next: Value | undefined }>();
  readonly #graph: Graph;

  constructor(graph: Graph, training: boolean) {
    this.#graph = graph;
    this.training = training;
  }

  get(name: string, shape: readonly number[], initial: Initial): Value {
    const known = this.trained.get(name);
    if (known) return known.value;
    const value = this.#graph.input(name, shape);
    this.trained.set(name, { declaration: { name, shape, initial }, value });
    return value;
  }

  state(name: string, shape: readonly number[], initial: Initial): Value {
    const known = this.states.get(name);
    if (known) return known.value;
    const value = this.#graph.input(name, shape);
    this.states.set(name, { declaration: { name, shape, initial }, value, next: undefined });
    return value;
  }

  update(name: string, next: Value): void {
    const state = this.states.get(name);
    if (!state) throw new FelfriError('GRAPH_SHAPE', `there is no state named ${name}`);
    state.next = next;
  }
}

/** The name of a state in a model, which no other value there has. */
export const stateName = (name: string): string => `state/${name}`;

/** Bakes given weights into the graph. Throws WEIGHTS_MISMATCH when one is missing or misshapen. */
export class FixedParameters implements Parameters {
  readonly training = false;
  readonly #graph: Graph;
  readonly #tensors: NamedTensors;
  readonly #made = new Map<string, Value>();

  constructor(graph: Graph, tensors: NamedTensors) {
    this.#graph = graph;
    this.#tensors = tensors;
  }

  #fixed(name: string, shape: readonly number[], kept?: string): Value {
    const known = this.#made.get(name);
    if (known) return known;
    const found = this.#tensors.get(name);
    if (!found || found.shape.join() !== shape.join()) {
      const got = found ? `of shape [${found.shape}]` : 'missing';
      throw new FelfriError('WEIGHTS_MISMATCH', `weight ${name} is ${got}; the network needs [${shape}]`, {
        subject: name,
      });
    }
    const value = this.#graph.constant(shape, found.data, kept);
    this.#made.set(name, value);
    return value;
  }

  get(name: string, shape: readonly number[]): Value {
    return this.#fixed(name, shape);
  }

  /** What is estimated, not trained, keeps its name in a model: `withStates` (onnx/states.ts) may estimate it anew. */
  state(name: string, shape: readonly number[]): Value {
    return this.#fixed(name, shape, stateName(name));
  }

  update(): void {}
}

/** Starting values for declared weights, each drawn from a stream of its own name, so that adding one changes no other. */
export function initialTensors(declarations: Iterable<Declaration>, seed: number): NamedTensors {
  const out: NamedTensors = new Map();
  for (const { name, shape, initial } of declarations) {
    const random = Random.of(seed, 'weights', name);
    const start = tensor(shape);
    for (let i = 0; i < start.data.length; i++) {
      if ('fill' in initial) start.data[i] = initial.fill;
      else if ('uniform' in initial) start.data[i] = random.uniform(-initial.uniform, initial.uniform);
      else start.data[i] = random.normal() * initial.normal;
    }
    out.set(name, start);
  }
  return out;
}
