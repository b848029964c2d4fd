import { expect, it } from 'vitest';
import type { Decision, Verdict } from '../../api/contract.ts';
import { choiceOf, meaningOf, saidText, verdictChoices } from './verdicts.ts';

const decisions = ['OK', 'REVIEW', 'NG'] as const;
const said = (decision: Decision, verdict: Verdict, className: string | null = null) => ({
  decision,
  feedback: { verdict, className, by: null, note: null, createdAt: '2026-01-01T00:00:00Z' },
});

it('records good and defective by the same keys whatever was decided', () => {
  const verdicts = decisions.map((decision) => verdictChoices.map(({ verdictOn }) => verdictOn(decision)));
  expect(verdicts).toEqual([
    ['agree', 'missed', 'cannot-tell'],
    ['false-alarm', 'agree', 'cannot-tell'],
    ['false-alarm', 'agree', 'cannot-tell'],
  ]);
});

it('finds again what was said', () => {
  for (const decision of decisions)
    for (const choice of verdictChoices) expect(choiceOf(said(decision, choice.verdictOn(decision)))).toBe(choice);
  // as a program may have said it
  expect(choiceOf(said('REVIEW', 'missed'))?.name).toBe('Defective');
  expect(saidText(said('NG', 'agree', 'scratch'))).toBe('Defective: scratch');
  expect(saidText({ decision: 'NG', feedback: null })).toBe('');
});

it('says whether the station was right', () => {
  expect(verdictChoices.map((choice) => decisions.map((decision) => meaningOf(choice, decision)))).toEqual([
    ['OK was right.', 'It was right to ask.', 'NG was wrong.'],
    ['OK was wrong.', 'It was right to ask.', 'NG was right.'],
    Array(3).fill('Nothing is learned from it.'),
  ]);
});
