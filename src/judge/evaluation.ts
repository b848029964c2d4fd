/** The evaluation of one detector at image level: every figure that a table or a bundle shows, as plain JSON. */
import { auroc } from '../core/auroc.ts';
import { FelfriError } from '../core/errors.ts';
import { isCalled, judgeDecisions, type Proportion, proportion, type ThreeWayEvaluation } from './decision-counts.ts';
import { bootstrapAuroc, type Interval } from './intervals.ts';
import { averagePrecision, type Confusion, confusion, f1 } from './metrics.ts';
import { type GroupedRate, rateByPartGroup } from './part-groups.ts';

export type { Proportion } from './decision-counts.ts';

/** Where a threshold came from. Tables print these very words. */
export type ChosenOn =
  | 'calibration'
  | 'the evaluation set itself (paper protocol)'
  /** Such as the paper's 0.5 for the U-Net: no image was asked. */
  | 'fixed beforehand';

interface ClassEvaluation {
  readonly name: string;
  /** Images of this class. */
  readonly count: number;
  readonly recall: Proportion;
  /** This class alone against all good images. */
  readonly auroc: number;
}

export interface Evaluation {
  readonly detector: string;
  readonly good: number;
  readonly defective: number;
  readonly partGroups: number;
  /** The interval is by part group (see `bootstrapAuroc`); null when there are too few groups. */
  readonly auroc: { readonly value: number; readonly interval: Interval | null };
  readonly averagePrecision: number;
  readonly threshold: number;
  readonly chosenOn: ChosenOn;
  readonly precision: Proportion;
  readonly recall: Proportion;
  readonly f1: number;
  readonly accuracy: Proportion;
  readonly falseAlarmRate: Proportion;
  readonly confusion: Confusion;
  /** The same two rates with the images of one part group taken together. */
  readonly byPartGroup: { readonly recall: GroupedRate | null; readonly falseAlarmRate: GroupedRate | null };
  /** OK, REVIEW and NG; null without a review threshold and without pictures for REVIEW. */
  readonly threeWay: ThreeWayEvaluation | null;
  /** Defect classes in order of name. */
  readonly classes: readonly ClassEvaluation[];
  /** AUROC of plain mean brightness on the same images; null when the caller did not measure it. */
  readonly brightnessAuroc: number | null;
  /** Of all intervals. */
  readonly confidence: number;
  readonly seed: number;
}

export interface EvaluationInput {
  readonly detector: string;
  /** 1 for defective, 0 for good, one per image. */
  readonly labels: ArrayLike<number>;
  /** Larger is worse, one per image. */
  readonly scores: ArrayLike<number>;
  /** Class of each image, such as `good` or `blowhole`; the names of good images are not looked at. */
  readonly classNames: readonly string[];
  /** Part group of each image. */
  readonly partGroups: readonly (string | number)[];
  readonly threshold: number;
  readonly chosenOn: ChosenOn;
  /** The second, lower threshold from which an image is for REVIEW; not above `threshold`. */
  readonly review?: number | null;
  /**
   * Which images are for REVIEW by their picture, whatever their score (verdict.ts); none unless told. No threshold calls them, so they count as
   * neither found nor false alarm. Areas and average precision go by scores alone.
   */
  readonly ofPicture?: readonly boolean[];
  readonly brightnessAuroc?: number | null;
  /** Seed of the bootstrap, default 0. */
  readonly seed?: number;
  /** Of every interval, default 0.95. */
  readonly confidence?: number;
}

/** Each class of defect against all good images, in the order of their names. */
function judgeClasses(
  images: readonly { score: number; label: number; name: string; called: boolean }[],
  confidence: number,
): ClassEvaluation[] {
  const goodScores = images.filter(({ label }) => label === 0).map(({ score }) => score);
  const names = [...new Set(images.filter(({ label }) => label === 1).map(({ name }) => name))].sort();
  return names.map((name) => {
    const found = images.filter((image) => image.label === 1 && image.name === name);
    const own = found.map(({ score }) => score);
    return {
      name,
      count: own.length,
      recall: proportion(found.filter((image) => image.called).length, own.length, confidence),
      auroc: auroc([...goodScores, ...own], [...goodScores.map(() => 0), ...own.map(() => 1)]),
    };
  });
}

/** Judges a detector's scores. Throws SCORES_INVALID as the metrics do, and when a list differs in length; OPTION_INVALID unless review <= threshold. */
export function evaluate(input: EvaluationInput): Evaluation {
  const { detector, labels, scores, classNames, partGroups, threshold, seed = 0, confidence = 0.95 } = input;
  if (classNames.length !== scores.length) {
    throw new FelfriError(
      'SCORES_INVALID',
      `got ${classNames.length} class names for ${scores.length} scores; give one class per score`,
    );
  }
  // 1 for NG
  const called = Array.from(scores, (_, i) => (isCalled(input, i, threshold) ? 1 : 0));
  const counts = confusion(labels, called, 1);
  const area = auroc(scores, labels);
  const { tp, fp, fn, tn } = counts;
  const images = Array.from(scores, (score, i) => ({
    score,
    label: labels[i]!,
    name: classNames[i]!,
    called: called[i] === 1,
  }));
  const calledOf = (label: number) =>
    images.flatMap((image, i) => (image.label === label ? [{ partGroup: partGroups[i]!, called: image.called }] : []));
  return {
    detector,
    good: fp + tn,
    defective: tp + fn,
    partGroups: new Set(partGroups).size,
    auroc: { value: area, interval: bootstrapAuroc({ labels, scores }, { partGroups, seed, confidence }) },
    averagePrecision: averagePrecision(labels, scores),
    threshold,
    chosenOn: input.chosenOn,
    precision: proportion(tp, tp + fp, confidence),
    recall: proportion(tp, tp + fn, confidence),
    f1: f1(counts),
    accuracy: proportion(tp + tn, tp + fp + fn + tn, confidence),
    falseAlarmRate: proportion(fp, fp + tn, confidence),
    confusion: counts,
    byPartGroup: {
      recall: rateByPartGroup(calledOf(1), { seed, confidence }),
      falseAlarmRate: rateByPartGroup(calledOf(0), { seed, confidence }),
    },
    threeWay:
      input.review == null && !input.ofPicture?.includes(true)
        ? null
        : judgeDecisions(input, threshold, input.review ?? null, confidence),
    classes: judgeClasses(images, confidence),
    brightnessAuroc: input.brightnessAuroc ?? null,
    confidence,
    seed,
  };
}
