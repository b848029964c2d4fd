/** The loop on a small real network: resuming must not be seen in the numbers. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { add, conv, reduceMean, relu, square, sub } from '../engine/builders.ts';
import { fanIn } from '../engine/parameters.ts';
import { compileTraining } from '../engine/training/program.ts';
import { Trainer } from '../engine/training/trainer.ts';
import { runLoop } from './loop.ts';
import { type MetricsLine, RunDirectory, readMetrics } from './run-directory.ts';
import { cosine, plateau } from './schedule.ts';
import type { TrainingTask } from './training-task.ts';

const shape = [4, 2, 6, 6];
const program = compileTraining({
  step: (graph, p) => {
    const x = graph.input('x', shape);
    const hidden = relu(
      conv(x, p.get('first', [5, 2, 3, 3], fanIn([5, 2, 3, 3])), p.get('bias', [5], { fill: 0 }), { pads: 1 }),
    );
    const seen = p.state('seen', [], { fill: 0 });
    p.update('seen', add(seen, 1));
    const y = conv(hidden, p.get('second', [2, 5, 1, 1], fanIn([2, 5, 1, 1])));
    return { loss: reduceMean(square(sub(y, x))) };
  },
});
const options = { adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }, seed: 3, threads: 2 };

const task: TrainingTask = {
  epochs: 3,
  stepsPerEpoch: 4,
  schedule: plateau({ from: 1e-2, to: 1e-4, factor: 0.5, patience: 1 }),
  batch: async (epoch, step) => {
    const random = Random.of(9, epoch, step);
    return { x: { shape, data: Float32Array.from({ length: 288 }, () => random.normal()) } };
  },
  judge: async (_, epoch) => ({ loss: epoch === 0 ? 1 : 2 }),
  curve: {
    every: 5,
    measure: async (trainer) => {
      const { data } = (await trainer.weights()).get('first')!;
      return { sum: data.reduce((a, b) => a + b, 0) };
    },
  },
};

/** A line of metrics.jsonl without times. */
const figures = ({ kind, epoch, step, loss, done, sum }: MetricsLine) => [kind, epoch, step, loss, done, sum];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-loop-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function whole(name: string, asked = task): Promise<{ weights: unknown; lines: unknown[][] }> {
  const trainer = await Trainer.create(program, options);
  const run = await RunDirectory.open(join(folder, name), { program: 1 }, false);
  await runLoop(asked, trainer, run);
  const result = {
    weights: await trainer.weights(),
    lines: (await run.metrics()).map(figures),
  };
  await trainer.release();
  return result;
}

/** Trains, stopping after `stopAfter` steps in all, then resumes to the end. */
async function interrupted(
  name: string,
  stopAfter: number,
  asked = task,
): Promise<{ weights: unknown; lines: unknown[][] }> {
  const stop = new AbortController();
  const first = await Trainer.create(program, options);
  const run = await RunDirectory.open(join(folder, name), { program: 1 }, false);
  await expect(
    runLoop(asked, first, run, { signal: stop.signal, onProgress: ({ done }) => done >= stopAfter && stop.abort() }),
  ).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await first.release();
  const second = await Trainer.create(program, options);
  const again = await RunDirectory.open(join(folder, name), { program: 1 }, true);
  await runLoop(asked, second, again);
  const result = {
    weights: await second.weights(),
    lines: (await again.metrics()).map(figures),
  };
  await second.release();
  return result;
}

