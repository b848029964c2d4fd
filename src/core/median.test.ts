import { expect, it } from 'vitest';
import { upperMedian } from './median.ts';

it.each([
  [[], undefined],
  [[3], 3],
  [[10, 9, 1], 9],
  [[4, 1, 3, 2], 3],
])('of %j is %s', (values, middle) => {
  expect(upperMedian(values)).toBe(middle);
});
