/** What a report is made from: plain JSON, so that a run can be reported again later without its images or models. */
import type { Evaluation } from '../evaluation.ts';
import type { PixelEvaluation } from '../pixels.ts';

/** One image shown with what the detector saw in it. */
export interface ExampleMap {
  /** `hit`: defective and called so; `miss`: defective but passed; `false alarm`: good but called defective. */
  readonly kind: 'hit' | 'miss' | 'false alarm';
  /** Such as the file name. */
  readonly name: string;
  /** True class, such as `good` or `blowhole`. */
  readonly label: string;
  readonly score: number;
  readonly decision: 'OK' | 'REVIEW' | 'NG';
  /** The image as a data URI (PNG, JPEG or WebP, base64). */
  readonly image: string;
  /** The score map over the image, likewise and of the same shape. */
  readonly map: string;
}

export interface DetectorReport {
  readonly evaluation: Evaluation;
  /** 1 for defective, 0 for good, one per image that `evaluation` judged. */
  readonly labels: readonly number[];
  /** Larger is worse, one per label. */
  readonly scores: readonly number[];
  /** Part group of each image; they tell how sure a difference between two detectors is. */
  readonly partGroups: readonly string[];
  /** Figures by pixel; null without masks. */
  readonly pixels: PixelEvaluation | null;
  /** What the threshold promises: `ChosenThreshold.statement`. */
  readonly thresholdStatement: string | null;
  /** Wall-clock seconds of training; null when not measured. */
  readonly trainingSeconds: number | null;
  /** Wall-clock milliseconds from pixels to decision of one image; null when not measured. */
  readonly inspectionMilliseconds: number | null;
  /** Shown by kind, misses from the lowest score, the others from the highest. */
  readonly examples: readonly ExampleMap[];
}

export interface ReportInput {
  readonly title: string;
  /** When the run ended, ISO 8601. */
  readonly created: string;
  readonly dataSet: {
    readonly name: string;
    /** What was recognised in the data, one sentence each. */
    readonly recognised: readonly string[];
    /** How it was split, one sentence each. */
    readonly split: readonly string[];
    /** The leak check's verdict on the split, one sentence each; empty when it was not made. */
    readonly leak: readonly string[];
  };
  /** At least one; all judged on the same images. */
  readonly detectors: readonly DetectorReport[];
  /** Versions of software and machine, in order of display. */
  readonly versions: readonly { readonly name: string; readonly value: string }[];
  /** SHA-256 of data, models and configurations, in order of display. */
  readonly hashes: readonly { readonly name: string; readonly value: string }[];
}
