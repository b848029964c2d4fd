/** A judged bundle as text for the terminal. */

import type { BundleManifest, BundleThreshold } from '../bundle/schema.ts';
import { imagesOf } from '../data/problems-text.ts';
import type { JudgedBundle } from '../jobs/judge/evaluate.ts';
import type { Proportion } from '../judge/decision-counts.ts';
import type { Evaluation } from '../judge/evaluation.ts';
import { formatEvaluations, formatScore } from '../judge/evaluation-table.ts';
import type { Interval } from '../judge/intervals.ts';
import type { OutlineEvaluation } from '../judge/outlines.ts';
import type { GroupedRate } from '../judge/part-groups.ts';
import type { PixelEvaluation } from '../judge/pixels.ts';
import { recallProof } from '../judge/proof-text.ts';

const range = (interval: Interval): string => `[${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;

function proportion({ count, total, value, interval }: Proportion): string {
  return `${count} of ${total}${value === null ? '' : ` (${value.toFixed(3)} ${range(interval!)})`}`;
}

/** A bundle's threshold, and the one for REVIEW where it has one, with their promises. */
export function thresholdText({ value, rule, statement, chosenOn, review }: BundleThreshold): string {
  const lines = [`Threshold ${value.toPrecision(6)} by rule ${rule} on the ${chosenOn}. ${statement}`];
  if (review) lines.push(`REVIEW from ${review.value.toPrecision(6)} by rule ${review.rule}. ${review.statement}`);
  return lines.join('\n');
}

function decisionLines({ threeWay }: Evaluation): string[] {
  if (threeWay === null) return [];
  const { good, defective, pictures = 0, reviewLoad, reviewLoadOfGood, recall } = threeWay;
  return [
    `Decisions: of the good images ${good.ok} OK, ${good.review} REVIEW, ${good.ng} NG; of the defective ones ${defective.ok} OK, ${defective.review} REVIEW, ${defective.ng} NG.`,
    ...(pictures > 0 ? [`Of those for REVIEW ${pictures} are so by their picture, whatever their score.`] : []),
    `A person sees ${proportion(reviewLoad)} of the images, ${proportion(reviewLoadOfGood)} of the good ones; NG or REVIEW are ${proportion(recall)} of the defective ones.`,
  ];
}

/** The rates by part group, where parts have several images; else they say nothing new. */
function partGroupLines({ byPartGroup, recall, falseAlarmRate }: Evaluation): string[] {
  const line = (name: string, rate: GroupedRate | null, images: number): string[] => {
    if (rate === null || rate.partGroups === images) return [];
    const effect = rate.designEffect === null ? '' : `, design effect ${rate.designEffect.toFixed(1)}`;
    const few = rate.method === 'bootstrap' && rate.partGroups < 20 ? '; so few parts make it too narrow' : '';
    return [
      `${name} by part group: ${range(rate.interval)} (${rate.partGroups} parts, ${rate.method}${effect}${few}).`,
    ];
  };
  return [
    ...line('Recall', byPartGroup.recall, recall.total),
    ...line('False-alarm rate', byPartGroup.falseAlarmRate, falseAlarmRate.total),
  ];
}

function pixelLine({ auroc, aupro, regions, dice, meanDice, threshold, chosenOn }: PixelEvaluation): string {
  const at = `${formatScore(threshold)}, ${chosenOn === 'fixed beforehand' ? chosenOn : `chosen on the ${chosenOn}`}`;
  return `Pixels: AUROC ${auroc.toFixed(3)}, AUPRO ${aupro.toFixed(3)} (${regions} defect regions, up to 30 % false positives), Dice ${dice.toFixed(3)} at ${at} (mean over images ${meanDice.toFixed(3)}).`;
}

function outlineLine({ found, touched, inside, good, outlinedGood, dice }: OutlineEvaluation): string {
  const share = (value: number | null): string => (value === null ? 'none' : value.toFixed(3));
  return `Outlines of the heat maps: touch the defect in ${touched} of ${found} masked images that were found and hold ${share(inside)} of its pixels there; lie on ${outlinedGood} of ${good} good images; Dice ${share(dice)}.`;
}

function intakeLine({ sample, range, bands, raw }: NonNullable<BundleManifest['pixels']>): string {
  const of =
    bands === 'mean'
      ? ' of the mean of all bands'
      : bands
        ? ` of ${bands.length === 1 ? 'band' : 'bands'} ${bands.join(', ')}`
        : '';
  return `Pixel values (${sample})${of}: ${range.low} is black, ${range.high} white.${raw === undefined ? '' : ` Raw frames are ${raw}.`}`;
}

/** What was chosen on calibration images, and why. */
const choicesOf = ({ settings: { choices } }: BundleManifest): string[] =>
  Array.isArray(choices) ? choices.filter((choice) => typeof choice === 'string') : [];

/** How much was left out; each was named when it was met. */
function leftOutLines({ leftOut }: JudgedBundle): string[] {
  const count = (masks: boolean): number =>
    new Set(leftOut.filter(({ pixelsOnly = false }) => pixelsOnly === masks).flatMap(imagesOf)).size;
  const [images, masks] = [count(false), count(true)];
  return [
    ...(images > 0 ? [`Left out: ${images} images of the data set, as told above; --json names all.`] : []),
    ...(masks > 0 ? [`Not used: the masks of ${masks} images, as told above; the images themselves count.`] : []),
  ];
}

export function summarise(judged: JudgedBundle): string {
  const { bundle, manifest, evaluation, pixels, inspectionMilliseconds } = judged;
  const { threshold, data } = manifest;
  const lines: string[] = [];
  if (evaluation) {
    lines.push(formatEvaluations([evaluation]), '');
    const { tp, fp, fn, tn } = evaluation.confusion;
    lines.push(`Confusion matrix: ${tp} defective found, ${fn} missed, ${fp} false alarms, ${tn} good passed.`);
    for (const { name, count, recall, auroc } of evaluation.classes) {
      lines.push(`  ${name}: found ${recall.count} of ${count}, AUROC ${auroc.toFixed(3)}`);
    }
    lines.push(...decisionLines(evaluation), ...partGroupLines(evaluation), recallProof(evaluation));
  } else {
    lines.push(
      judged.missing === null
        ? 'The test images are of one kind only, so nothing can be judged; add good and defective images for figures.'
        : `Nothing can be judged: ${judged.missing}.`,
    );
  }
  if (pixels) lines.push(pixelLine(pixels));
  if (pixels?.outlines) lines.push(outlineLine(pixels.outlines));
  if (manifest.pixels) lines.push(intakeLine(manifest.pixels));
  lines.push(...choicesOf(manifest));
  lines.push(`Judged on: ${data.split}, ${judged.scored.length} images.`, ...leftOutLines(judged));
  if (judged.leak) lines.push(judged.leak.statement);
  if (threshold) lines.push(thresholdText(threshold));
  if (inspectionMilliseconds !== null)
    lines.push(`One image takes ${inspectionMilliseconds.toFixed(0)} ms from pixels to decision.`);
  lines.push(`Bundle: ${bundle}`);
  return lines.join('\n');
}

/** The same as JSON, without single scores. */
export function summaryJson({
  bundle,
  manifest,
  evaluation,
  pixels,
  leak,
  leftOut,
  inspectionMilliseconds,
}: JudgedBundle): object {
  return {
    bundle,
    threshold: manifest.threshold,
    choices: choicesOf(manifest),
    evaluation,
    pixels,
    leak,
    leftOut,
    inspectionMilliseconds,
    data: manifest.data,
    training: manifest.training,
  };
}
