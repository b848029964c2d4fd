/** How a detector learns: what its folder says in `learning.ts`, and what every training does with it (jobs/train-detector.ts). */
import type { Given, OptionRows, PresetName, Settled } from '../core/options.ts';
import type { NamedTensors } from '../core/tensor.ts';
import type { Intake } from '../data/image/intake.ts';
import type { Problem } from '../data/listing.ts';
import type { PartImage } from '../data/part-image.ts';
import type { Regions } from '../data/regions/schema.ts';
import type { Split } from '../data/split.ts';
import type { AdamOptions } from '../engine/training/adam-rule.ts';
import type { TrainingProgram } from '../engine/training/program.ts';
import type { TrainerLike } from '../engine/training/trainer.ts';
import type { Canvas } from '../train/canvas.ts';
import type { JobControl } from '../train/control.ts';
import type { TrainingTask } from '../train/training-task.ts';
import type { Backbone } from './backbones/backbone.ts';
import type { InspectionBuilder } from './detector.ts';

/** Of what images a detector learns: good ones alone, or those with masks too. */
type LearnsFrom = 'good' | 'masks';

/** What of a training's request a detector looks at, beside its own settings. */
export interface LearningRequest extends JobControl {
  readonly split: Split;
  readonly seed: number;
}

/** What all detectors' settings hold. */
export interface Budget {
  /** Times that every image is seen. */
  readonly epochs: number;
  /** Images or patches a step. */
  readonly batch: number;
  readonly learningRate: number;
}

export interface LearningData {
  /** The images that are learned from. */
  readonly images: readonly PartImage[];
  /** How pixels are taken from files; as 8 bits where undefined. */
  readonly intake: Intake | undefined;
  /** Where the pictures are judged, and where not; everywhere where undefined. */
  readonly regions: Regions | undefined;
}

/** What is read and estimated before the first step. */
export interface LearningTask {
  readonly task: TrainingTask;
  /** Images that are not learned from. */
  readonly problems: readonly Problem[];
  /** Tensors that training begins with. */
  readonly start?: NamedTensors;
  /** Tensors that are estimated with the trained weights, for the bundle. */
  readonly finish?: (trainer: TrainerLike) => Promise<NamedTensors>;
}

/** One training, planned: nothing slow is done yet, and nothing is written. */
export interface Learning {
  readonly canvas: Canvas;
  /** What determines the numbers beside data, split, seed, batch and learning rate; JSON. A run is resumed with equal ones alone. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the bundle states beside these. */
  readonly bundled?: Readonly<Record<string, unknown>>;
  readonly backbone: Backbone | null;
  readonly adam: AdamOptions;
  readonly compile: () => TrainingProgram;
  /** Frees what planning opened. */
  readonly read: () => Promise<LearningTask>;
  /** Frees it where nothing is read. */
  readonly release?: () => Promise<void>;
  readonly inspection: InspectionBuilder;
  /** As the bundle states it (bundle/schema.ts). */
  readonly mapUnit?: 'score';
}

/** A detector's way to learn; `Rows` are its options, `Settings` is what a training takes. */
export interface Learner<Rows extends OptionRows, Settings extends Budget> {
  /** The settings that the options ask for. Throws OPTION_INVALID, and what opening a backbone throws. */
  readonly settings: (settled: Settled<Rows>, given: Given<Rows>, preset: PresetName) => Promise<Settings>;
  readonly learnsFrom: (settings: Settings) => LearnsFrom;
  readonly plan: (request: LearningRequest & Settings, data: LearningData) => Promise<Learning>;
}
