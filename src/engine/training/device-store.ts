/** Weights, moments and states as tensors that stay on the device: a batch and three scalars go there in a step, and scalars come back. */
import { type NamedTensors, tensor } from '../../core/tensor.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from '../operators/table.ts';
import type { Kept } from '../runtime/kept.ts';
import { type KeptFeeds, type Outcome, Session, type SessionOptions } from '../runtime/onnxruntime.ts';
import { adamModel, ruleInputs } from './adam-graph.ts';
import { type AdamOptions, updateRule } from './adam-rule.ts';
import { outputName, type TrainingProgram } from './program.ts';
import { type Group, groups, keyOf, type Store, storedOf } from './store.ts';

/** What the step must keep for a DeviceStore: gradients, and the next states. */
export const keptOf = ({ trained, updated }: TrainingProgram): string[] => [
  ...trained.map(({ name }) => outputName.gradient(name)),
  ...updated.map(outputName.next),
];

/** Every tensor as it is: the way onto the device where its outputs are kept, the way back where they are fetched. */
function copyModel(program: TrainingProgram): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const copies = storedOf(program).map(({ key, shape }) => [outputName.next(key), graph.input(key, shape)] as const);
  return toOnnx(Object.fromEntries(copies));
}

interface Sessions {
  readonly optimiser: Session;
  /** Lives as long as what it brought onto the device. */
  readonly upload: Session;
  readonly download: Session;
}

export class DeviceStore implements Store {
  readonly #program: TrainingProgram;
  readonly #options: AdamOptions;
  readonly #sessions: Sessions;
  readonly #held = new Map<string, Kept>();
  #steps = 0;

  private constructor(program: TrainingProgram, options: AdamOptions, sessions: Sessions) {
    this.#program = program;
    this.#options = options;
    this.#sessions = sessions;
  }

  /** Starts with weights and states, and moments of zero. Throws DEVICE_MISSING where the machine lacks the device. */
  static async create(
    program: TrainingProgram,
    weights: NamedTensors,
    states: NamedTensors,
    options: AdamOptions,
    settings: Pick<SessionOptions, 'device' | 'threads'>,
  ): Promise<DeviceStore> {
    const stored = storedOf(program);
    const copy = copyModel(program);
    const updated = stored.filter(({ group }) => group !== 'state');
    const keep = (of: typeof stored) => ({ ...settings, keep: of.map(({ key }) => outputName.next(key)) });
    const store = new DeviceStore(program, options, {
      optimiser: await Session.create(adamModel(program.trained, options), keep(updated)),
      upload: await Session.create(copy, keep(stored)),
      download: await Session.create(copy, settings),
    });
    const start = { weight: weights, state: states, first: new Map(), second: new Map() };
    const tensors = stored.map(
      ({ group, name, key, shape }) => [key, start[group].get(name) ?? tensor(shape)] as const,
    );
    await store.write(new Map(tensors), 0);
    return store;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Takes what a run gave under a key's `outputName.next`, if anything, in the place of what was there, which is released. */
  #replace(key: string, next: Kept | undefined): void {
    if (!next) return;
    this.#held.get(key)?.release();
    this.#held.set(key, next);
  }

  /** Feeds of some groups, by key or by name. */
  #feeds(of: readonly Group[], by: 'key' | 'name'): KeptFeeds {
    const some = storedOf(this.#program).filter(({ group }) => of.includes(group));
    return Object.fromEntries(some.map((s) => [s[by], { shape: s.shape, data: this.#held.get(s.key)! }]));
  }

  feeds(): KeptFeeds {
    return this.#feeds(['weight', 'state'], 'name');
  }

  async update({ kept }: Outcome, norm: number, learningRate: number): Promise<void> {
    const rule = updateRule(this.#options, this.#steps + 1, norm, learningRate);
    const scalars = ruleInputs.map((name) => [name, tensor([], [rule[name]])] as const);
    const gradients = this.#program.trained.map(({ name, shape }) => {
      const output = outputName.gradient(name);
      return [output, { shape, data: kept[output]! }] as const;
    });
    const { kept: next } = await this.#sessions.optimiser.runKeeping({
      ...this.#feeds(['weight', 'first', 'second'], 'key'),
      ...Object.fromEntries([...scalars, ...gradients]),
    });
    for (const [, { data }] of gradients) data.release();
    for (const { key } of storedOf(this.#program)) this.#replace(key, next[outputName.next(key)]);
    for (const name of this.#program.updated) this.#replace(keyOf('state', name), kept[outputName.next(name)]);
    this.#steps++;
  }

  async read(of: readonly Group[]): Promise<NamedTensors> {
    const keys = storedOf(this.#program)
      .filter(({ group }) => of.includes(group))
      .map(({ key }) => key);
    const read = await this.#sessions.download.run(this.#feeds(groups, 'key'), keys.map(outputName.next));
    return new Map(keys.map((key) => [key, read[outputName.next(key)]!]));
  }

  async write(tensors: NamedTensors, steps: number): Promise<void> {
    const { kept } = await this.#sessions.upload.runKeeping(Object.fromEntries(tensors));
    for (const { key } of storedOf(this.#program)) this.#replace(key, kept[outputName.next(key)]);
    this.#steps = steps;
  }

  async release(): Promise<void> {
    for (const kept of this.#held.values()) kept.release();
    for (const session of Object.values(this.#sessions)) await session.release();
  }
}
