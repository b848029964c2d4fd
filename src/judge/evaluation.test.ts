import { expect, test } from 'vitest';
import { type EvaluationInput, evaluate } from './evaluation.ts';
import { formatEvaluations, formatScore } from './evaluation-table.ts';
import { clopperPearson } from './intervals.ts';

const input: EvaluationInput = {
  detector: 'flow',
  labels: [0, 0, 0, 0, 1, 1, 1, 1],
  scores: [1, 2, 3, 7, 4, 6, 8, 9],
  classNames: ['good', 'good', 'good', 'good', 'scratch', 'scratch', 'dent', 'dent'],
  partGroups: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
  threshold: 6,
  chosenOn: 'calibration',
  brightnessAuroc: 0.625,
  seed: 3,
};

test('every figure of a small set, by hand', () => {
  const e = evaluate(input);
  expect(e.confusion).toEqual({ tp: 3, fp: 1, fn: 1, tn: 3 });
  expect(e.auroc.value).toBe(14 / 16);
  expect(e.auroc.interval!.low).toBeLessThan(14 / 16);
  expect(e.precision).toEqual({ value: 0.75, count: 3, total: 4, interval: clopperPearson(3, 4) });
  expect(e.recall.value).toBe(0.75);
  expect(e.f1).toBe(0.75);
  expect(e.accuracy).toMatchObject({ value: 0.75, count: 6, total: 8 });
  expect(e.falseAlarmRate).toMatchObject({ value: 0.25, count: 1, total: 4 });
  expect(e.averagePrecision).toBeCloseTo(0.25 * (1 + 1 + 3 / 4 + 4 / 5), 12);
  expect(e.classes).toEqual([
    { name: 'dent', count: 2, recall: { value: 1, count: 2, total: 2, interval: clopperPearson(2, 2) }, auroc: 1 },
    {
      name: 'scratch',
      count: 2,
      recall: { value: 0.5, count: 1, total: 2, interval: clopperPearson(1, 2) },
      auroc: 0.75,
    },
  ]);
  expect(e.threeWay).toBeNull();
  expect(e.byPartGroup.recall).toMatchObject({
    partGroups: 4,
    method: 'bootstrap',
    designEffect: expect.closeTo(1, 12),
  });
  expect(e.byPartGroup.falseAlarmRate).toMatchObject({ partGroups: 4, designEffect: expect.closeTo(1, 12) });
  expect([e.good, e.defective, e.partGroups, e.brightnessAuroc]).toEqual([4, 4, 8, 0.625]);
  expect(JSON.parse(JSON.stringify(e))).toEqual(e);
});

test('an image for REVIEW by its picture is neither found nor a false alarm, whatever its score', () => {
  // the good one of score 7 and the dent of score 9
  const ofPicture = [false, false, false, true, false, false, false, true];
  const e = evaluate({ ...input, ofPicture });
  expect(e.confusion).toEqual({ tp: 2, fp: 0, fn: 2, tn: 4 });
  expect(e.classes.map(({ recall }) => recall.count)).toEqual([1, 1]);
  expect(e.threeWay).toMatchObject({
    review: null,
    pictures: 2,
    good: { ok: 3, review: 1, ng: 0 },
    defective: { ok: 1, review: 1, ng: 2 },
    reviewLoad: { count: 2, total: 8 },
    recall: { count: 3, total: 4 },
  });
  expect(evaluate({ ...input, ofPicture, review: 4 }).threeWay).toMatchObject({
    defective: { ok: 0, review: 2, ng: 2 },
  });
  expect(evaluate({ ...input, ofPicture: ofPicture.map(() => false) })).toEqual(evaluate(input));
  expect([e.auroc, e.averagePrecision]).toEqual([evaluate(input).auroc, evaluate(input).averagePrecision]);
});

test('a precision that nothing was counted for is null, and the table says so', () => {
  const e = evaluate({ ...input, threshold: 100, chosenOn: 'fixed beforehand' });
  expect(e.precision).toEqual({ value: null, count: 0, total: 0, interval: null });
  expect(formatEvaluations([e])).toContain('none called');
  expect(formatEvaluations([e])).toContain('Threshold of flow: fixed beforehand.');
});

test('refuses lists of unequal length', () => {
  for (const wrong of [{ classNames: ['good'] }, { partGroups: ['a'] }, { labels: [0, 1] }]) {
    expect(() => evaluate({ ...input, ...wrong })).toThrow(expect.objectContaining({ code: 'SCORES_INVALID' }));
  }
});

test('the table is aligned, and shows brightness, classes and where each threshold was chosen', () => {
  const paper = evaluate({
    ...input,
    detector: 'U-Net',
    threshold: 4,
    chosenOn: 'the evaluation set itself (paper protocol)',
  });
  const text = formatEvaluations([evaluate(input), paper]);
  expect(text).toContain('4 good and 4 defective images, 8 part groups');
  expect(text).toMatch(/^mean brightness +0\.625$/m);
  expect(text).toMatch(/^flow +0\.750 \[0\.194, 0\.994\] +0\.750 \[0\.194, 0\.994\] +0\.875 \[/m);
  expect(text).toMatch(/^dent +2 +1\.000 \[/m);
  expect(text).toContain('Threshold of U-Net: chosen on the evaluation set itself (paper protocol).');
  const table = text.split('\n').slice(2, 6);
  expect(new Set(table.map((line) => line.length)).size).toBe(1);
  expect(formatEvaluations([])).toBe('');
});

test('scores are short at any size', () => {
  expect([0, 0.5, 1.23456, -0.00001234, 1234567].map(formatScore)).toEqual([
    '0',
    '0.5',
    '1.235',
    '-1.234e-5',
    '1.235e+6',
  ]);
});
