/** Weights, moments and states as plain arrays, updated on the processor: whatever computes the step, gradients come back from it. */
import type { NamedTensors, Tensor } from '../../core/tensor.ts';
import type { Feeds, Outcome } from '../runtime/onnxruntime.ts';
import { Adam } from './adam.ts';
import type { AdamOptions } from './adam-rule.ts';
import { outputName, type TrainingProgram } from './program.ts';
import { type Group, groups, keyOf, type Store } from './store.ts';

const copyOf = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });

export class ProcessorStore implements Store {
  readonly #program: TrainingProgram;
  readonly #weights: NamedTensors;
  readonly #states: NamedTensors;
  readonly #adam: Adam;

  /** Takes the tensors over. */
  constructor(
    program: TrainingProgram,
    weights: NamedTensors,
    states: NamedTensors,
    options: AdamOptions,
    threads: number,
  ) {
    this.#program = program;
    this.#weights = weights;
    this.#states = states;
    this.#adam = new Adam(options, weights, threads);
  }

  get steps(): number {
    return this.#adam.steps;
  }

  feeds(): Feeds {
    return { ...Object.fromEntries(this.#weights), ...Object.fromEntries(this.#states) };
  }

  async update({ fetches }: Outcome, norm: number, learningRate: number): Promise<void> {
    const gradients: NamedTensors = new Map(
      this.#program.trained.map(({ name }) => [name, fetches[outputName.gradient(name)]!]),
    );
    await this.#adam.update(this.#weights, gradients, norm, learningRate);
    for (const name of this.#program.updated) this.#states.set(name, fetches[outputName.next(name)]!);
  }

  #group(group: Group): NamedTensors {
    const { firstMoments: first, secondMoments: second } = this.#adam;
    return { weight: this.#weights, state: this.#states, first, second }[group];
  }

  async read(of: readonly Group[]): Promise<NamedTensors> {
    return new Map(
      of.flatMap((group) => [...this.#group(group)].map(([name, t]) => [keyOf(group, name), copyOf(t)] as const)),
    );
  }

  async write(tensors: NamedTensors, steps: number): Promise<void> {
    for (const group of groups) {
      for (const [name, { data }] of this.#group(group)) data.set(tensors.get(keyOf(group, name))!.data);
    }
    this.#adam.steps = steps;
  }

  async release(): Promise<void> {
    await this.#adam.release();
  }
}
