/** A threshold rule from what was chosen in a form to the text that a training takes. */
import type { TrainingChoices } from '../../api/contract.ts';

export type Rule = TrainingChoices['rules'][number];

/** The numbers that a form begins with: the examples, and nothing where a number may be left out. */
export function usualNumbers({ numbers }: Rule): (number | null)[] {
  return numbers.map(({ example, optional }) => (optional ? null : example));
}

/** Such as `cost=100:1@0.02`; undefined while a number that is needed is missing. */
export function ruleText({ kind, numbers }: Rule, given: readonly (number | null | undefined)[]): string | undefined {
  let text = kind;
  for (const [i, { before, optional }] of numbers.entries()) {
    const value = given[i] ?? null;
    if (value !== null) text += before + value;
    else if (!optional) return undefined;
  }
  return text;
}
