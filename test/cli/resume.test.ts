/** Stopping and going on must not be seen in the result: the bundle's model is the same file, bit for bit. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256File } from '../../src/core/files.ts';
import { simulateRingFaces } from '../../src/data/simulate/bearing-ring/ring-faces.ts';
import { readMetrics } from '../../src/train/run-directory.ts';
import { temporaryFolders } from '../support/folder.ts';
import { complaints, felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let data: string;

beforeAll(async () => {
  work = await folder();
  data = join(work, 'data');
  await simulateRingFaces({ outDir: data, seed: 6, parts: 10, imagesPerPart: 4, size: 64, defectiveShare: 0.4 });
});

const detectors = {
  flow: ['train', 'flow', '--hidden', '16', '--size', '64', '--batch', '2', '--epochs', '10', '--no-cache'],
  unet: ['train', 'unet', '--base', '2', '--patch', '32', '--size', '64', '--batch', '2', '--epochs', '6'],
};

/** Resolves when a run has ended an epoch more than it had. */
async function anEpochFurther(bundle: string): Promise<void> {
  const epochs = async () => (await readMetrics(join(bundle, 'run'))).filter(({ kind }) => kind === 'epoch').length;
  const before = await epochs();
  await expect.poll(epochs, { interval: 20 }).toBeGreaterThan(before);
}

async function modelOf(bundle: string): Promise<{ model: string; scores: unknown }> {
  const scores = await readFile(join(bundle, 'run', 'test-scores.json'), 'utf8');
  return {
    model: await sha256File(join(bundle, 'model.onnx')),
    // all but the time that an image took
    scores: JSON.parse(scores, (key, value) => (key === 'milliseconds' ? undefined : value)),
  };
}

describe.each(Object.entries(detectors))('%s', (name, [train, kind, ...options]) => {
  const args = (output: string, ...more: string[]): string[] => [
    train!,
    kind!,
    data,
    '-o',
    output,
    ...options,
    // a thread alone: the other cores have other test files to run
    '--threads',
    '1',
    ...more,
  ];

  // four trainings and more, each in a process of its own
  it('ends with the same model after Ctrl-C and --resume, and after a kill and --resume', async () => {
    const whole = join(work, `${name}-whole`);
    expect((await felfri(args(whole, '--quiet'))).code).toBe(0);

    const stopped = join(work, `${name}-stopped`);
    const first = startFelfri(args(stopped));
    await first.shown('Training');
    await anEpochFurther(stopped);
    first.process.kill('SIGINT');
    const { code, stderr } = await first.finished;
    expect(stderr).toContain('INTERRUPTED');
    expect(code).toBe(130);
    // killed this time, at whatever point it has reached: the last checkpoint must be whole
    const second = startFelfri(args(stopped, '--resume'));
    await second.shown('Training');
    await anEpochFurther(stopped);
    second.process.kill('SIGKILL');
    await second.finished;
    const third = await felfri(args(stopped, '--resume', '--quiet'));
    expect(complaints(third.stderr)).toEqual([]);
    expect(third.code).toBe(0);
    expect(await modelOf(stopped)).toEqual(await modelOf(whole));
  });
});