describe('runLoop', () => {
  it.each([1, 4, 6, 11])(
    'gives the same numbers bit for bit when stopped after %i steps and resumed',
    async (steps) => {
      expect(await interrupted('b', steps)).toEqual(await whole('a'));
    },
  );

  it('resumes to the same numbers where each step has a learning rate of its own', async () => {
    const annealed = { ...task, schedule: cosine({ from: 1e-2 }) };
    expect(await interrupted('b', 6, annealed)).toEqual(await whole('a', annealed));
  });

  it('has annealed when its time is over, whatever its epochs', async () => {
    const trainer = await Trainer.create(program, options);
    const run = await RunDirectory.open(join(folder, 'n'), { program: 1 }, false);
    await runLoop({ ...task, epochs: 1e6, schedule: cosine({ from: 1e-2 }) }, trainer, run, { maxSeconds: 1 });
    const rates = (await run.metrics()).filter((l) => l.kind === 'step').map((l) => Number(l['learningRate']));
    expect(Math.max(...rates)).toBeGreaterThan(5e-3);
    expect(rates.at(-1)).toBeLessThan(3e-3);
    await trainer.release();
  });

  it('goes on from the last checkpoint when the process was killed between checkpoints', async () => {
    const trainer = await Trainer.create(program, options);
    const run = await RunDirectory.open(join(folder, 'k'), { program: 1 }, false);
    const killed = new Error('killed');
    const dying: TrainingTask = {
      ...task,
      batch: async (epoch, step) => {
        if (epoch === 2 && step === 1) throw killed;
        return task.batch(epoch, step);
      },
    };
    await expect(runLoop(dying, trainer, run, { checkpointSeconds: 0 })).rejects.toBe(killed);
    await trainer.release();
    // a kill can leave half a line behind
    const path = join(folder, 'k', 'metrics.jsonl');
    await writeFile(path, `${await readFile(path, 'utf8')}{"kind":"step","ep`);
    const second = await Trainer.create(program, options);
    await runLoop(task, second, await RunDirectory.open(join(folder, 'k'), { program: 1 }, true));
    const { weights, lines } = await whole('a');
    expect(await second.weights()).toEqual(weights);
    expect((await readMetrics(join(folder, 'k'))).map(figures)).toEqual(lines);
    await second.release();
  });

  it('writes the curve before the first step, every so many steps, and after the last', async () => {
    const { lines } = await whole('c');
    const points = lines.filter(([kind]) => kind === 'curve');
    expect(points.map(([, epoch, step, , done]) => [epoch, step, done])).toEqual([
      [0, -1, 0],
      [1, 0, 5],
      [2, 1, 10],
      [2, 3, 12],
    ]);
    expect(new Set(points.map((point) => point[5])).size).toBe(4);
  });

  it('ends early, but in order, when its time is over', async () => {
    const trainer = await Trainer.create(program, options);
    const run = await RunDirectory.open(join(folder, 't'), { program: 1 }, false);
    const { steps, epochs } = await runLoop(task, trainer, run, { maxSeconds: 0.000001 });
    expect({ steps, epochs }).toEqual({ steps: 0, epochs: 0 });
    await trainer.release();
  });

  it('says so when the loss is no number', async () => {
    const trainer = await Trainer.create(program, options);
    const run = await RunDirectory.open(join(folder, 'd'), { program: 1 }, false);
    const broken: TrainingTask = {
      ...task,
      batch: async () => ({ x: { shape, data: new Float32Array(288).fill(1e30) } }),
    };
    await expect(runLoop(broken, trainer, run)).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
    await trainer.release();
  });
});

describe('RunDirectory', () => {
  it('refuses a folder that holds a run, unless resuming, and then one of other settings', async () => {
    const data = { name: 'set', hash: 'abc' };
    const first = await RunDirectory.open(join(folder, 'r'), { lr: 1, data }, false);
    // nothing was computed yet, so nothing stands in the way of another start
    await first.begin();
    const run = await RunDirectory.open(join(folder, 'r'), { lr: 1, data }, false);
    await run.begin();
    await run.save(
      { epoch: 0, step: 1, seconds: 1, schedule: { learningRate: 1, best: null, waited: 0 } },
      { steps: 1, tensors: new Map() },
    );
    await expect(RunDirectory.open(join(folder, 'r'), { lr: 1 }, false)).rejects.toMatchObject({ code: 'RUN_EXISTS' });
    await expect(RunDirectory.open(join(folder, 'r'), { lr: 2 }, true)).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
    });
    const moved = { lr: 1, data: { ...data, name: 'elsewhere/set' } };
    expect(await (await RunDirectory.open(join(folder, 'r'), moved, true)).load()).toBeDefined();
    const other = { lr: 1, data: { ...data, hash: 'abd' } };
    await expect(RunDirectory.open(join(folder, 'r'), other, true)).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
    });
  });

  it('keeps the former checkpoint when the disk is full while the next is written', async () => {
    const path = join(folder, 'full');
    const url = new URL('./run-directory.ts', import.meta.url).href;
    // in a process whose files may not grow beyond 64 KiB: the first checkpoint fits, the second does not
    const program = `
      const { RunDirectory } = await import(${JSON.stringify(url)});
      const run = await RunDirectory.open(${JSON.stringify(path)}, { a: 1 }, false);
      await run.begin();
      const state = (n) => ({ steps: n, tensors: new Map([['weight/w', { shape: [n], data: new Float32Array(n).fill(n) }]]) });
      const position = (step) => ({ epoch: 0, step, seconds: 1, schedule: { learningRate: 1, best: null, waited: 0 } });
      await run.save(position(1), state(7));
      await run.save(position(2), state(100_000)).then(() => console.log('saved'), (error) => console.log(error.code));`;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)('bash', ['-c', 'ulimit -f 64; exec "$@"', 'bash', ...node]);
    expect(stdout.trim()).toBe('DISK_FULL');
    const kept = await (await RunDirectory.open(path, { a: 1 }, true)).load();
    expect(kept?.position.step).toBe(1);
    expect([...kept!.state.tensors.get('weight/w')!.data]).toEqual([7, 7, 7, 7, 7, 7, 7]);
  });
});
