/** What the report of a comparison is made from: the comparison, and of each sequence what its figures do not hold. */
import type { Comparison } from '../comparison.ts';
import type { ExampleMap } from './input.ts';

/** The judged images of one sequence. */
export interface SequenceEvidence {
  /** `Sequence.bundle` of the sequence that these images were judged by. */
  readonly bundle: string;
  /** Names of the images; they tell which sequences were judged on the same images. */
  readonly names: readonly string[];
  /** 1 for defective, 0 for good, one per name. */
  readonly labels: readonly number[];
  /** Larger is worse, one per name. */
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
