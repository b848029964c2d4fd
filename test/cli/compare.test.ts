/**
 * A comparison through the command line: stopped and killed on the way it ends with the numbers of one that was left alone, and its
 * sequences are bundles like any other.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulateRingFaces } from '../../src/data/simulate/bearing-ring/ring-faces.ts';
import type { Comparison, ProtocolResult } from '../../src/judge/comparison.ts';
import { temporaryFolders } from '../support/folder.ts';
import { complaints, type Finished, felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let data: string;

beforeAll(async () => {
  work = await folder();
  data = join(work, 'data');
  await simulateRingFaces({
    outDir: data,
    seed: 5,
    parts: 20,
    imagesPerPart: 3,
    size: 64,
    defectiveShare: 0.5,
    difficulty: 0.5,
  });
});

const budget = [
  ...[
    '--sequences',
    '2',
    '--size',
    '64',
    '--hidden',
    '4',
    '--epochs',
    '2',
    '--batch',
    '6',
    '--every',
    '4',
    '--no-cache',
  ],
  ...['--unet-size', '64', '--base', '4', '--patch', '64', '--unet-epochs', '1', '--unet-batch', '4'],
  ...['--unet-sequences', '1', '--threads', '1'],
];
const compare = (output: string, ...more: string[]): string[] => ['compare', data, '-o', output, ...budget, ...more];

/** Everything but what a clock said. */
function timeless(text: string): Comparison {
  const times = ['created', 'trainingSeconds', 'inspectionMilliseconds', 'parallel'];
  return JSON.parse(text, (key, value) => (times.includes(key) ? null : value)) as Comparison;
}

async function rowsOf(output: string, name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(output, name)), { columns: true });
}

