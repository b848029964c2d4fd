/** What a bundle says of itself, held against the scores of single images beside it: figures that do not follow from them are not believed. */
import { join } from 'node:path';
import { refusal } from '../../bundle/content.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { auroc } from '../../core/auroc.ts';
import { isThere } from '../../core/files.ts';
import { type Static, Type, Value } from '../../core/schema.ts';
import { isCalled } from '../../judge/decision-counts.ts';
import { confusion } from '../../judge/metrics.ts';
import { isOfPicture } from '../../judge/verdict.ts';
import { decisionOf, readStoredScores, type StoredScores, scoresFile } from './stored-scores.ts';

const Rate = Type.Object({ value: Type.Number(), count: Type.Integer(), total: Type.Integer() });

/** What can be computed again from scores and labels. */
const Claimed = Type.Object({
  good: Type.Integer(),
  defective: Type.Integer(),
  threshold: Type.Number(),
  auroc: Type.Object({ value: Type.Number() }),
  recall: Rate,
  falseAlarmRate: Rate,
});

const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9;

function recomputed({ images }: StoredScores, threshold: number): Static<typeof Claimed> {
  const scores = images.map(({ score }) => score);
  const labels = images.map(({ label }) => (label === 'defective' ? 1 : 0));
  const ofPicture = images.map(({ picture }) => picture !== undefined);
  const called = scores.map((_, i) => (isCalled({ labels, scores, ofPicture }, i, threshold) ? 1 : 0));
  const { tp, fp, fn, tn } = confusion(labels, called, 1);
  return {
    good: fp + tn,
    defective: tp + fn,
    threshold,
    auroc: { value: auroc(scores, labels) },
    recall: { value: tp / (tp + fn), count: tp, total: tp + fn },
    falseAlarmRate: { value: fp / (fp + tn), count: fp, total: fp + tn },
  };
}

async function storedScores(bundle: string, side: 'test' | 'calibration'): Promise<StoredScores | undefined> {
  return (await isThere(join(bundle, scoresFile(side)))) ? readStoredScores(bundle, side) : undefined;
}

/**
 * Whether the figures of a bundle's evaluation were computed again from the scores of its test images; without such scores they are what the
 * bundle says of itself. Throws BUNDLE_INVALID where scores and figures contradict each other, or scores are of another model.
 */
export async function requireHonestFigures(bundle: string, { files, evaluation }: BundleManifest): Promise<boolean> {
  const test = await storedScores(bundle, 'test');
  for (const [side, scores] of [
    ['test', test],
    ['calibration', await storedScores(bundle, 'calibration')],
  ] as const) {
    if (!scores) continue;
    const { model, threshold, review, images } = scores;
    if (model !== files['model.onnx'])
      throw refusal(bundle, `${scoresFile(side)} holds scores of another model; run felfri evaluate again`);
    const odd = images.find(({ picture }) => picture !== undefined && !isOfPicture(picture));
    if (odd) throw refusal(bundle, `${scoresFile(side)}: ${odd.name} is for REVIEW by no reason of a picture`);
    const wrong = images.find((image) => image.decision !== decisionOf(image, threshold, review));
    if (wrong)
      throw refusal(
        bundle,
        `${scoresFile(side)}: ${wrong.name} is ${wrong.decision} with score ${wrong.score}, which the threshold ${threshold} makes ${decisionOf(wrong, threshold, review)}; run felfri evaluate again`,
      );
  }
  if (!test || !Value.Check(Claimed, evaluation)) return false;
  const found = recomputed(test, evaluation.threshold);
  const pairs: [what: string, claimed: number, found: number][] = [
    ['good images', evaluation.good, found.good],
    ['defective images', evaluation.defective, found.defective],
    ['AUROC', evaluation.auroc.value, found.auroc.value],
    ['recall', evaluation.recall.value, found.recall.value],
    ['false-alarm rate', evaluation.falseAlarmRate.value, found.falseAlarmRate.value],
    ['found defects', evaluation.recall.count, found.recall.count],
    ['false alarms', evaluation.falseAlarmRate.count, found.falseAlarmRate.count],
  ];
  for (const [what, claimed, own] of pairs)
    if (!same(claimed, own))
      throw refusal(
        bundle,
        `bundle.json says ${what} ${claimed}, the scores of its test images give ${own}; run felfri evaluate again`,
      );
  return true;
}
