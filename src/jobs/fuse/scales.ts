/** What a fusion learns from calibration images: the scale of each detector's score, from good ones, and how to combine the two. */

import { calibrationImages, type Split } from '../../data/split.ts';
import {
  type Areas,
  areasOf,
  betterOf,
  betterWeights,
  type Combination,
  type Parts,
} from '../../detectors/fusion/combination.ts';
import { type ScoreForm, type ScoreScale, scaleOf, standardScore } from '../../detectors/fusion/scale.ts';
import { detectors } from '../../detectors/table.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import type { JobEvents } from '../../train/control.ts';
import { scoreImages } from '../judge/scoring.ts';

/** A flow's score is a negative log-likelihood, or grows as one; a U-Net's a probability. */
const forms: Readonly<Record<keyof Parts, ScoreForm>> = { flow: 'raw', unet: 'logit' };

/** Both bundles, opened. */
export interface Opened {
  readonly flow: Inspector;
  readonly unet: Inspector;
}

type Scales = Readonly<Record<keyof Parts, ScoreScale>>;

export interface Measured {
  readonly scales: Scales;
  readonly combination: Combination;
  /** Why this combination, in a sentence. */
  readonly choice: string;
  /** On which images the scales were set, in words. */
  readonly setOn: string;
  /** AUROCs on the same images, the sum's as it is weighed; null where they are of one kind only. */
  readonly areas: Areas | null;
}

/** Two detectors' own scores on the common scale. */
export const partsOf = (flow: number, unet: number, scales: Scales): Parts => ({
  flow: standardScore(flow, scales.flow),
  unet: standardScore(unet, scales.unet),
});

function choiceStatement(combination: Combination, areas: Areas | null, asked: boolean, chosenOn: string): string {
  const what = combination === 'larger' ? 'The larger of the two scores' : 'The sum of the two scores';
  if (asked) return `${what}, as asked for.`;
  if (areas === null) return `${what}; without good and defective images on the ${chosenOn} no AUROC could choose.`;
  return `${what}, by AUROC on the ${chosenOn} (larger ${areas.larger.toFixed(3)}, sum ${areas.sum.toFixed(3)}).`;
}

/** Scores the calibration images by both detectors. Throws DATASET_TOO_SMALL below five good ones. */
export async function measureScales(
  opened: Opened,
  split: Split,
  asked: Combination | undefined,
  events: JobEvents,
): Promise<Measured> {
  const { images, chosenOn } = calibrationImages(split);
  const scoresOf = async (detector: keyof Parts): Promise<Map<string, number>> => {
    events.onPhase?.(`Scoring calibration images by the ${detectors[detector].title}`);
    const { onProgress, onProblem } = events;
    // an image that cannot be read is told of once
    const told = { ...(onProgress && { onProgress }), ...(onProblem && detector === 'flow' && { onProblem }) };
    const { scored } = await scoreImages(opened[detector], images, told);
    return new Map(scored.map(({ image, score }) => [image.name, score]));
  };
  const own = { flow: await scoresOf('flow'), unet: await scoresOf('unet') };
  const read = images.filter(({ name }) => own.flow.has(name) && own.unet.has(name));
  const good = read.filter(({ label }) => label === 'good');
  const scaleFrom = (detector: keyof Parts): ScoreScale =>
    scaleOf(
      good.map(({ name }) => own[detector].get(name)!),
      forms[detector],
    );
  const scales: Scales = { flow: scaleFrom('flow'), unet: scaleFrom('unet') };
  const parts = read.map(({ name }) => partsOf(own.flow.get(name)!, own.unet.get(name)!, scales));
  const defective = read.map(({ label }) => label === 'defective');
  const areas = areasOf(parts, defective);
  const equal = asked ?? betterOf(areas);
  // under the paper's protocol these are the very images that are judged
  const better =
    asked === undefined && split.protocol === 'honest' ? betterWeights(parts, defective, equal) : undefined;
  const choice = choiceStatement(equal, areas, asked !== undefined, chosenOn);
  const weighed = (detector: keyof Parts): ScoreScale =>
    better ? { ...scales[detector], weight: better.weights[detector] } : scales[detector];
  return {
    scales: { flow: weighed('flow'), unet: weighed('unet') },
    combination: better ? 'sum' : equal,
    choice: better
      ? `The sum of the two scores, ${better.weights.title}: AUROC ${better.area.toFixed(3)} on the ${chosenOn}, where both alike have ${areas![equal].toFixed(3)}.`
      : choice,
    areas: better && areas ? { ...areas, sum: better.area } : areas,
    setOn: `median and upper decile of ${good.length} good images, ${chosenOn}`,
  };
}

/** That a detector does better alone, as a sentence; undefined where none does. */
export function betterAlone({ areas, combination }: Measured): string | undefined {
  if (areas === null) return undefined;
  const best = areas.flow >= areas.unet ? 'flow' : 'unet';
  // a detector that is all but alone differs by rounding and ties
  if (areas[best] <= areas[combination] + 0.001) return undefined;
  return (
    `On the calibration images the ${detectors[best].title} alone has an AUROC of ${areas[best].toFixed(3)}, the fusion ${areas[combination].toFixed(3)}: ` +
    'the other detector adds more noise than knowledge, so train it further or leave it out.'
  );
}
