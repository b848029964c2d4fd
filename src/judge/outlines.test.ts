import { expect, test } from 'vitest';
import { OutlineMetrics } from './outlines.ts';

test('counts outlines on the defects that were found, and on good images', () => {
  const metrics = new OutlineMetrics(2);
  // found: half of the defect inside, and a pixel beside it
  metrics.add([3, 2, 0, 0, 5], [1, 0, 1, 0, 0], 4);
  // found, but the outline lies elsewhere
  metrics.add([0, 0, 2], [1, 1, 0], 2);
  // missed: of no account for the outlines on what was found
  metrics.add([0, 1.9, 0], [0, 1, 0], 1.9);
  metrics.add([0, 1, 1.99], [0, 0, 0], 1);
  metrics.add([0, 2, 0], [0, 0, 0], 1);
  expect(metrics.result()).toEqual({
    found: 2,
    touched: 1,
    inside: 0.25,
    good: 2,
    outlinedGood: 1,
    dice: (2 * 1) / (5 + 5),
  });
});

test('has no share where nothing was found and no Dice without a mask', () => {
  const metrics = new OutlineMetrics(1);
  metrics.add([0], [0], 0);
  expect(metrics.result()).toMatchObject({ found: 0, inside: null, dice: null, good: 1, outlinedGood: 0 });
});
