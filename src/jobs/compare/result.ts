/** From carried-out sequences to the result of a protocol. */
import { FelfriError } from '../../core/errors.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import type { Split } from '../../data/split.ts';
import type { FailedSequence, ProtocolResult, Sequence } from '../../judge/comparison.ts';
import { bootstrapMeanAuroc } from '../../judge/comparison-interval.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { labelled } from '../judge/scoring.ts';
import type { PlannedProtocol, PlannedSequence } from './plan.ts';
import type { JudgedSequence } from './sequence.ts';

export function failureOf({ detector, name }: PlannedSequence, error: unknown): FailedSequence {
  const { message } = error as Error;
  return { detector, name, code: error instanceof FelfriError ? error.code : 'UNEXPECTED', message };
}

/** What became of a planned sequence. */
export type Outcome = { readonly planned: PlannedSequence } & (
  | { readonly done: JudgedSequence }
  | { readonly error: unknown }
);

export function resultOf(
  plan: PlannedProtocol,
  outcomes: readonly Outcome[],
  judgedOf: ReadonlyMap<Sequence, JudgedBundle>,
  leaks: ReadonlyMap<Split, LeakVerdict>,
): ProtocolResult {
  const own = outcomes.filter(({ planned }) => planned.protocol === plan.protocol);
  const of = (detector: PlannedSequence['detector']): Sequence[] =>
    own.flatMap((outcome) =>
      'done' in outcome && outcome.planned.detector === detector ? [outcome.done.sequence] : [],
    );
  const interval = (sequences: readonly Sequence[]) =>
    bootstrapMeanAuroc(
      sequences.map((sequence) => {
        const { scored } = judgedOf.get(sequence)!;
        return {
          ...labelled(scored),
          names: scored.map((s) => s.image.name),
          partGroups: scored.map((s) => s.image.partGroup),
        };
      }),
    );
  const flow = of('flow');
  const unet = of('U-Net');
  const fusion = of('fusion');
  return {
    protocol: plan.protocol,
    split: plan.split,
    notes: plan.notes,
    leak: [...new Set(plan.sequences.map(({ split }) => leaks.get(split)!.statement))],
    flow,
    unet,
    fusion,
    unetNotApplicable: plan.unetNotApplicable,
    failed: own.flatMap((outcome) => ('error' in outcome ? [failureOf(outcome.planned, outcome.error)] : [])),
    meanAuroc: { flow: interval(flow), unet: interval(unet), fusion: interval(fusion) },
  };
}
