/**
 * `felfri compare`: the paper's experiment on a data set. Both detectors are trained on the same splits several times, each training is
 * an ordinary bundle, and what came out is one comparison. The same call goes on where an earlier one was broken off.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { softwareVersions } from '../../core/version.ts';
import { dataSetHash } from '../../data/dataset.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import type { Split } from '../../data/split.ts';
import { requireFlowCanvas } from '../../detectors/flow/canvas.ts';
import { strideOf } from '../../detectors/unet/architecture.ts';
import { patchSize } from '../../detectors/unet/patch-grid.ts';
import { onnxruntimeVersion } from '../../engine/runtime/onnxruntime.ts';
import type { Comparison, Sequence } from '../../judge/comparison.ts';
import { paperRule } from '../../judge/rules/default.ts';
import type { JobControl } from '../../train/control.ts';
import { requireOutside } from '../bundles/free-folder.ts';
import { type FusionRequest, fuseBundles } from '../fuse/fuse.ts';
import { requirePossibleRule } from '../judge/calibrate.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { trainDetector } from '../train/train-detector.ts';
import { writeComparisonFiles } from './files.ts';
import { openComparisonFolder } from './folder.ts';
import { gateSplits } from './leaks.ts';
import { type PlannedFusion, type PlannedSequence, planComparison } from './plan.ts';
import { ComparisonProgress, titleOf } from './progress.ts';
import { type ComparisonRequest, type ComparisonSettings, settingsOf } from './request.ts';
import { failureOf, type Outcome, resultOf } from './result.ts';
import { runSequence } from './sequence.ts';
import { sideBySide } from './side-by-side.ts';

export interface ComparisonOutcome {
  readonly comparison: Comparison;
  readonly judgedOf: ReadonlyMap<Sequence, JudgedBundle>;
}

function trainer(request: ComparisonRequest, dataHash: string, leaks: ReadonlyMap<Split, LeakVerdict>) {
  return (planned: PlannedSequence, output: string, control: JobControl): Promise<JudgedBundle> => {
    const { dataSet, every } = request;
    const { split, seed } = planned;
    const rule = planned.protocol === 'paper' ? paperRule : request.rule;
    const common = {
      ...control,
      dataSet,
      split,
      output,
      seed,
      dataHash,
      resume: true,
      // checked before the first training
      allowLeaks: true,
      leak: leaks.get(split)!,
      ...(rule !== undefined && { rule }),
    };
    if (planned.detector === 'fusion') return fuseAnew(common, planned, request.output);
    if (planned.detector === 'flow') return trainDetector('flow', { ...request.flow, ...common, curve: { every } });
    return trainDetector('unet', { ...request.unet, ...common });
  };
}

/** Joins the flow and the U-Net of a split; what a broken-off joining left is no training to go on with, and is begun anew. */
async function fuseAnew(
  common: Omit<FusionRequest, 'flow' | 'unet'>,
  { parts }: PlannedFusion,
  root: string,
): Promise<JudgedBundle> {
  await rm(common.output, { recursive: true, force: true });
  return fuseBundles({ ...common, flow: join(root, parts.flow), unet: join(root, parts.unet) });
}

/** What one sequence tells goes into the comparison's own words; an image that cannot be read is named once, not by every sequence. */
function controlOf(
  request: ComparisonRequest,
  threads: number,
  planned: PlannedSequence,
  progress: ComparisonProgress,
  named: Set<string>,
): JobControl {
  const { signal, onSequence, onProblem, onWarning } = request;
  return {
    threads,
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
  settings: ComparisonSettings,
  leaks: ReadonlyMap<Split, LeakVerdict>,
): Promise<Outcome[]> {
  const { dataSet, output, parallel, signal } = request;
  const work = { dataSet, output, settings, train: trainer(request, settings.data, leaks), leaks };
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
      const done = await runSequence(work, each, controlOf(request, settings.threads, each, progress, named));
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
      const said = error instanceof FelfriError ? message : ((error as Error).stack ?? message);
      request.onWarning?.(`${titleOf(each)} failed: ${code}: ${said}`);
      return { planned: each, error };
    } finally {
      progress.end(each, known);
    }
  };
  const all = async (some: readonly PlannedSequence[]): Promise<Outcome[]> =>
    // counted when all lanes have come to rest
    sideBySide(some, parallel, one).catch((error: unknown) => {
      throw signal?.aborted ? interrupted() : error;
    });
  const trained = await all(planned.filter(({ detector }) => detector !== 'fusion'));
  const whole = new Set(trained.flatMap((outcome) => ('done' in outcome ? [outcome.planned.folder] : [])));
  // one whose flow or U-Net failed is not missed twice
  const joinable = planned.filter(
    (each) => each.detector === 'fusion' && whole.has(each.parts.flow) && whole.has(each.parts.unet),
  );
  return [...trained, ...(await all(joinable))];
}

/** Throws OPTION_INVALID for canvases and patches that a training would refuse: each on its own, after the leak check of all. */
function requireLegalSizes({ flow, unet }: ComparisonRequest): void {
  if (flow.canvas) requireFlowCanvas(flow.canvas, flow.backbone);
  if (unet.canvas) patchSize(unet.canvas, unet.patch, strideOf(unet));
}

/**
 * Trains, judges and writes comparison.json and its tables. Throws INTERRUPTED, after checkpoints, when the signal is aborted;
 * RUN_EXISTS for a folder of other settings; LEAK_FOUND for an honest split that leaks, unless leaks are allowed; and the error of the first sequence when not one succeeded.
 */
export async function runComparison(request: ComparisonRequest): Promise<ComparisonOutcome> {
  const { dataSet, output } = request;
  const plans = planComparison(dataSet, { ...request, unetWithoutMasks: request.unet.synthetic === 'only' });
  // a wrong rule, or one that a split's calibration images do not allow, is refused now, not after the first training
  for (const { sequences } of plans)
    for (const { protocol, split } of sequences) if (protocol !== 'paper') requirePossibleRule(request.rule, split);
  requireLegalSizes(request);
  await requireOutside(output, dataSet);
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
  const leaks = await gateSplits(
    planned.map(({ split }) => split),
    request,
  );
  request.onPhase?.(
    `${planned.length} sequences, ${Math.min(request.parallel, planned.length)} at once, ${settings.threads} threads each`,
  );
  const outcomes = await carryOut(request, planned, settings, leaks);
  const judgedOf = new Map(outcomes.flatMap((o) => ('done' in o ? [[o.done.sequence, o.done.judged] as const] : [])));
  if (judgedOf.size === 0) throw (outcomes[0] as { error: unknown }).error;
  request.onPhase?.('Writing the tables');
  const comparison: Comparison = {
    schema: 1,
    created: new Date().toISOString(),
    dataSet: { name: dataSet.name, hash: settings.data, recognised: dataSet.notes },
    settings: { ...settings, parallel: request.parallel },
    protocols: plans.map((plan) => resultOf(plan, outcomes, judgedOf, leaks)),
    software: softwareVersions(onnxruntimeVersion),
  };
  await writeComparisonFiles(output, comparison, judgedOf);
  return { comparison, judgedOf };
}
