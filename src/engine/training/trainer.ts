/** Runs a training program step by step; weights, moments and running states are its store's. */
import { availableParallelism } from 'node:os';
import { FelfriError } from '../../core/errors.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { initialTensors } from '../parameters.ts';
import { type Device, keepsTensors } from '../runtime/devices.ts';
import { type Feeds, type Fetches, Session } from '../runtime/onnxruntime.ts';
import type { AdamOptions } from './adam-rule.ts';
import { DeviceStore, keptOf } from './device-store.ts';
import { ProcessorStore } from './processor-store.ts';
import { outputName, type TrainingProgram } from './program.ts';
import { groups, type Store, storedOf } from './store.ts';

export interface TrainerOptions {
  readonly adam: AdamOptions;
  readonly seed: number;
  readonly threads?: number;
  /** What computes loss and gradients; the processor unless told. The optimiser too where the device keeps tensors, else the processor. */
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

/** One call at a time: await each before the next, as a WorkerTrainer does by itself. */
export class Trainer implements TrainerLike {
  readonly #program: TrainingProgram;
  readonly #step: Session;
  readonly #evaluation: Session | undefined;
  readonly #store: Store;

  private constructor(program: TrainingProgram, step: Session, evaluation: Session | undefined, store: Store) {
    this.#program = program;
    this.#step = step;
    this.#evaluation = evaluation;
    this.#store = store;
  }

  /** Throws DEVICE_MISSING where the machine lacks the device. */
  static async create(program: TrainingProgram, options: TrainerOptions): Promise<Trainer> {
    const { threads = availableParallelism(), device = 'cpu', adam, seed } = options;
    const settings = { threads, device };
    const keeps = keepsTensors(device);
    const step = await Session.create(program.step, { ...settings, ...(keeps && { keep: keptOf(program) }) });
    const evaluation = program.evaluation && (await Session.create(program.evaluation, settings));
    const weights = initialTensors(program.trained, seed);
    const states = initialTensors(program.states, seed);
    for (const tensors of [weights, states]) {
      for (const [name, { data }] of tensors) {
        const given = options.start?.get(name);
        if (given) data.set(given.data);
      }
    }
    const store = keeps
      ? await DeviceStore.create(program, weights, states, adam, settings)
      : new ProcessorStore(program, weights, states, adam, threads);
    return new Trainer(program, step, evaluation, store);
  }

  /** One update. Throws TRAINING_DIVERGED, before anything is changed, when loss or gradient is not finite. */
  async step(feeds: Feeds, learningRate: number): Promise<StepResult> {
    const outcome = await this.#step.runKeeping({ ...this.#store.feeds(), ...feeds });
    const scalar = (output: string): number => outcome.fetches[output]!.data[0]!;
    const loss = scalar(outputName.loss);
    const gradientNorm = scalar(outputName.gradientNorm);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      for (const kept of Object.values(outcome.kept)) kept.release();
      throw new FelfriError(
        'TRAINING_DIVERGED',
        `the loss is ${loss}, the gradient's norm ${gradientNorm}; lower the learning rate (--lr) and resume from the last checkpoint`,
      );
    }
    await this.#store.update(outcome, gradientNorm, learningRate);
    const metrics = Object.fromEntries(this.#program.metrics.map((m) => [m, scalar(outputName.metric(m))]));
    return { loss, metrics, gradientNorm };
  }

  /** Runs the evaluation graph with the present weights. */
  async evaluate(feeds: Feeds): Promise<Fetches> {
    if (!this.#evaluation) throw new FelfriError('OPTION_INVALID', 'this training program has no evaluation graph');
    return this.#evaluation.run({ ...this.#store.feeds(), ...feeds });
  }

  async weights(): Promise<NamedTensors> {
    const read = await this.#store.read(['weight', 'state']);
    return new Map([...read].map(([key, t]) => [key.slice(key.indexOf('/') + 1), t]));
  }

  async state(): Promise<TrainerState> {
    return { tensors: await this.#store.read(groups), steps: this.#store.steps };
  }

  /** Puts a stored state back. Throws CHECKPOINT_INVALID, changing nothing, when it belongs to another network. */
  async restore(state: TrainerState): Promise<void> {
    const stored = storedOf(this.#program);
    for (const { key, shape } of stored) {
      const found = state.tensors.get(key);
      if (found?.shape.join() !== shape.join()) {
        const got = found ? `[${found.shape}]` : 'nothing';
        throw new FelfriError(
          'CHECKPOINT_INVALID',
          `the checkpoint holds ${got} for ${key}, this network needs [${shape}]`,
        );
      }
    }
    await this.#store.write(state.tensors, state.steps);
  }

  async release(): Promise<void> {
    await this.#store.release();
    await this.#step.release();
    await this.#evaluation?.release();
  }
}
