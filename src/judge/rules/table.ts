/**
 * The one table of threshold rules: help texts, refusals, parser, page, documents and chooser read its rows. A rule without a row, or a row
 * without a cell, does not compile.
 */
import { cheapest, highestF1, mostAccurate } from './best.ts';
import { beyondGood } from './beyond.ts';
import { fewFalseAlarms, goodOnly, recallOf } from './bounded.ts';
import type { RuleKind, RuleNumber, RuleOf, RuleRow } from './rule.ts';

const share = { before: '=', least: 0, most: 1, optional: false } as const;
const cost = { least: 0, withLeast: false, most: Number.POSITIVE_INFINITY, withMost: false, optional: false } as const;

const atMost = (label: string, example: number, withLeast: boolean): RuleNumber => ({
  ...share,
  letter: 'F',
  label,
  example,
  withLeast,
  withMost: false,
});

export const rules: { readonly [K in RuleKind]: RuleRow<K> } = {
  accuracy: {
    meaning: 'most images decided rightly, the rule of the paper; it misses much where defects are few',
    numbers: {},
    bound: () => null,
    choose: mostAccurate,
  },
  f1: { meaning: 'highest F1', numbers: {}, bound: () => null, choose: highestF1 },
  recall: {
    meaning: 'at least the share R of defective parts found, with as few false alarms as that allows',
    numbers: {
      atLeast: {
        ...share,
        letter: 'R',
        label: 'Least share of defective parts found',
        example: 0.95,
        withLeast: false,
        withMost: true,
      },
    },
    bound: ({ atLeast }) => ({ of: 'defective', atMost: 1 - atLeast }),
    choose: recallOf,
  },
  'false-alarms': {
    meaning: 'at most the share F of good images called defective, with as much recall as that allows',
    numbers: { atMost: atMost('Largest share of good images called defective', 0.01, true) },
    bound: ({ atMost }) => ({ of: 'good', atMost }),
    choose: fewFalseAlarms,
  },
  'good-only': {
    meaning: 'from good images alone, at most the share F of good parts expected to raise a false alarm',
    numbers: { atMost: atMost('Largest share of good parts expected to raise a false alarm', 0.05, false) },
    bound: ({ atMost }) => ({ of: 'good', atMost }),
    choose: goodOnly,
  },
  'beyond-good': {
    meaning:
      'from good images alone, K times as far above the highest good score as that lies above the median; bounds no rate',
    numbers: {
      spreads: {
        before: '=',
        letter: 'K',
        label: 'Distances from median to highest good score, above the highest',
        example: 1,
        least: 0,
        withLeast: false,
        most: 1000,
        withMost: true,
        optional: false,
      },
    },
    bound: () => null,
    choose: beyondGood,
  },
  cost: {
    meaning: 'cheapest where a miss costs M and a false alarm A; D: share of defective parts on the line',
    numbers: {
      miss: { ...cost, before: '=', letter: 'M', label: 'Cost of a missed defective part', example: 100 },
      falseAlarm: { ...cost, before: ':', letter: 'A', label: 'Cost of a false alarm', example: 1 },
      defectiveShare: {
        before: '@',
        letter: 'D',
        label: 'Share of defective parts on the line',
        example: 0.02,
        least: 0,
        withLeast: false,
        most: 1,
        withMost: false,
        optional: true,
      },
    },
    bound: () => null,
    choose: cheapest,
  },
};

/** The row of a rule. */
export function rowOf<K extends RuleKind>(rule: RuleOf<K>): RuleRow<K> {
  return rules[rule.kind];
}
