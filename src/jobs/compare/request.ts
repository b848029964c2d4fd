/** What a comparison is asked, and what of it the numbers depend on. */
import { felfriVersion } from '../../core/version.ts';
import type { DataSet } from '../../data/dataset.ts';
import type { Backbone } from '../../detectors/backbones/backbone.ts';
import { onnxruntimeVersion } from '../../engine/runtime/onnxruntime.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { formatThresholdRule } from '../../judge/rules/text.ts';
import type { JobControl } from '../../train/control.ts';
import type { DetectorRequest } from '../train/train-detector.ts';
import type { TrainingRequest } from '../train/training-run.ts';
import type { PlanOptions } from './plan.ts';
import type { OverallProgress } from './progress.ts';

/** A training without what the comparison says for each sequence itself. */
type Budget<R extends TrainingRequest> = Omit<
  R,
  'dataSet' | 'split' | 'output' | 'resume' | 'seed' | 'dataHash' | 'curve' | 'rule' | keyof JobControl
>;

export interface ComparisonRequest extends Omit<JobControl, 'onPhase' | 'onTraining'>, PlanOptions {
  readonly dataSet: DataSet;
  /** Made if absent. */
  readonly output: string;
  readonly flow: Budget<DetectorRequest<'flow'>>;
  readonly unet: Budget<DetectorRequest<'unet'>>;
  /** Batches between two points of the flow's curve. */
  readonly every: number;
  /** Threshold rule of the honest protocol; what the calibration images allow unless told. The paper's is the highest accuracy. */
  readonly rule?: ThresholdRule;
  /** Sequences trained at once. */
  readonly parallel: number;
  /** Threads of each sequence. Left out: its share of `cores`. */
  readonly threads?: number;
  readonly cores: number;
  /** Go on with honest splits that leak; the result says so. */
  readonly allowLeaks?: boolean;
  /** A new part of the comparison begins. */
  readonly onPhase?: (name: string) => void;
  /** A sequence begins something. */
  readonly onSequence?: (line: string) => void;
  readonly onOverall?: (progress: OverallProgress) => void;
}

/** Everything that the numbers depend on, as plain JSON. */
export function settingsOf(request: ComparisonRequest, dataHash: string) {
  const { protocols, sequences, seeds, unetSequences, folds, seed, flow, unet, every, rule, parallel, threads, cores } =
    request;
  const { backbone, cacheDirectory: _, ...flowRest } = flow;
  const { encoder, ...unetRest } = unet;
  const named = ({ name, fingerprint }: Backbone) => ({ name, fingerprint });
  return {
    felfri: felfriVersion,
    onnxruntime: onnxruntimeVersion,
    data: dataHash,
    protocols,
    sequences: sequences ?? 'all',
    ...(seeds !== undefined && { seeds }),
    unetSequences: unetSequences ?? 'all',
    folds,
    seed,
    flow: { ...flowRest, backbone: named(backbone) },
    unet: { ...unetRest, ...(encoder && { encoder: named(encoder) }) },
    curveEvery: every,
    rule: rule ? formatThresholdRule(rule) : 'by what the calibration images allow',
    // weights differ in their last digits with it: sums of floating-point numbers are taken in another order
    threads: threads ?? Math.max(1, Math.floor(cores / parallel)),
  };
}

export type ComparisonSettings = ReturnType<typeof settingsOf>;
