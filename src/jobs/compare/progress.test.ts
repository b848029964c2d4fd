/** The time left of a comparison, by a clock that the test moves. */
import { expect, it } from 'vitest';
import type { TrainingProgress } from '../../train/training-task.ts';
import type { PlannedSequence } from './plan.ts';
import { ComparisonProgress } from './progress.ts';

const split = { name: '', protocol: 'honest', train: [], calibration: [], test: [], notes: [] } as const;
const planned = (detector: PlannedSequence['detector'], k: number): PlannedSequence => {
  const round = { protocol: 'honest', name: `fold ${k} of 2`, folder: '', split, seed: 0 } as const;
  return detector === 'fusion' ? { ...round, detector, parts: { flow: '', unet: '' } } : { ...round, detector };
};
const training = (done: number, secondsLeft: number): TrainingProgress => ({
  epoch: 1,
  epochs: 4,
  done,
  total: 10,
  loss: 0,
  learningRate: 0,
  secondsLeft,
  judged: {},
});

it('expects of each sequence what its detector took before', () => {
  const all = [planned('flow', 0), planned('U-Net', 0), planned('flow', 1), planned('U-Net', 1)] as const;
  let now = 0;
  const progress = new ComparisonProgress(
    all,
    1,
    () => {},
    () => now,
  );
  expect(progress.state()).toMatchObject({ done: 0, total: 4, secondsLeft: Number.POSITIVE_INFINITY });
  progress.begin(all[0]);
  now = 5;
  progress.training(all[0], training(5, 5));
  // this one 5 s, each other 10 s as far as is known
  expect(progress.state()).toMatchObject({ done: 0.45, secondsLeft: 35, text: 'honest flow, fold 0 of 2: epoch 2/4' });
  now = 10;
  progress.end(all[0], false);
  progress.begin(all[1]);
  now = 40;
  progress.end(all[1], false);
  expect(progress.state()).toMatchObject({ done: 2, secondsLeft: 10 + 30 });
  progress.begin(all[2]);
  progress.end(all[2], true);
  expect(progress.state()).toMatchObject({ done: 3, secondsLeft: 30 });
});

it('shares the time among the sequences that run side by side', () => {
  const all = [planned('flow', 0), planned('flow', 1)] as const;
  const progress = new ComparisonProgress(
    all,
    2,
    () => {},
    () => 0,
  );
  for (const each of all) {
    progress.begin(each);
    progress.training(each, training(1, 20));
  }
  expect(progress.state()).toMatchObject({ done: 0.18, secondsLeft: 20 });
});
