/** What is said beside a verdict: the class of a defect, and a note. */

import type { NewFeedback } from '../../api/client.ts';
import type { Decision } from '../../api/contract.ts';
import { person, usedClasses } from '../../state/preferences.svelte.ts';
import type { VerdictChoice } from './verdicts.ts';

/** Classes that are offered again, last used first. */
const OFFERED = 20;

export class Remarks {
  className = $state('');
  note = $state('');

  /** Of a choice, as the service takes it: a part that is not defective has no class. */
  said({ label, verdictOn }: VerdictChoice, decision: Decision): NewFeedback {
    const className = label === 'defective' ? this.className.trim() : '';
    if (className) {
      usedClasses.current = [className, ...usedClasses.current.filter((one) => one !== className)].slice(0, OFFERED);
    }
    return { verdict: verdictOn(decision), className, note: this.note, by: person.current };
  }

  /** For the next part, of which nothing was said. */
  clear(): void {
    this.className = '';
    this.note = '';
  }
}
