import { expect, test } from 'vitest';
import type { ComparedDetector, Comparison, ProtocolResult, Sequence } from '../comparison.ts';
import { evaluate } from '../evaluation.ts';
import type { ComparisonReportInput, SequenceEvidence } from './comparison-input.ts';
import { renderComparison } from './comparison-report.ts';
import { meanTrace } from './training-chart.ts';

const labels = [0, 0, 0, 0, 1, 1, 1, 1];
const partGroups = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const good = [0.1, 0.2, 0.3, 0.6, 0.5, 0.7, 0.8, 0.9];
const poor = [0.6, 0.2, 0.8, 0.4, 0.5, 0.7, 0.1, 0.9];

interface Made {
  readonly sequence: Sequence;
  readonly evidence: SequenceEvidence;
}

function made(detector: ComparedDetector, scores: readonly number[], index = 0): Made {
  const evaluation = evaluate({
    detector,
    labels,
    scores,
    classNames: labels.map((label) => (label === 1 ? 'dent' : 'good')),
    partGroups,
    threshold: 0.55,
    chosenOn: 'calibration',
    brightnessAuroc: 0.5,
  });
  const bundle = `honest/${detector}-${index}`;
  const sequence: Sequence = {
    name: `fold ${index} of 5`,
    bundle,
    evaluation,
    paperEvaluation: { ...evaluation, chosenOn: 'the evaluation set itself (paper protocol)' },
    pixels: null,
    curve: detector === 'flow' ? [75, 150].map((step) => ({ step, auroc: 0.7 })) : [],
    trainingSeconds: null,
    inspectionMilliseconds: null,
    model: 'ab'.repeat(32),
  };
  const names = labels.map((_, i) => `${index}-${i}.png`);
  return { sequence, evidence: { bundle, names, labels, scores: [...scores], partGroups, examples: [] } };
}

function input(
  unet: readonly Made[],
  flow: readonly Made[],
  rest: Partial<ProtocolResult> = {},
): ComparisonReportInput {
  const result: ProtocolResult = {
    protocol: 'honest',
    split: 'five folds by part group',
    notes: [],
    leak: [],
    flow: flow.map(({ sequence }) => sequence),
    unet: unet.map(({ sequence }) => sequence),
    fusion: [],
    unetNotApplicable: null,
    failed: [],
    meanAuroc: { flow: null, unet: null, fusion: null },
    ...rest,
  };
  const comparison: Comparison = {
    schema: 1,
    created: '2025-01-31T12:00:00Z',
    dataSet: { name: 'rings', hash: 'cd'.repeat(32), recognised: [] },
    settings: { flow: { blocks: 4 } },
    protocols: [result],
    software: {},
  };
  return {
    title: 'T',
    comparison,
    command: 'felfri compare rings',
    evidence: [...unet, ...flow].map((m) => m.evidence),
  };
}

test('a U-Net that does not apply is said with its reason, and the flow is judged alone', () => {
  const text = renderComparison(input([], [made('flow', good)], { unetNotApplicable: 'There are no masks.' }));
  expect(text).toContain('<td colspan="5">Not applicable: There are no masks.</td>');
  expect(text).toContain('The flow tells defective from good images with an AUC-ROC of 0.938.');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

test('what is not above chance is not said to tell anything apart', () => {
  const text = renderComparison(
    input([], [made('flow', poor)], { meanAuroc: { flow: { low: 0.3, high: 0.7 }, unet: null, fusion: null } }),
  );
  expect(text).toContain('The flow is not shown to tell defective from good images better than chance');
});

test('detectors that do not differ are not told apart', () => {
  const text = renderComparison(input([made('U-Net', good)], [made('flow', good)]));
  expect(text).toContain('Neither detector is shown to be better');
});

test('a fusion is set beside the better of its two', () => {
  const fused = made('fusion', good);
  const of = input([made('U-Net', poor)], [made('flow', good)], { fusion: [fused.sequence] });
  const text = renderComparison({ ...of, evidence: [...of.evidence, fused.evidence] });
  expect(text).toMatch(
    /Joined in one verdict \(fusion\) they reach an AUC-ROC of 0\.938, 0\.000 beside the flow alone; 95.% interval of the difference 0\.000 to 0\.000/,
  );
  expect(text).toContain('Both in one verdict (fusion)');
});

test('one part group of each kind says nothing of certainty', () => {
  const one = (m: Made): Made => ({ ...m, evidence: { ...m.evidence, partGroups: labels.map((l) => String(l)) } });
  const text = renderComparison(input([one(made('U-Net', good))], [one(made('flow', poor))]));
  expect(text).toMatch(/The U-Net has the higher AUC-ROC, 0\.938 against 0\.\d{3}, but there are too few part groups/);
});

test('sequences that failed and a single training are said where the verdict is', () => {
  const failed = [1, 2].map((fold) => ({
    detector: 'flow' as const,
    name: `fold ${fold} of 5`,
    code: 'UNEXPECTED',
    message: 'out of <memory>',
  }));
  const text = renderComparison(input([made('U-Net', good)], [made('flow', poor)], { failed }));
  expect(text).toContain('without figures flow, fold 1 of 5; flow, fold 2 of 5. UNEXPECTED: out of &lt;memory&gt;');
  expect(text).toContain('the U-Net was trained once');
  expect(text).toContain('No verdict: the check was not made.');
});

test('classes are counted together over folds, and averaged where sequences judge the same images', () => {
  const folds = [made('flow', good, 0), made('flow', poor, 1)];
  expect(renderComparison(input([], folds))).toContain('All sequences together, each judged other images');
  const again = folds.map((m, i) => ({ ...m, evidence: { ...m.evidence, names: folds[0]!.evidence.names, i } }));
  expect(renderComparison(input([], again))).toContain('Mean over the sequences, which judged the same images');
});

test('is one file and deterministic', () => {
  const given = input([made('U-Net', good)], [made('flow', poor)]);
  const text = renderComparison(given);
  expect(text).not.toMatch(/https?:|<script|<link|@import|url\(|\sstyle=/);
  expect(renderComparison(given)).toBe(text);
});

test('refuses a sequence without evidence, evidence of other images, and no protocol', () => {
  const given = input([], [made('flow', good)]);
  expect(() => renderComparison({ ...given, evidence: [] })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', subject: 'honest/flow-0' }),
  );
  const short = given.evidence.map((entry) => ({ ...entry, scores: entry.scores.slice(1) }));
  expect(() => renderComparison({ ...given, evidence: short })).toThrow(
    expect.objectContaining({ code: 'SCORES_INVALID' }),
  );
  expect(() => renderComparison({ ...given, comparison: { ...given.comparison, protocols: [] } })).toThrow(
    /no protocol/,
  );
});

test('the mean trace stands where every sequence was measured', () => {
  const trace = (...areas: number[]) => areas.map((auroc, i) => ({ step: 75 * (i + 1), auroc }));
  expect(meanTrace([trace(0.5, 0.75, 1), trace(1, 0.25)])).toEqual(trace(0.75, 0.5));
  expect(meanTrace([])).toEqual([]);
});
