/** What a person's verdict on a decision says of the part. */
import type { Label } from '../contract/datasets.ts';
import type { Feedback, Inspection } from '../contract/inspections.ts';

/** By each verdict: agreement confirms the decision, where REVIEW counts as defective; null where nobody can say. */
const labels: Readonly<Record<Feedback['verdict'], (decision: Inspection['decision']) => Label | null>> = {
  agree: (decision) => (decision === 'OK' ? 'good' : 'defective'),
  'false-alarm': () => 'good',
  missed: () => 'defective',
  'cannot-tell': () => null,
};

export function labelOfVerdict(decision: Inspection['decision'], verdict: Feedback['verdict']): Label | null {
  return labels[verdict](decision);
}
