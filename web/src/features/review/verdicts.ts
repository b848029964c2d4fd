/** What a person can say of a part, in the words and by the keys of the whole page: good, defective, or that nobody can tell. */
import type { Decision, Inspection, Label, Verdict } from '../../api/contract.ts';

export interface VerdictChoice {
  readonly key: 'g' | 'd' | 'c';
  readonly name: string;
  /** Null: none. */
  readonly label: Label | null;
  /** What is recorded of a decision. */
  readonly verdictOn: (decision: Decision) => Verdict;
}

export const verdictChoices: readonly VerdictChoice[] = [
  {
    key: 'g',
    name: 'Good',
    label: 'good',
    verdictOn: (decision) => (decision === 'OK' ? 'agree' : 'false-alarm'),
  },
  {
    key: 'd',
    name: 'Defective',
    label: 'defective',
    verdictOn: (decision) => (decision === 'OK' ? 'missed' : 'agree'),
  },
  { key: 'c', name: 'Cannot tell', label: null, verdictOn: () => 'cannot-tell' },
];

/** What saying it means of a decision: whether the station was right. */
export function meaningOf({ label }: VerdictChoice, decision: Decision): string {
  if (label === null) return 'Nothing is learned from it.';
  if (decision === 'REVIEW') return 'It was right to ask.';
  return (label === 'good') === (decision === 'OK') ? `${decision} was right.` : `${decision} was wrong.`;
}

/** Which of them was said; undefined where nobody has. */
export function choiceOf({ decision, feedback }: Pick<Inspection, 'decision' | 'feedback'>): VerdictChoice | undefined {
  if (!feedback) return undefined;
  // of REVIEW two verdicts say that the part is defective
  if (feedback.verdict === 'missed') return verdictChoices.find(({ label }) => label === 'defective');
  return verdictChoices.find(({ verdictOn }) => verdictOn(decision) === feedback.verdict);
}

/** `Good`, `Defective: scratch`; empty where nobody has said anything. */
export function saidText(inspection: Pick<Inspection, 'decision' | 'feedback'>): string {
  const name = choiceOf(inspection)?.name ?? '';
  return inspection.feedback?.className ? `${name}: ${inspection.feedback.className}` : name;
}
