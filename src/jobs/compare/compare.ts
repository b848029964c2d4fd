/**
 * `felfri compare`: the paper's experiment on a data set. Both detectors are trained on the same splits several times, each training is
 * an ordinary bundle, and what came out is one comparison. The same call goes on where an earlier one was broken off.
 */
import { basename } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { felfriVersion, softwareVersions } from '../../core/version.ts';
import { type DataSet, dataSetHash } from '../../data/dataset.ts';
import { onnxruntimeVersion } from '../../engine/runtime/onnxruntime.ts';
import type { Comparison, FailedSequence, ProtocolResult, Sequence } from '../../judge/comparison.ts';
import { bootstrapMeanAuroc } from '../../judge/comparison-interval.ts';
import type { JudgedBundle } from '../evaluate.ts';
import type { JobControl } from '../events.ts';
import { labelled } from '../scoring.ts';
import { type FlowRequest, trainFlow } from '../train-flow.ts';
import { trainUnet, type UnetRequest } from '../train-unet.ts';
import type { TrainingRequest } from '../training-run.ts';
import { writeComparisonFiles } from './files.ts';
import { openComparisonFolder } from './folder.ts';
import { type PlannedProtocol, type PlannedSequence, type PlanOptions, planComparison } from './plan.ts';
import { ComparisonProgress, type OverallProgress, titleOf } from './progress.ts';
import { type JudgedSequence, runSequence } from './sequence.ts';
import { sideBySide } from './side-by-side.ts';

/** A training without what the comparison says for each sequence itself. */
type Budget<R extends TrainingRequest> = Omit<
  R,
  'dataSet' | 'split' | 'output' | 'resume' | 'seed' | 'dataHash' | 'curve' | 'rule' | keyof JobControl
>;

export interface ComparisonRequest extends Omit<JobControl, 'onPhase' | 'onProgress' | 'onTraining'>, PlanOptions {
  readonly dataSet: DataSet;
  /** Made if absent. */
  readonly output: string;
  readonly flow: Budget<FlowRequest>;
  readonly unet: Budget<UnetRequest>;
  /** Batches between two points of the flow's curve. */
  readonly every: number;
  /** Threshold rule of the honest protocol; what the calibration images allow unless told. The paper's is the highest accuracy. */
  readonly rule?: string;
  /** Sequences trained at once. */
  readonly parallel: number;
  /** Threads of each sequence. Left out: its share of `cores`. */
  readonly threads?: number;
  readonly cores: number;
  /** A new part of the comparison begins. */
  readonly onPhase?: (name: string) => void;
  /** A sequence begins something. */
  readonly onSequence?: (line: string) => void;
  readonly onOverall?: (progress: OverallProgress) => void;
}

export interface ComparisonOutcome {
  readonly comparison: Comparison;
  readonly judgedOf: ReadonlyMap<Sequence, JudgedBundle>;
}

/** Everything that the numbers depend on, as plain JSON. */
function settingsOf(request: ComparisonRequest, dataHash: string) {
  const { protocols, sequences, unetSequences, folds, seed, flow, unet, every, rule, parallel, threads, cores } =
    request;
  const { backbone, cacheDirectory: _, ...flowRest } = flow;
  return {
    felfri: felfriVersion,
    onnxruntime: onnxruntimeVersion,
    data: dataHash,
    protocols,
    sequences: sequences ?? 'all',
    unetSequences: unetSequences ?? 'all',
    folds,
    seed,
    flow: { ...flowRest, backbone: { name: backbone.name, fingerprint: backbone.fingerprint } },
    unet,
    curveEvery: every,
    rule: rule ?? 'by what the calibration images allow',
    // sums of floating-point numbers may depend on it
    threads: threads ?? Math.max(1, Math.floor(cores / parallel)),
  };
}

function trainer(request: ComparisonRequest, dataHash: string, threads: number) {
  return (planned: PlannedSequence, output: string, control: JobControl): Promise<JudgedBundle> => {
    const { dataSet, every } = request;
    const { split, seed } = planned;
    const rule = planned.protocol === 'paper' ? 'accuracy' : request.rule;
    const common = {
      ...control,
      dataSet,
      split,
      output,
      seed,
      threads,
      dataHash,
      resume: true,
      ...(rule !== undefined && { rule }),
    };
    return planned.detector === 'flow'
      ? trainFlow({ ...request.flow, ...common, curve: { every } })
      : trainUnet({ ...request.unet, ...common });
  };
}

function failureOf({ detector, name }: PlannedSequence, error: unknown): FailedSequence {
  const { message } = error as Error;
  return { detector, name, code: error instanceof FelfriError ? error.code : 'UNEXPECTED', message };
}

type Outcome = { readonly planned: PlannedSequence } & (
  | { readonly done: JudgedSequence }
  | { readonly error: unknown }
);

