/** Table I from made sequences, against values computed by hand. */
import { describe, expect, it } from 'vitest';
import type { ProtocolResult, Sequence } from './comparison.ts';
import { inspectionRatio, protocolTable, summarise } from './comparison-summary.ts';
import { evaluate } from './evaluation.ts';

describe('summarise', () => {
  it('gives mean, sample deviation, range and number', () => {
    // deviations -3, -1, -1, 5 from 5: squares 36, over 3 is 12
    expect(summarise([2, 4, 4, 10])).toEqual({ mean: 5, sd: Math.sqrt(12), min: 2, max: 10, n: 4 });
  });

  it('leaves out what a sequence does not have, and says so by the number', () => {
    expect(summarise([null, 0.5, null, 1])).toEqual({ mean: 0.75, sd: Math.sqrt(0.125), min: 0.5, max: 1, n: 2 });
    expect(summarise([0.25])).toEqual({ mean: 0.25, sd: null, min: 0.25, max: 0.25, n: 1 });
    expect(summarise([null])).toBeNull();
  });
});

/** Four images of four parts, two of them defective, judged at two thresholds. */
function sequence(name: string, detector: string, scores: readonly number[], threshold: number): Sequence {
  const input = {
    detector,
    labels: [0, 0, 1, 1],
    scores,
    classNames: ['good', 'good', 'dent', 'dent'],
    partGroups: ['a', 'b', 'c', 'd'],
  };
  return {
    name,
    bundle: `honest/${name}`,
    evaluation: evaluate({ ...input, threshold, chosenOn: 'calibration' }),
    paperEvaluation: evaluate({ ...input, threshold: 3, chosenOn: 'the evaluation set itself (paper protocol)' }),
    pixels: null,
    curve: [],
    trainingSeconds: 10,
    inspectionMilliseconds: detector === 'flow' ? 30 : 10,
    model: '',
  };
}

const result: ProtocolResult = {
  protocol: 'honest',
  split: 'two folds',
  notes: [],
  leak: [],
  // AUROC 1; recall 1/2, precision 1 at 4; then AUROC 3/4, recall 1/2, precision 1/2 at 2.5
  flow: [sequence('fold 0', 'flow', [1, 2, 3, 4], 4), sequence('fold 1', 'flow', [1, 3, 2, 4], 2.5)],
  unet: [sequence('fold 1', 'U-Net', [1, 2, 3, 4], 5)],
  fusion: [sequence('fold 1', 'fusion', [1, 2, 3, 4], 4)],
  unetNotApplicable: null,
  failed: [],
  meanAuroc: { flow: null, unet: null, fusion: null },
};

describe('protocolTable', () => {
  const rows = protocolTable(result);
  const row = (detector: string, over: string, chosenOn = 'calibration') =>
    rows.find((r) => r.detector === detector && r.over === over && r.chosenOn === chosenOn)!;

  it('means over all sequences of a detector', () => {
    const { figures, sequences } = row('flow', 'all');
    expect(sequences).toEqual(['fold 0', 'fold 1']);
    expect(figures.auroc).toEqual({ mean: 0.875, sd: Math.sqrt(2 * 0.125 ** 2), min: 0.75, max: 1, n: 2 });
    expect(figures.recall).toMatchObject({ mean: 0.5, sd: 0, n: 2 });
    expect(figures.precision).toMatchObject({ mean: 0.75, min: 0.5, max: 1 });
    expect(figures.trainingSeconds).toMatchObject({ mean: 10, n: 2 });
    expect(figures.pixelAuroc).toBeNull();
  });

  it('compares on the common splits too where one detector has fewer sequences', () => {
    expect(row('flow', 'common').sequences).toEqual(['fold 1']);
    expect(row('flow', 'common').figures.auroc).toMatchObject({ mean: 0.75, sd: null });
    expect(row('U-Net', 'common').figures.auroc).toMatchObject({ mean: 1 });
    const equal = protocolTable({ ...result, flow: result.flow.slice(1) });
    expect(equal.map(({ over }) => over)).not.toContain('common');
  });

  it('has no precision where nothing was called defective', () => {
    expect(row('U-Net', 'all').figures.precision).toBeNull();
  });

  it("shows the paper's threshold beside an honest one, and only once in a paper protocol", () => {
    const paper = 'the evaluation set itself (paper protocol)';
    expect(row('flow', 'all', paper).figures.recall).toMatchObject({ mean: 0.75 });
    const own = result.flow.map((s) => ({ ...s, evaluation: s.paperEvaluation }));
    const published = protocolTable({ ...result, protocol: 'paper', flow: own, unet: [], fusion: [] });
    expect(published.map((r) => [r.detector, r.over, r.chosenOn])).toEqual([['flow', 'all', paper]]);
  });

  it('says how many times longer the flow inspects', () => {
    expect(inspectionRatio(rows, 'honest')).toBe(3);
    expect(inspectionRatio(protocolTable({ ...result, unet: [], fusion: [] }), 'honest')).toBeNull();
  });
});
