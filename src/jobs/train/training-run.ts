/** What training a flow and training a U-Net have in common: the run's record, the loop in a worker, and the result. */
import { join } from 'node:path';
import { given } from '../../core/given.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { softwareVersions } from '../../core/version.ts';
import { type DataSet, dataSetHash } from '../../data/dataset.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import type { Problem } from '../../data/listing.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Regions } from '../../data/regions/schema.ts';
import type { Split } from '../../data/split.ts';
import { onnxruntimeVersion } from '../../engine/runtime/onnxruntime.ts';
import type { AdamOptions } from '../../engine/training/adam-rule.ts';
import type { TrainingProgram } from '../../engine/training/program.ts';
import type { TrainerLike } from '../../engine/training/trainer.ts';
import { WorkerTrainer } from '../../engine/workers/remote.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { sessionOptions } from '../../train/control.ts';
import { runLoop } from '../../train/loop.ts';
import { holdsRun, RunDirectory } from '../../train/run-directory.ts';
import type { LoopResult, TrainingTask } from '../../train/training-task.ts';
import { requireFree, requireOutput } from '../bundles/free-folder.ts';
import { requirePossibleRule } from '../judge/calibrate.ts';
import { type LeakGateOptions, passLeakGate } from '../judge/leak-gate.ts';
import type { AskedIntake } from './measure-intake.ts';

/** What every training job is asked. */
export interface TrainingRequest extends LeakGateOptions, AskedIntake {
  readonly dataSet: DataSet;
  readonly split: Split;
  /** The bundle's folder; the run's records lie in `run/` within. */
  readonly output: string;
  readonly resume?: boolean;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** How the threshold is chosen; by what the calibration images allow when left out. */
  readonly rule?: ThresholdRule;
  /** Training ends at the latest after this many seconds; Infinity unless told. */
  readonly maxSeconds?: number;
  readonly checkpointSeconds?: number;
  /** Where the pictures are judged, and where not; everywhere unless told. */
  readonly regions?: Regions;
  /** SHA-256 of the data set, where it is known already; every file is read for it otherwise. */
  readonly dataHash?: string;
}

export interface TrainingOutcome {
  readonly run: RunDirectory;
  readonly weights: NamedTensors;
  readonly loop: LoopResult;
  readonly dataHash: string;
  readonly leak: LeakVerdict;
  /** Images that were not learned from. */
  readonly leftOut: readonly Problem[];
}

export interface RunPlan {
  readonly request: TrainingRequest;
  /** What determines the numbers beside data, split, seed and batch; JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The images that are learned from. */
  readonly trainedOn: readonly PartImage[];
  readonly dataHash: string;
  /** What `passLeakGate` said of the split. */
  readonly leak: LeakVerdict;
}

/** Opens the run's folder, before anything slow is done, so that a wrong folder is refused at once. */
export async function openRun({ request, settings, trainedOn, dataHash, leak }: RunPlan): Promise<RunDirectory> {
  const { split, seed, batch, learningRate, dataSet } = request;
  const configuration = {
    ...settings,
    data: {
      name: dataSet.name,
      hash: dataHash,
      split: split.name,
      protocol: split.protocol,
      trainedOn: trainedOn.map((i) => i.name),
    },
    seed,
    batch,
    learningRate,
  };
  const folder = join(request.output, 'run');
  if (!(await holdsRun(folder))) await requireFree(request.output, dataSet);
  const run = await RunDirectory.open(folder, configuration, request.resume ?? false);
  await run.record({ software: softwareVersions(onnxruntimeVersion), leak });
  return run;
}

/**
 * Everything that can refuse a training, before anything slow that is not kept: the graph is compiled first, then the images are
 * hashed and checked for leaks, and the folder is looked at. Nothing is written yet.
 */
export async function prepare(
  request: TrainingRequest,
  settings: RunPlan['settings'],
  trainedOn: readonly PartImage[],
  compile: () => TrainingProgram,
): Promise<{ plan: RunPlan; run: RunDirectory; program: TrainingProgram }> {
  const program = compile();
  const dataHash = await hashData(request);
  const plan = { request, settings, trainedOn, dataHash, leak: await passLeakGate(request.split, request) };
  return { plan, run: await openRun(plan), program };
}

/**
 * The SHA-256 of the data set, announced as a phase of its own since it reads every file. An output that cannot be written is refused before:
 * throws PATH_UNUSABLE or RUN_EXISTS. So is a rule that the calibration images do not allow.
 */
export async function hashData(request: TrainingRequest): Promise<string> {
  await requireOutput(request.output, request.dataSet);
  requirePossibleRule(request.rule, request.split);
  if (request.dataHash !== undefined) return request.dataHash;
  request.onPhase?.('Hashing the images');
  return dataSetHash(request.dataSet);
}

/** What is trained. */
interface Trained {
  readonly task: TrainingTask;
  readonly program: TrainingProgram;
  readonly adam: AdamOptions;
  readonly ends?: RunEnds;
}

/** What is estimated rather than trained. */
interface RunEnds {
  /** Tensors that training begins with. */
  readonly start?: NamedTensors;
  /** Tensors that are estimated with the trained weights, for the bundle. */
  readonly finish?: (trainer: TrainerLike) => Promise<NamedTensors>;
}

/** Trains in a worker thread; the outcome is in run.json too. */
export async function train(
  plan: RunPlan,
  run: RunDirectory,
  { task, program, adam, ends = {} }: Trained,
  problems: readonly Problem[],
): Promise<TrainingOutcome> {
  const { request, dataHash, leak } = plan;
  const { seed, device = 'cpu', signal, maxSeconds, checkpointSeconds, onTraining, onWarning } = request;
  await run.record({ device });
  request.onPhase?.('Training');
  const trainer = await WorkerTrainer.create(program, {
    adam,
    seed,
    ...sessionOptions(request),
    ...(ends.start && { start: ends.start }),
  });
  try {
    const loop = await runLoop(task, trainer, run, {
      ...(signal && { signal }),
      ...given({ maxSeconds, checkpointSeconds }),
      ...(onTraining && { onProgress: onTraining }),
      ...(onWarning && { onWarning }),
    });
    await run.record({ state: 'trained', reached: loop, leftOut: problems });
    const more = (await ends.finish?.(trainer)) ?? [];
    return { run, weights: new Map([...(await trainer.weights()), ...more]), loop, dataHash, leak, leftOut: problems };
  } finally {
    await trainer.release();
  }
}
