import { describe, expect, it } from 'vitest';
import { chooseWeighting, usualWeights } from './weighting.ts';

const names = ['flow', 'place', 'whole'] as const;
const of = 'calibration part';
const many = (n: number, views: readonly number[]): number[][] =>
  Array.from({ length: n }, (_, i) => views.map((v) => v + i / 1e3));

/** Good images that flow and whole find odd by turns, and defective ones that the places alone find. */
const cracks = {
  views: [...many(20, [3, 0, 0]), ...many(20, [0, 0, 3]), ...many(12, [0, 1, 0])],
  defective: [...Array<boolean>(40).fill(false), ...Array<boolean>(12).fill(true)],
  of,
};

describe('the weights of the views', () => {
  it('are the closed form alone where calibration images show that the others dilute it', () => {
    const { weights, statement } = chooseWeighting(names, cracks);
    expect(weights).toEqual([0, 1, 0]);
    expect(statement).toMatch(/^Judged by place alone, the closed form: AUROC .* 1\.000 .* on the calibration part\.$/);
  });

  it('are the usual ones where no other is clearly better', () => {
    const views = cracks.views.map(([, place]) => [place!, place!, place!]);
    const { weights, statement } = chooseWeighting(names, { ...cracks, views });
    expect(weights).toEqual([0.25, 0.5, 0.25]);
    expect(statement).toMatch(/no other is clearly better/);
  });

  it('are the usual ones where there are too few defective images to compare', () => {
    const { weights, statement } = chooseWeighting(names, {
      ...cracks,
      views: cracks.views.slice(0, 42),
      defective: cracks.defective.slice(0, 42),
    });
    expect(weights).toEqual(usualWeights(names));
    expect(statement).toMatch(/too few/);
  });

  it('need nothing beside the flow', () => {
    expect(chooseWeighting(['flow'], { views: [], defective: [], of }).weights).toEqual([1]);
    expect(usualWeights(['flow', 'whole'])).toEqual([0.5, 0.5]);
  });
});
