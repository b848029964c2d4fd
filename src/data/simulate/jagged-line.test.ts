import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { drawJaggedLine, nearestOnLine } from './jagged-line.ts';

const form = { length: 40, angle: 0.7, piece: 4, jag: 1 };

test('the nearest point is no further than any point of the line, and the nodes are on it', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: -30, max: 30, noNaN: true }),
      fc.double({ min: -30, max: 30, noNaN: true }),
      (seed, x, y) => {
        const line = drawJaggedLine(Random.of(seed), form);
        const { distance, along, left } = nearestOnLine(line, x, y);
        expect(along).toBeGreaterThanOrEqual(0);
        expect(along).toBeLessThanOrEqual(1);
        expect(Math.abs(left)).toBeLessThanOrEqual(distance + 1e-9);
        for (const [i, nodeX] of line.x.entries()) {
          expect(distance).toBeLessThanOrEqual(Math.hypot(x - nodeX, y - line.y[i]!) + 1e-9);
          expect(nearestOnLine(line, nodeX, line.y[i]!).distance).toBeCloseTo(0, 9);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('has the length that was asked for', () => {
  const { x, y } = drawJaggedLine(Random.of(3), form);
  let length = 0;
  for (let i = 1; i < x.length; i++) length += Math.hypot(x[i]! - x[i - 1]!, y[i]! - y[i - 1]!);
  expect(length).toBeCloseTo(40, 3);
});
