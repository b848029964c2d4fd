/** The curves of a training run out of its metrics, thin enough to be drawn. */
import type { MetricsLine } from '../../train/run-directory.ts';
import type { TrainingCurve } from '../contract/training.ts';

const POINTS = 300;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

export function curveOf(lines: readonly MetricsLine[]): TrainingCurve {
  const losses: number[] = [];
  const epochs: TrainingCurve['epochs'] = [];
  for (const line of lines) {
    if (line.kind === 'step') losses.push(Number(line['loss']));
    if (line.kind !== 'epoch') continue;
    const auroc = line['auroc'];
    epochs.push({
      epoch: line.epoch + 1,
      step: losses.length,
      loss: Number(line['loss']),
      auroc: typeof auroc === 'number' ? auroc : null,
    });
  }
  const width = Math.max(1, Math.ceil(losses.length / POINTS));
  const thinned: TrainingCurve['losses'] = [];
  for (let from = 0; from < losses.length; from += width) {
    const some = losses.slice(from, from + width);
    thinned.push({ step: from + some.length, loss: mean(some) });
  }
  return { losses: thinned, epochs };
}
