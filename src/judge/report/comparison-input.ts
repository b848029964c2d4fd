/** What the report of a comparison is made from: the comparison, and of each sequence what its figures do not hold. */
import type { Comparison } from '../comparison.ts';
import type { JudgedImages } from '../comparison-interval.ts';
import type { ExampleMap } from './input.ts';

/** The judged images of one sequence: labels (1 defective, 0 good), scores, names and part groups, one each per image. */
export interface SequenceEvidence extends JudgedImages {
  /** `Sequence.bundle` of the sequence that judged them. */
  readonly bundle: string;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  /** Worst misses and worst false alarms under the protocol's threshold; may be empty. */
  readonly examples: readonly ExampleMap[];
}

export interface ComparisonReportInput {
  readonly title: string;
  readonly comparison: Comparison;
  /** The exact command line, such as 'felfri compare rings -o rings-compared --protocol both'. */
  readonly command: string;
  /** One per sequence of both detectors and of all protocols, in any order. */
  readonly evidence: readonly SequenceEvidence[];
}
