import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { matMul, sigmoid } from '../builders.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from '../operators/table.ts';
import { WorkerSession } from '../workers/remote.ts';
import { profiled, profileOf } from './profile.ts';

const node = (operator: string, ts: number, dur: number) => ({
  cat: 'Node',
  name: `${operator}_7_kernel_time`,
  ts,
  dur,
  args: { op_name: operator },
});
const run = (ts: number, dur: number) => ({ cat: 'Session', name: 'model_run', ts, dur });

describe('profileOf', () => {
  it('gives calls, time and share of a run by operator, without the runs that warm up', () => {
    const events = [
      { cat: 'Session', name: 'model_loading_array', ts: 0, dur: 9000 },
      ...[node('Conv', 110, 9000), run(100, 9500)],
      ...[node('Conv', 20_010, 3000), node('Conv', 24_000, 1000), node('Relu', 25_010, 1000), run(20_000, 6000)],
      ...[node('Conv', 30_010, 1000), node('Conv', 34_000, 1000), node('Relu', 35_010, 1000), run(30_000, 4000)],
    ];
    expect(profileOf(events, 1)).toEqual({
      runs: 2,
      milliseconds: 5,
      operators: [
        { operator: 'Conv', calls: 2, milliseconds: 3, share: 0.75 },
        { operator: 'Relu', calls: 1, milliseconds: 1, share: 0.25 },
      ],
    });
  });

  it('refuses a profile without runs', () => {
    expect(() => profileOf([run(1, 1)], 1)).toThrow('no run');
  });
});

describe('profiled', () => {
  const folder = temporaryFolders();
  let temporary: string;
  const left = async (): Promise<string[]> => (await readdir(temporary)).filter((name) => name.startsWith('felfri-'));
  beforeEach(async () => {
    temporary = await folder();
    vi.stubEnv('TMPDIR', temporary);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('finds the operators of a model in a worker thread, and leaves no file', async () => {
    const graph = createGraph();
    const x = graph.input('x', [32, 32]);
    const model = toOnnx({ y: sigmoid(matMul(x, matMul(x, x))) });
    const feeds = { x: { shape: [32, 32], data: new Float32Array(1024).fill(0.1) } };
    const { runs, milliseconds, operators } = await profiled(
      (options) => WorkerSession.create(model, { threads: 1, ...options }),
      async (runner) => {
        for (let i = 0; i < 5; i++) await runner.run(feeds);
      },
    );
    expect(runs).toBe(3);
    expect(Object.fromEntries(operators.map(({ operator, calls }) => [operator, calls]))).toEqual({
      MatMul: 2,
      Sigmoid: 1,
    });
    expect(operators.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(operators.reduce((sum, o) => sum + o.milliseconds, 0)).toBeLessThanOrEqual(milliseconds);
    expect(await left()).toEqual([]);
  });

  it('leaves no file where the work fails', async () => {
    const model = toOnnx({ y: sigmoid(createGraph().input('x', [2])) });
    const fails = profiled(
      (options) => WorkerSession.create(model, { threads: 1, ...options }),
      async () => {
        throw new Error('not this time');
      },
    );
    await expect(fails).rejects.toThrow('not this time');
    expect(await left()).toEqual([]);
  });
});