function resultOf(
  plan: PlannedProtocol,
  outcomes: readonly Outcome[],
  judgedOf: Map<Sequence, JudgedBundle>,
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
  return {
    protocol: plan.protocol,
    split: plan.split,
    notes: plan.notes,
    leak: [],
    flow,
    unet,
    unetNotApplicable: plan.unetNotApplicable,
    failed: own.flatMap((outcome) => ('error' in outcome ? [failureOf(outcome.planned, outcome.error)] : [])),
    meanAuroc: { flow: interval(flow), unet: interval(unet) },
  };
}

/** What one sequence tells goes into the comparison's own words; an image that cannot be read is named once, not by every sequence. */
function controlOf(
  request: ComparisonRequest,
  planned: PlannedSequence,
  progress: ComparisonProgress,
  named: Set<string>,
): JobControl {
  const { signal, onSequence, onProblem, onWarning } = request;
  return {
    ...(signal && { signal }),
    onPhase: (name) => onSequence?.(`${titleOf(planned)}: ${name}`),
    onTraining: (training) => progress.training(planned, training),
    onProblem: (problem) => {
      if (named.has(problem.name)) return;
      named.add(problem.name);
      onProblem?.(problem);
    },
    onWarning: (message) => onWarning?.(`${titleOf(planned)}: ${message}`),
  };
}

/** Carries out every sequence. A sequence that fails is noted, and the others go on; INTERRUPTED stops them all. */
async function carryOut(
  request: ComparisonRequest,
  planned: readonly PlannedSequence[],
  settings: ReturnType<typeof settingsOf>,
): Promise<Outcome[]> {
  const { dataSet, output, parallel, signal } = request;
  const work = { dataSet, output, settings, train: trainer(request, settings.data, settings.threads) };
  const progress = new ComparisonProgress(planned, parallel, (overall) => request.onOverall?.(overall));
  const named = new Set<string>();
  let finished = 0;
  const interrupted = (): FelfriError =>
    new FelfriError(
      'INTERRUPTED',
      `stopped; ${finished} of ${planned.length} sequences are finished. The same command goes on from here`,
      { subject: output },
    );
  const one = async (each: PlannedSequence): Promise<Outcome> => {
    if (signal?.aborted) throw interrupted();
    progress.begin(each);
    let known = false;
    try {
      const done = await runSequence(work, each, controlOf(request, each, progress, named));
      known = done.known;
      finished++;
      const { auroc } = done.sequence.evaluation;
      request.onSequence?.(
        `${titleOf(each)}: ${known ? 'was finished already' : 'finished'}, AUROC ${auroc.value.toFixed(3)}`,
      );
      return { planned: each, done };
    } catch (error) {
      known = true;
      if (signal?.aborted) throw error;
      const { code, message } = failureOf(each, error);
      request.onWarning?.(`${titleOf(each)} failed: ${code}: ${message}`);
      return { planned: each, error };
    } finally {
      progress.end(each, known);
    }
  };
  // counted when all lanes have come to rest
  return sideBySide(planned, parallel, one).catch((error: unknown) => {
    throw signal?.aborted ? interrupted() : error;
  });
}

/**
 * Trains, judges and writes comparison.json and its tables. Throws INTERRUPTED, after checkpoints, when the signal is aborted;
 * RUN_EXISTS for a folder of other settings; and the error of the first sequence when not one succeeded.
 */
export async function runComparison(request: ComparisonRequest): Promise<ComparisonOutcome> {
  const { dataSet, output } = request;
  const plans = planComparison(dataSet, request);
  request.onPhase?.('Hashing the images');
  const settings = await openComparisonFolder(output, settingsOf(request, await dataSetHash(dataSet)), ['threads']);
  if (request.threads !== undefined && request.threads !== settings.threads) {
    throw new FelfriError(
      'RUN_EXISTS',
      `${output} holds a comparison with ${settings.threads} threads a sequence; got --threads ${request.threads}: leave it out, or give another folder with -o`,
      { subject: output },
    );
  }
  const planned = plans.flatMap(({ sequences }) => sequences);
  request.onPhase?.(
    `${planned.length} sequences, ${Math.min(request.parallel, planned.length)} at once, ${settings.threads} threads each`,
  );
  const outcomes = await carryOut(request, planned, settings);
  const judgedOf = new Map(outcomes.flatMap((o) => ('done' in o ? [[o.done.sequence, o.done.judged] as const] : [])));
  if (judgedOf.size === 0) throw (outcomes[0] as { error: unknown }).error;
  request.onPhase?.('Writing the tables');
  const comparison: Comparison = {
    schema: 1,
    created: new Date().toISOString(),
    dataSet: { name: basename(dataSet.root), hash: settings.data, recognised: dataSet.notes },
    settings: { ...settings, parallel: request.parallel },
    protocols: plans.map((plan) => resultOf(plan, outcomes, judgedOf)),
    software: softwareVersions(onnxruntimeVersion),
  };
  await writeComparisonFiles(output, comparison, judgedOf);
  return { comparison, judgedOf };
}
