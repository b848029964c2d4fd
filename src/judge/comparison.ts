/** The paper's experiment on one data set, as plain JSON: what was trained, on which protocol, and every number reached. */
import type { Evaluation } from './evaluation.ts';
import type { Interval } from './intervals.ts';
import type { PixelEvaluation } from './pixels.ts';

/** AUC-ROC of the judged images after some batches of training; a point of Figure 1. */
export interface CurvePoint {
  /** Training steps (batches) done. */
  readonly step: number;
  readonly auroc: number;
}

/** One training of one detector, judged. */
export interface Sequence {
  /** Such as 'fold 0 of 5' or 'seed 3'. */
  readonly name: string;
  /** The bundle's folder, relative to the comparison's. */
  readonly bundle: string;
  /** Judged with the threshold of the protocol: calibration part (honest) or evaluation set (paper). */
  readonly evaluation: Evaluation;
  /** The same scores judged with the threshold of highest accuracy on the judged images themselves (the paper's way); equal to `evaluation` in a paper protocol. */
  readonly paperEvaluation: Evaluation;
  /** Null without masks. */
  readonly pixels: PixelEvaluation | null;
  /** Empty for a U-Net and a fusion. */
  readonly curve: readonly CurvePoint[];
  readonly trainingSeconds: number | null;
  /** Median from decoded pixels to decision and map of one image. */
  readonly inspectionMilliseconds: number | null;
  /** SHA-256 of model.onnx. */
  readonly model: string;
}

/** What a comparison trains, and `fusion`, a U-Net and a flow of one split in one verdict. */
export type ComparedDetector = 'flow' | 'U-Net' | 'fusion';

/** A sequence that ended with an error, and so has no figures. */
export interface FailedSequence {
  readonly detector: ComparedDetector;
  readonly name: string;
  /** A code of docs/errors.md, or 'UNEXPECTED'. */
  readonly code: string;
  readonly message: string;
}

/** All sequences of one protocol; sequences of one name are judged on the same images, whichever the detector. */
export interface ProtocolResult {
  readonly protocol: 'honest' | 'paper';
  /** Such as 'five folds by part group' or 'published split, five seeds'. */
  readonly split: string;
  /** What to know before believing it, in sentences (of the split, of the leak check). */
  readonly notes: readonly string[];
  /** One sentence of the leak check's verdict on each sequence's split, or why it was not made. */
  readonly leak: readonly string[];
  readonly flow: readonly Sequence[];
  readonly unet: readonly Sequence[];
  /** Empty under the paper's protocol, which has no calibration set to join the two by. */
  readonly fusion: readonly Sequence[];
  /** Why there is no U-Net, where there is none. */
  readonly unetNotApplicable: string | null;
  readonly failed: readonly FailedSequence[];
  /** 95 % interval of the mean AUC-ROC over the sequences, by part group (see `bootstrapMeanAuroc`); null when there are too few groups. */
  readonly meanAuroc: Readonly<Record<'flow' | 'unet' | 'fusion', Interval | null>>;
}

export interface Comparison {
  readonly schema: 1;
  readonly created: string;
  readonly dataSet: { readonly name: string; readonly hash: string; readonly recognised: readonly string[] };
  /** The command's settings, as JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly protocols: readonly ProtocolResult[];
  readonly software: Readonly<Record<string, string>>;
}
