import { expect, test } from 'vitest';
import { parseThresholdRule } from '../../../../src/judge/rules/text.ts';
import { trainingChoices } from '../../../../src/station/training/choices.ts';
import { ruleText, usualNumbers } from './rule-text.ts';

const { rules } = trainingChoices();
const rule = (kind: string) => rules.find((one) => one.kind === kind)!;

test('every rule of the list, as the form begins, is one that felfri reads', () => {
  for (const one of rules)
    expect(parseThresholdRule(ruleText(one, usualNumbers(one))!)).toMatchObject({ kind: one.kind });
});

test('a number that may be left out is written where it is given', () => {
  expect(ruleText(rule('cost'), [50, 2, null])).toBe('cost=50:2');
  expect(ruleText(rule('cost'), [50, 2, 0.01])).toBe('cost=50:2@0.01');
  expect(ruleText(rule('accuracy'), [])).toBe('accuracy');
  expect(ruleText(rule('false-alarms'), [0])).toBe('false-alarms=0');
});

test('there is no rule while a needed number is missing', () => {
  expect(ruleText(rule('recall'), [null])).toBeUndefined();
  expect(ruleText(rule('cost'), [50])).toBeUndefined();
});
