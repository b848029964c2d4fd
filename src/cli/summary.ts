/** A judged bundle as text for the terminal. */

import type { JudgedBundle } from '../jobs/evaluate.ts';
import { formatEvaluations } from '../judge/evaluation-table.ts';

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
  } else {
    lines.push(
      'The test images are of one kind only, so nothing can be judged; add good and defective images for figures.',
    );
  }
  if (pixels)
    lines.push(
      `Pixels: Dice ${pixels.dice.toFixed(3)} at 0.5 (mean over images ${pixels.meanDice.toFixed(3)}), AUROC ${pixels.auroc.toFixed(3)}.`,
    );
  lines.push(`Judged on: ${data.split}, ${data.images.test} images.`);
  if (threshold)
    lines.push(
      `Threshold ${threshold.value.toPrecision(6)} by rule ${threshold.rule} on the ${threshold.chosenOn}. ${threshold.statement}`,
    );
  if (inspectionMilliseconds !== null)
    lines.push(`One image takes ${inspectionMilliseconds.toFixed(0)} ms from pixels to decision.`);
  lines.push(`Bundle: ${bundle}`);
  return lines.join('\n');
}

/** The same as JSON, without single scores. */
export function summaryJson({ bundle, manifest, evaluation, pixels, inspectionMilliseconds }: JudgedBundle): object {
  return {
    bundle,
    threshold: manifest.threshold,
    evaluation,
    pixels,
    inspectionMilliseconds,
    data: manifest.data,
    training: manifest.training,
  };
}
