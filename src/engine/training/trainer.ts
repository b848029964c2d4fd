/** Runs a training program step by step: weights, optimiser and running states live here. */
import { availableParallelism } from 'node:os';
import { FelfriError } from '../../core/errors.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { initialTensors } from '../parameters.ts';
import type { Device } from '../runtime/devices.ts';
import { type Feeds, type Fetches, Session } from '../runtime/onnxruntime.ts';
import { Adam } from './adam.ts';
import type { AdamOptions } from './adam-rule.ts';
import { outputName, type TrainingProgram } from './program.ts';

export interface TrainerOptions {
  readonly adam: AdamOptions;
  readonly seed: number;
  readonly threads?: number;
  /** What computes loss and gradients; the processor unless told. The optimiser is the processor's. */
  readonly device?: Device;
  /** Weights and states that do not start by their declaration, by name. */
  readonly start?: NamedTensors;
}

export interface StepResult {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

/** A whole training state: what a checkpoint stores. */
export interface TrainerState {
  readonly tensors: NamedTensors;
  readonly steps: number;
}

/** What a trainer does, wherever it runs. */
export interface TrainerLike {
  step(feeds: Feeds, learningRate: number): Promise<StepResult>;
  evaluate(feeds: Feeds): Promise<Fetches>;
  /** Trained weights and states, as a network's FixedParameters take them; a copy. */
  weights(): Promise<NamedTensors>;
  state(): Promise<TrainerState>;
  restore(state: TrainerState): Promise<void>;
  release(): Promise<void>;
}

const groups = ['weight', 'state', 'first', 'second'] as const;

export class Trainer implements TrainerLike {
  readonly #program: TrainingProgram;
  readonly #step: Session;
  readonly #evaluation: Session | undefined;
  readonly #weights: NamedTensors;
  readonly #states: NamedTensors;
  readonly #adam: Adam;

  private constructor(
    program: TrainingProgram,
    step: Session,
    evaluation: Session | undefined,
    options: TrainerOptions,
  ) {
    this.#program = program;
    this.#step = step;
    this.#evaluation = evaluation;
    this.#weights = initialTensors(program.trained, options.seed);
    this.#states = initialTensors(program.states, options.seed);
    for (const tensors of [this.#weights, this.#states]) {
      for (const [name, { data }] of tensors) {
        const given = options.start?.get(name);
        if (given) data.set(given.data);
      }
    }
    this.#adam = new Adam(options.adam, this.#weights, options.threads ?? availableParallelism());
  }

  /** Throws DEVICE_MISSING where the machine lacks the device. */
  static async create(program: TrainingProgram, options: TrainerOptions): Promise<Trainer> {
    const { threads, device } = options;
    const settings = { ...(threads !== undefined && { threads }), ...(device && { device }) };
    const step = await Session.create(program.step, settings);
    const evaluation = program.evaluation && (await Session.create(program.evaluation, settings));
    return new Trainer(program, step, evaluation, options);
  }

  #feeds(feeds: Feeds): Feeds {
    return { ...Object.fromEntries(this.#weights), ...Object.fromEntries(this.#states), ...feeds };
  }

  /** One update. Throws TRAINING_DIVERGED, before anything is changed, when loss or gradient is not finite. */
  async step(feeds: Feeds, learningRate: number): Promise<StepResult> {
    const out = await this.#step.run(this.#feeds(feeds));
    const loss = out[outputName.loss]!.data[0]!;
    const gradients: NamedTensors = new Map(
      this.#program.trained.map(({ name }) => [name, out[outputName.gradient(name)]!]),
    );
    const gradientNorm = out[outputName.gradientNorm]!.data[0]!;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new FelfriError(
        'TRAINING_DIVERGED',
        `the loss is ${loss}, the gradient's norm ${gradientNorm}; lower the learning rate (--lr) and resume from the last checkpoint`,
      );
    }
    await this.#adam.update(this.#weights, gradients, gradientNorm, learningRate);
    for (const name of this.#program.updated) this.#states.set(name, out[outputName.next(name)]!);
    const metrics = Object.fromEntries(this.#program.metrics.map((m) => [m, out[outputName.metric(m)]!.data[0]!]));
    return { loss, metrics, gradientNorm };
  }

  /** Runs the evaluation graph with the present weights. */
  async evaluate(feeds: Feeds): Promise<Fetches> {
    if (!this.#evaluation) throw new FelfriError('OPTION_INVALID', 'this training program has no evaluation graph');
    return this.#evaluation.run(this.#feeds(feeds));
  }

  async weights(): Promise<NamedTensors> {
    return new Map([...this.#weights, ...this.#states].map(([k, t]) => [k, { shape: t.shape, data: t.data.slice() }]));
  }

  #groups(): Record<(typeof groups)[number], NamedTensors> {
    const { firstMoments: first, secondMoments: second } = this.#adam;
    return { weight: this.#weights, state: this.#states, first, second };
  }

  async state(): Promise<TrainerState> {
    const tensors: NamedTensors = new Map();
    for (const [group, members] of Object.entries(this.#groups())) {
      for (const [name, t] of members) tensors.set(`${group}/${name}`, { shape: t.shape, data: t.data.slice() });
    }
    return { tensors, steps: this.#adam.steps };
  }

  /** Puts a stored state back. Throws CHECKPOINT_INVALID, changing nothing, when it belongs to another network. */
  async restore(state: TrainerState): Promise<void> {
    const all = this.#groups();
    for (const group of groups) {
      for (const [name, t] of all[group]) {
        const found = state.tensors.get(`${group}/${name}`);
        if (found?.shape.join() !== t.shape.join()) {
          const got = found ? `[${found.shape}]` : 'nothing';
          throw new FelfriError(
            'CHECKPOINT_INVALID',
            `the checkpoint holds ${got} for ${group}/${name}, this network needs [${t.shape}]`,
          );
        }
      }
    }
    for (const group of groups) {
      for (const [name, t] of all[group]) t.data.set(state.tensors.get(`${group}/${name}`)!.data);
    }
    this.#adam.steps = state.steps;
  }

  async release(): Promise<void> {
    await this.#adam.release();
    await this.#step.release();
    await this.#evaluation?.release();
  }
}
