/** What judged images prove of a detector's rates, in sentences for the terminal and the report. */
import type { Evaluation } from './evaluation.ts';
import { type Proof, proofOf, type Trials } from './sample-size.ts';

/** A claim about a detector: a recall of at least `value`, or a false-alarm rate of at most `value`. */
export interface Claim {
  readonly kind: 'recall' | 'false alarms';
  /** Between 0 and 1. */
  readonly value: number;
  /** One-sided, between 0 and 1. */
  readonly confidence: number;
}

/** The judged images that a claim is about. */
export interface Evidence extends Trials {
  /** Different parts that they show; fewer than `trials` where a part was photographed several times. */
  readonly parts: number;
  /** Whether the threshold was chosen on these very images, which then prove nothing of it. */
  readonly sawThreshold: boolean;
  /** Whether a person sees some of the images, who is taken to find every defect in them. */
  readonly withReview: boolean;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
const count = (n: number): string => n.toLocaleString('en-GB');

/** The success rate that a claim speaks of. */
export function successRate({ kind, value }: Claim): number {
  return kind === 'recall' ? value : 1 - value;
}

const words = {
  recall: { part: 'defective', right: 'found', none: 'if none is missed', rate: 'at the present rate of misses' },
  'false alarms': {
    part: 'good',
    right: 'passed',
    none: 'if none raises an alarm',
    rate: 'at the present rate of false alarms',
  },
} as const;

function claimed({ kind, value, confidence }: Claim): string {
  const rate = kind === 'recall' ? `a recall of at least ${value}` : `a false-alarm rate of at most ${value}`;
  return `${rate} with ${percent(confidence)} confidence`;
}

/** How many parts prove a claim if `allowed` of them, and no more, are decided wrongly. */
export function needText(claim: Claim, needed: number, allowed: number): string {
  const { part, right } = words[claim.kind];
  const how = allowed === 0 ? `all ${right}` : `${count(needed - allowed)} of them ${right}`;
  return `To prove ${claimed(claim)} takes ${count(needed)} ${part} parts, ${how}.`;
}

/** What the evidence proves of a claim and how many more parts it takes, in a sentence or a few. */
export function proofText(claim: Claim, evidence: Evidence): string {
  const { part, right, none, rate } = words[claim.kind];
  const { trials, failures, parts, sawThreshold, withReview } = evidence;
  const goal = { rate: successRate(claim), confidence: claim.confidence };
  if (sawThreshold) {
    const { ifNoneFails } = proofOf(goal, { trials: 0, failures: 0 });
    return `These images prove no ${claim.kind === 'recall' ? 'recall' : 'false-alarm rate'}: the threshold was chosen on them. To prove ${claimed(claim)} takes ${count(ifNoneFails)} other ${part} parts ${none}.`;
  }
  const proof = proofOf(goal, evidence);
  const seen = `${count(trials - failures)} of ${count(trials)} ${part} images were ${right}${withReview && claim.kind === 'recall' ? ' or sent to a person' : ''}`;
  const repeated =
    parts < trials
      ? ` They show ${count(parts)} ${parts === 1 ? 'part' : 'parts'} only, and images of one part prove less than as many parts.`
      : '';
  return `${proof.proven ? proven(claim, seen, proof) : unproven()}${repeated}`;

  function unproven(): string {
    const further =
      proof.atPresentRate === null
        ? `${rate} no practical number will do`
        : proof.atPresentRate === proof.ifNoneFails
          ? ''
          : `${count(proof.atPresentRate)} ${rate}`;
    return `To prove ${claimed(claim)} takes ${count(proof.ifNoneFails)} more ${part} parts ${none}${further && `; ${further}`} (${seen} so far).`;
  }
}

function proven(claim: Claim, seen: string, { bound }: Proof): string {
  const reached = claim.kind === 'recall' ? `at least ${floor(bound)}` : `at most ${ceil(1 - bound)}`;
  return `Proven: ${claimed(claim)} (${seen}; ${reached}).`;
}

// a bound is rounded to the side on which it still holds
const floor = (x: number): string => (Math.floor(x * 1e4) / 1e4).toFixed(4);
const ceil = (x: number): string => (Math.ceil(x * 1e4) / 1e4).toFixed(4);

/**
 * How many more defective parts prove a recall (default 0.95 with 95 % confidence), given what was judged: for the report. An image for
 * REVIEW counts as found.
 */
export function recallProof(
  { recall: called, byPartGroup, chosenOn, threeWay }: Evaluation,
  { value = 0.95, confidence = 0.95 }: { value?: number; confidence?: number } = {},
): string {
  const recall = threeWay?.recall ?? called;
  return proofText(
    { kind: 'recall', value, confidence },
    {
      trials: recall.total,
      failures: recall.total - recall.count,
      parts: byPartGroup.recall?.partGroups ?? 1,
      withReview: threeWay !== null,
      sawThreshold: chosenOn === 'the evaluation set itself (paper protocol)',
    },
  );
}
