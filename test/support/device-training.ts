/** A training as it goes on one device: what it computes, what it sends and fetches, and what it leaves there. */
import { isDeepStrictEqual } from 'node:util';
import { FelfriError } from '../../src/core/errors.ts';
import { Kept } from '../../src/engine/runtime/kept.ts';
import { type Feeds, type Fetches, Session, type SessionOptions } from '../../src/engine/runtime/onnxruntime.ts';
import type { TrainingProgram } from '../../src/engine/training/program.ts';
import { Trainer } from '../../src/engine/training/trainer.ts';

/** One entry a step. */
export interface Traffic {
  /** Bytes that were sent beyond the batch. */
  readonly sent: number[];
  /** Bytes that came back. */
  readonly fetched: number[];
  /** Tensors that stay on the device after the step; a last entry is of after the trainer's release. */
  readonly held: number[];
}

export interface Told {
  /** Losses and norms, the evaluation, and the states that training led to: the same on every device. */
  readonly numbers: Fetches;
  readonly traffic: Traffic;
  /** What a trainer must do and this one did not, in words. */
  readonly broken: readonly string[];
}

export interface Story {
  readonly program: TrainingProgram;
  readonly batch: Feeds;
  readonly evaluated: Feeds;
  /** A batch from which no finite loss comes. */
  readonly diverging?: Feeds;
}

const held = new Set<Kept>();
const passed = { there: 0, back: 0 };

/** Counts from now on what passes between the processor and sessions. */
function watch(): void {
  const { runKeeping } = Session.prototype;
  Session.prototype.runKeeping = async function (feeds) {
    for (const { data } of Object.values(feeds)) if (!(data instanceof Kept)) passed.there += data.byteLength;
    const outcome = await runKeeping.call(this, feeds);
    for (const { data } of Object.values(outcome.fetches)) passed.back += data.byteLength;
    for (const kept of Object.values(outcome.kept)) held.add(kept);
    return outcome;
  };
  const { release } = Kept.prototype;
  Kept.prototype.release = function () {
    held.delete(this);
    release.call(this);
  };
}
watch();

const adam = {
  beta1: 0.9,
  beta2: 0.999,
  // a gradient that is rounding alone must not move a weight by a whole step
  epsilon: 1e-3,
  weightDecay: 1e-2,
  clipNorm: 1,
};

/** Trains, goes back to a state of before, trains again. */
export async function tellTraining(story: Story, options: Pick<SessionOptions, 'device' | 'threads'>): Promise<Told> {
  const { program, batch, evaluated, diverging } = story;
  const trainer = await Trainer.create(program, { adam, seed: 1, ...options });
  const traffic: Traffic = { sent: [], fetched: [], held: [] };
  const broken: string[] = [];
  const scalars: number[] = [];
  const size = Object.values(batch).reduce((sum, { data }) => sum + data.byteLength, 0);
  const train = async (steps: number): Promise<void> => {
    for (let i = 0; i < steps; i++) {
      Object.assign(passed, { there: 0, back: 0 });
      const { loss, gradientNorm } = await trainer.step(batch, 1e-2 / (i + 1));
      scalars.push(loss, gradientNorm);
      traffic.sent.push(passed.there - size);
      traffic.fetched.push(passed.back);
      traffic.held.push(held.size);
    }
  };
  await train(2);
  const middle = await trainer.state();
  if (diverging) {
    const error = await trainer.step(diverging, 1e-2).catch((e: unknown) => e);
    if (!(error instanceof FelfriError && error.code === 'TRAINING_DIVERGED'))
      broken.push('say that training diverged');
    if (!isDeepStrictEqual(await trainer.state(), middle)) broken.push('leave the state when training diverged');
  }
  await train(1);
  const further = await trainer.state();
  const judged = await trainer.evaluate(evaluated);
  await trainer.restore(middle);
  if (!isDeepStrictEqual(await trainer.state(), middle)) broken.push('restore what a checkpoint holds');
  await train(1);
  const again = await trainer.state();
  const weights = await trainer.weights();
  for (const [name, t] of weights) {
    const { tensors } = again;
    if (!isDeepStrictEqual(tensors.get(`weight/${name}`) ?? tensors.get(`state/${name}`), t)) {
      broken.push(`give ${name} as the state has it`);
    }
  }
  await trainer.release();
  traffic.held.push(held.size);
  const named = (prefix: string, tensors: Iterable<[string, Fetches[string]]>): Fetches =>
    Object.fromEntries([...tensors].map(([name, t]) => [`${prefix} ${name}`, t]));
  const numbers = {
    ...named('evaluated', Object.entries(judged)),
    ...named('further', further.tensors),
    ...named('again', again.tensors),
    scalars: { shape: [scalars.length], data: Float32Array.from(scalars) },
  };
  return { numbers, traffic, broken };
}
