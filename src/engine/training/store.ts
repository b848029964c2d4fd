/** Where a trainer's weights, Adam's moments and running states are between steps. */
import type { NamedTensors } from '../../core/tensor.ts';
import type { KeptFeeds, Outcome } from '../runtime/onnxruntime.ts';
import type { TrainingProgram } from './program.ts';

/** Of every trained weight three tensors of its shape (itself and its moments), of every running state one. */
export const groups = ['weight', 'state', 'first', 'second'] as const;
export type Group = (typeof groups)[number];

/** Name of a tensor among all that are stored; a checkpoint has it too. */
export const keyOf = (group: Group, name: string): string => `${group}/${name}`;

interface Stored {
  readonly group: Group;
  readonly name: string;
  readonly key: string;
  readonly shape: readonly number[];
}

/** Everything that a training stores. */
export const storedOf = ({ trained, states }: TrainingProgram): readonly Stored[] =>
  groups.flatMap((group) =>
    (group === 'state' ? states : trained).map(({ name, shape }) => ({ group, name, key: keyOf(group, name), shape })),
  );

/** Keeps them, and updates them by Adam. One call at a time: whoever calls awaits it before the next. */
export interface Store {
  /** Updates done so far. */
  readonly steps: number;
  /** Weights and states under their names, as step and evaluation take them. */
  feeds(): KeptFeeds;
  /** One update, of what a run of the step gave, which is used up; `norm` is the gradient's global norm. Changes nothing when it throws. */
  update(outcome: Outcome, norm: number, learningRate: number): Promise<void>;
  /** Copies of all tensors of some groups, by their keys. */
  read(groups: readonly Group[]): Promise<NamedTensors>;
  /** Puts other values in place of all tensors, by their keys. */
  write(tensors: NamedTensors, steps: number): Promise<void>;
  release(): Promise<void>;
}
