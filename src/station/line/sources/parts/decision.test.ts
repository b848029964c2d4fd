/** The decision on a part, from its views: OK only where all are there and OK. */
import { expect, it } from 'vitest';
import type { Decision } from '../../../../judge/decision.ts';
import { decidePart } from './decision.ts';

const view = (decision: Decision, score = 1, view = 'top') => ({
  view,
  inspection: { decision, score, threshold: 3, reason: null },
});

it.each([
  [['OK', 'OK'], [], 1, 'OK'],
  [['OK', 'NG'], [], 1, 'NG'],
  [['OK', 'REVIEW'], [], 1, 'REVIEW'],
  [['OK'], ['side missing'], 1, 'REVIEW'],
  [['NG'], ['side missing'], 1, 'NG'],
  [['OK', 'OK'], ['side twice'], 1, 'REVIEW'],
  [['OK', 'NG', 'OK'], [], 2, 'REVIEW'],
  [['NG', 'NG', 'OK'], [], 2, 'NG'],
  [['NG'], ['side missing', 'back missing'], 2, 'REVIEW'],
] as const)('%j with %j, NG from %i: %s', (decisions, faults, ngViews, decision) => {
  expect(decidePart(decisions.map((one) => view(one)), faults, ngViews).decision).toBe(decision); // biome-ignore format: one line
});

it('is OK in no combination with a view that is missing, doubled or not OK', () => {
  const each = ['OK', 'REVIEW', 'NG'] as const;
  for (const a of each)
    for (const b of each)
      for (const faults of [[], ['x missing']])
        for (const ngViews of [1, 2, 3]) {
          const isOk = decidePart([view(a), view(b)], faults, ngViews).decision === 'OK';
          expect(isOk).toBe(a === 'OK' && b === 'OK' && faults.length === 0);
        }
});

it('stands for the part by the view that is nearest to NG, and names all', () => {
  const found = decidePart(
    [view('OK', 1, 'top'), view('OK', 2.5, 'side'), view('OK', 2, 'back')],
    ['inner missing'],
    1,
  );
  expect(found).toEqual({ decision: 'REVIEW', worst: 1, reason: 'views: top OK, side OK, back OK, inner missing' });
});
