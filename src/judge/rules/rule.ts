/** What a threshold rule is: its numbers, and the row that describes it to people, to the parser and to the chooser. */
import type { Labelled } from '../operating-points.ts';

/** The numbers of each rule. A new rule begins here; nothing compiles until `table.ts` has its row. */
interface RuleNumbers {
  /** Highest accuracy: the paper's rule. */
  readonly accuracy: Record<never, number>;
  /** Highest F1. */
  readonly f1: Record<never, number>;
  /** Recall of at least `atLeast`, with as few false alarms as that allows. */
  readonly recall: { readonly atLeast: number };
  /** A false-alarm rate of at most `atMost`, with as much recall as that allows. */
  readonly 'false-alarms': { readonly atMost: number };
  /** From good images alone, an expected false-alarm rate of at most `atMost`. */
  readonly 'good-only': { readonly atMost: number };
  /** From good images alone, `spreads` times as far above the highest good score as that lies above the median one. */
  readonly 'beyond-good': { readonly spreads: number };
  /** Least total cost, in any unit, of missed defective and falsely alarmed good parts. */
  readonly cost: {
    readonly miss: number;
    readonly falseAlarm: number;
    /** Share of defective parts on the line; null to take that of the images. */
    readonly defectiveShare: number | null;
  };
}

export type RuleKind = keyof RuleNumbers;
export type RuleOf<K extends RuleKind> = { readonly kind: K } & RuleNumbers[K];
/** What is asked of a threshold, as a value; `parseThresholdRule` reads one from text. */
export type ThresholdRule = { [K in RuleKind]: RuleOf<K> }[RuleKind];

/** One number of a rule: how it is written, and which values are legal. */
export interface RuleNumber {
  /** The character before it in the rule's text. */
  readonly before: '=' | ':' | '@';
  /** Its name in the form, such as R in `recall=R`. */
  readonly letter: string;
  /** What it is, as a label of a field. */
  readonly label: string;
  readonly example: number;
  readonly least: number;
  /** Whether `least` itself is legal. */
  readonly withLeast: boolean;
  /** Infinity where every finite number above `least` is legal. */
  readonly most: number;
  readonly withMost: boolean;
  /** May be left out; its value is null then. */
  readonly optional: boolean;
}

/** A threshold, and what may be said of it. */
export interface Choice {
  readonly threshold: number;
  /** One sentence or more on what the threshold promises, and what it does not. */
  readonly statement: string;
}

/** A rate of new parts that a rule is asked to bound. */
interface Bound {
  /** The parts that fail: good ones by a false alarm, defective ones by being missed. */
  readonly of: 'good' | 'defective';
  /** Largest share of them that may fail. */
  readonly atMost: number;
}

export interface RuleRow<K extends RuleKind> {
  /** What it asks for, in one line of help. */
  readonly meaning: string;
  /** In the order in which they are written. */
  readonly numbers: { readonly [N in keyof RuleNumbers[K]]: RuleNumber };
  /** The rate that it bounds; null where it bounds none. */
  readonly bound: (rule: RuleOf<K>) => Bound | null;
  /** Sees calibration images only. Throws SCORES_INVALID, and DATASET_TOO_SMALL where they are too few for the rule. */
  readonly choose: (rule: RuleOf<K>, data: Labelled) => Choice;
}
