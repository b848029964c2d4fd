import { describe, expect, test } from 'vitest';
import type { ThresholdRule } from './rule.ts';
import {
  formatThresholdRule,
  formOf,
  legalRules,
  parseThresholdRule,
  requireLegalRule,
  ruleKinds,
  ruleLines,
} from './text.ts';

test('a rule survives being written and read', () => {
  for (const text of [
    'accuracy',
    'f1',
    'recall=0.95',
    'false-alarms=0.01',
    'false-alarms=0',
    'good-only=0.05',
    'beyond-good=1',
    'cost=100:1',
    'cost=2.5:0.5@0.01',
  ]) {
    expect(formatThresholdRule(parseThresholdRule(text))).toBe(text);
  }
});

test.each([
  '',
  'recall',
  'recall=',
  'recall=x',
  'recall=0',
  'recall=1.5',
  'f1=0.5',
  'good-only=0',
  'good-only=1',
  'beyond-good=0',
  'beyond-good',
  'f2',
  'recall=1=2',
  'cost',
  'cost=5',
  'cost=:1',
  'cost=0:1',
  'cost=1:-1',
  'cost=1:2:3',
  'cost=1:1@0',
  'cost=1:1@1',
  'cost=1:1@',
  'cost=1:1@0.1@0.2',
  'cost=Infinity:1',
])('refuses the rule "%s" and says which are legal', (text) => {
  expect(() => parseThresholdRule(text)).toThrow(/legal are accuracy, f1, recall=/);
});

test('forms, help and refusals name every rule', () => {
  expect(ruleKinds.map(formOf)).toEqual([
    'accuracy',
    'f1',
    'recall=R',
    'false-alarms=F',
    'good-only=F',
    'beyond-good=K',
    'cost=M:A[@D]',
  ]);
  for (const kind of ruleKinds) {
    expect(ruleLines()).toContain(formOf(kind));
    expect(legalRules()).toContain(kind);
  }
  expect(legalRules()).toContain(
    'cost=100:1 or cost=100:1@0.02 (cost=M:A[@D]: M above 0, A above 0, D above 0 to below 1)',
  );
});

describe('requireLegalRule', () => {
  test.each([
    [{ kind: 'recall', atLeast: 1.5 }, /"recall=1.5"/],
    [{ kind: 'recall' }, /"recall=undefined"/],
    [{ kind: 'cost', miss: 1, falseAlarm: 0, defectiveShare: null }, /"cost=1:0"/],
    [{ kind: 'recal', atLeast: 0.9 }, /recal/],
    [{ kind: 'toString' }, /toString/],
  ])('refuses %o, which the compiler would not let through', (rule, message) => {
    expect(() => requireLegalRule(rule as unknown as ThresholdRule)).toThrow(message);
  });

  test('takes what the parser gives', () => {
    for (const text of ['recall=1', 'false-alarms=0', 'cost=1:2@0.5']) requireLegalRule(parseThresholdRule(text));
  });
});
