/** What a person can say of a decision, and what each means for the part. */
import type { Decision, Verdict } from '../api/contract.ts';

export interface VerdictChoice {
  readonly verdict: Verdict;
  readonly key: 'a' | 'f' | 'm';
  readonly name: string;
  /** What it says of the part. */
  readonly meaning: string;
}

/** The verdicts that make sense of a decision. */
export function choicesFor(decision: Decision): readonly VerdictChoice[] {
  const agree = {
    OK: 'The part is good.',
    REVIEW: 'The part is defective; it was right to ask.',
    NG: 'The part is defective.',
  }[decision];
  const choices: VerdictChoice[] = [{ verdict: 'agree', key: 'a', name: 'Agree', meaning: agree }];
  if (decision !== 'OK') {
    choices.push({ verdict: 'false-alarm', key: 'f', name: 'False alarm', meaning: 'The part is good.' });
  }
  if (decision !== 'NG') {
    const meaning = decision === 'OK' ? 'The part is defective.' : 'The part is defective; it should have been NG.';
    choices.push({ verdict: 'missed', key: 'm', name: 'Missed', meaning });
  }
  return choices;
}

export const verdictNames: Readonly<Record<Verdict, string>> = {
  agree: 'Agree',
  'false-alarm': 'False alarm',
  missed: 'Missed',
};