describe('felfri compare', () => {
  it('ends with the same numbers after Ctrl-C, a kill, and the same command again', async () => {
    const whole = join(work, 'whole');
    const first = await felfri(compare(whole, '--json', '--quiet', '--parallel', '1'));
    expect(complaints(first.stderr)).toEqual([]);
    expect(first.code).toBe(0);
    const expected = timeless(first.stdout);

    const broken = join(work, 'broken');
    const until = async (shown: string, signal: NodeJS.Signals): Promise<Finished> => {
      const running = startFelfri(compare(broken, '--parallel', '1'));
      await running.shown(shown);
      running.process.kill(signal);
      return running.finished;
    };
    const stopped = await until('honest U-Net, fold 0 of 5: Training', 'SIGINT');
    expect(stopped.stderr).toMatch(/INTERRUPTED: stopped; 1 of 4 sequences are finished. The same command goes on/);
    expect(stopped.code).toBe(130);
    // killed while a bundle is made: the training is over, its figures are not there
    const killed = await until('honest flow, fold 1 of 5: Setting the threshold', 'SIGKILL');
    expect(killed.stderr).toContain('honest flow, fold 0 of 5: was finished already');
    const last = await felfri(compare(broken, '--json', '--parallel', '2'));
    expect(last.stderr).toContain('honest U-Net, fold 0 of 5: was finished already');
    expect(last.code).toBe(0);
    expect(timeless(last.stdout)).toEqual(expected);
    for (const name of ['curve.csv', 'scores.csv']) {
      expect(await readFile(join(broken, name), 'utf8')).toBe(await readFile(join(whole, name), 'utf8'));
    }
    // read back, not trained again
    const again = await felfri(compare(broken, '--json'));
    expect(again.stderr.match(/was finished already/g)).toHaveLength(4);
    expect(timeless(again.stdout)).toEqual(expected);

    const [honest] = expected.protocols;
    expect(honest!.flow.map(({ name }) => name)).toEqual(['fold 0 of 5', 'fold 1 of 5']);
    expect(honest!.unet.map(({ name }) => name)).toEqual(['fold 0 of 5']);
    expect(honest!.failed).toEqual([]);
    expect(honest!.leak).toEqual(
      [0, 1].map((k) => expect.stringMatching(`^Leak check of fold ${k} of 5: 0 of 12 .*clean.$`)),
    );
    for (const { evaluation, paperEvaluation, curve } of honest!.flow) {
      expect(evaluation.chosenOn).toBe('calibration');
      expect(paperEvaluation.accuracy.value).toBeGreaterThanOrEqual(evaluation.accuracy.value!);
      // eighteen good images to train on, six a batch, two epochs
      expect(curve.map(({ step }) => step)).toEqual([0, 4, 6]);
      expect(curve.at(-1)!.auroc).toBeCloseTo(evaluation.auroc.value, 5);
    }
    expect(honest!.unet[0]!.curve).toEqual([]);
    // joined where both are there
    expect(honest!.fusion.map(({ name, bundle }) => [name, bundle])).toEqual([['fold 0 of 5', 'honest/fusion-0']]);
    expect(honest!.meanAuroc.fusion).not.toBeNull();
  }, 240_000);

  it('writes tables that agree with one another, and bundles', async () => {
    const output = join(work, 'whole');
    const { protocols } = JSON.parse(await readFile(join(output, 'comparison.json'), 'utf8')) as Comparison;
    const { flow } = protocols[0]!;
    const table = await rowsOf(output, 'table.csv');
    const row = table.find((r) => r['detector'] === 'flow' && r['threshold_chosen_on'] === 'calibration')!;
    expect(Number(row['auroc_mean'])).toBeCloseTo(
      (flow[0]!.evaluation.auroc.value + flow[1]!.evaluation.auroc.value) / 2,
    );
    // each detector over its own and over the common sequences, at either threshold
    expect(table).toHaveLength(12);
    expect(await rowsOf(output, 'sequences.csv')).toHaveLength(8);
    const scores = await rowsOf(output, 'scores.csv');
    const [one] = flow;
    const { tp, fp } = one!.evaluation.confusion;
    const own = scores.filter((r) => r['detector'] === 'flow' && r['sequence'] === one!.name);
    expect(own.filter((r) => r['decision'] === 'NG')).toHaveLength(tp + fp);
    expect(new Set(own.map((r) => r['image'])).size).toBe(own.length);

    const bundle = join(output, one!.bundle);
    expect((await readdir(bundle)).sort()).toEqual(['MODEL_CARD.md', 'bundle.json', 'golden', 'model.onnx', 'run']);
    const image = own.find((r) => r['decision'] === 'NG') ?? own[0]!;
    const inspected = await felfri(['inspect', bundle, join(data, image['image']!), '--json', '--quiet']);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ score: Number(image['score']), decision: image['decision'] });
  });

  it('names a sequence that cannot be judged, carries out the others, and says so by the exit code', async () => {
    // the second fold is left without defective images
    const lines = (await readFile(join(data, 'manifest.csv'), 'utf8')).trim().split('\n');
    const at = (name: string): number => lines[0]!.split(',').indexOf(name);
    const kept = lines.filter((line) => {
      const cells = line.split(',');
      return cells[at('fold')] !== '1' || cells[at('class')] === 'good';
    });
    const partial = join(data, 'partial.csv');
    await writeFile(partial, `${kept.join('\n')}\n`);
    const options = ['--sequences', '2', '--unet-sequences', '0', '--size', '64', '--hidden', '4', '--epochs', '1'];
    const { code, stdout, stderr } = await felfri([
      'compare',
      partial,
      '-o',
      join(work, 'partial'),
      ...options,
      '--json',
    ]);
    expect(stderr).toContain('honest flow, fold 1 of 5 failed: DATASET_TOO_SMALL');
    expect(code).toBe(3);
    const [{ flow, failed, unetNotApplicable }] = (JSON.parse(stdout) as Comparison).protocols as [ProtocolResult];
    expect(flow.map(({ name }) => name)).toEqual(['fold 0 of 5']);
    expect(failed).toEqual([
      expect.objectContaining({ detector: 'flow', name: 'fold 1 of 5', code: 'DATASET_TOO_SMALL' }),
    ]);
    expect(unetNotApplicable).toMatch(/asked/);
    expect(await readFile(join(work, 'partial', 'report.html'), 'utf8')).toContain('DATASET_TOO_SMALL');
  });

  it('refuses other settings in the same folder, and says what differs', async () => {
    const refused = await felfri(compare(join(work, 'whole'), '--lr', '0.5'));
    expect(refused.stderr).toMatch(/RUN_EXISTS: .*flow.learningRate is 0.001 there and 0.5 now/);
    expect(refused.code).toBe(2);
  });
});
