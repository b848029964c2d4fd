/**
 * Published cross tables and their kappas; golden values by statsmodels 0.15.0 (cohens_kappa, fleiss_kappa) and irrCAC 0.4.4 (Gwet's
 * intervals of Fleiss' kappa, which it rounds to five digits).
 */
import { describe, expect, it } from 'vitest';
import { spotDecisions } from '../../../test/support/spot-inspection.ts';
import { cohenKappa, fleissKappa, type Pair, studentQuantile } from './kappa.ts';

/** Pairs of a table of counts, each of a part of its own. */
function pairsOf([[a, b], [c, d]]: readonly [readonly [number, number], readonly [number, number]]): Pair[] {
  let part = 0;
  const some = (count: number, one: boolean, other: boolean): Pair[] =>
    Array.from({ length: count }, () => ({ part: String(part++), one, other }));
  return [...some(a, false, false), ...some(b, false, true), ...some(c, true, false), ...some(d, true, true)];
}

describe('cohenKappa', () => {
  // after AIAG MSA, 4th edition, p. 134 on, whose cells are from memory (docs/acceptance.md): 150 decisions of A, B, C and the reference; kappas .86 .78 .79 .88 .92 .77
  it.each([
    [
      'A and B',
      [
        [44, 6],
        [3, 97],
      ],
      '0.86',
      0.8629441624365481,
      0.04419824018299282,
    ],
    [
      'A and C',
      [
        [43, 7],
        [8, 92],
      ],
      '0.78',
      0.7761194029850746,
      0.054670794344295066,
    ],
    [
      'B and C',
      [
        [42, 5],
        [9, 94],
      ],
      '0.79',
      0.7880072683222289,
      0.053702460640000185,
    ],
    [
      'A and reference',
      [
        [45, 5],
        [3, 97],
      ],
      '0.88',
      0.8787878787878788,
      0.04164091711357724,
    ],
    [
      'B and reference',
      [
        [45, 2],
        [3, 100],
      ],
      '0.92',
      0.9229821318545903,
      0.0338470874258864,
    ],
    [
      'C and reference',
      [
        [42, 9],
        [6, 93],
      ],
      '0.77',
      0.7739602169981917,
      0.0551373393055001,
    ],
  ] as const)('%s of the manual’s example', (_, table, printed, value, error) => {
    const pairs = pairsOf(table);
    const kappa = cohenKappa(pairs)!;
    expect(kappa.value.toFixed(2)).toBe(printed);
    expect(kappa.value).toBeCloseTo(value, 12);
    // statsmodels divides by n where this divides by n - 1
    const n = pairs.length;
    const half = studentQuantile(0.95, n - 1) * error * Math.sqrt(n / (n - 1));
    expect(kappa.interval!.low).toBeCloseTo(value - half, 10);
    expect(kappa.interval!.high).toBeCloseTo(Math.min(1, value + half), 10);
  });

  it('is no surer for pairs that repeat the same parts', () => {
    const table = [
      [20, 5],
      [10, 15],
    ] as const;
    const once = cohenKappa(pairsOf(table))!;
    expect(once.value).toBeCloseTo(0.4, 12);
    const thrice = cohenKappa(pairsOf(table).flatMap((pair) => [pair, pair, pair]))!;
    expect(thrice.value).toBeCloseTo(once.value, 12);
    expect(thrice.interval!.low).toBeCloseTo(once.interval!.low, 12);
  });

  it('is not defined where one word alone was said, and has no interval where all agree', () => {
    expect(
      cohenKappa(
        pairsOf([
          [0, 0],
          [0, 9],
        ]),
      ),
    ).toBeNull();
    expect(cohenKappa([])).toBeNull();
    expect(
      cohenKappa(
        pairsOf([
          [4, 0],
          [0, 5],
        ]),
      ),
    ).toMatchObject({ value: 1, interval: null });
  });
});

describe('fleissKappa', () => {
  it.each([
    ['EG', 0.9054621848739495, 0.70534, 1],
    ['BL', 0.91, 0.71803, 1],
    ['MH', 0.5439189189189192, 0.11864, 0.9692],
  ] as const)('of the trials of %s', (name, value, low, high) => {
    const kappa = fleissKappa(spotDecisions[name])!;
    expect(kappa.value).toBeCloseTo(value, 12);
    expect(kappa.interval!.low).toBeCloseTo(low, 4);
    expect(kappa.interval!.high).toBeCloseTo(high, 4);
  });

  it('of all nine decisions on each part', () => {
    const { EG, BL, MH } = spotDecisions;
    const kappa = fleissKappa(EG.map((row, i) => [...row, ...BL[i]!, ...MH[i]!]))!;
    expect(kappa.value).toBeCloseTo(0.6416666666666665, 12);
    expect(kappa.interval!.low).toBeCloseTo(0.40663, 4);
    expect(kappa.interval!.high).toBeCloseTo(0.87671, 4);
  });

  it('is null for one rating a part, and where all say one word', () => {
    expect(fleissKappa([[true], [false]])).toBeNull();
    expect(
      fleissKappa([
        [true, true],
        [true, true],
      ]),
    ).toBeNull();
  });
});

describe('studentQuantile', () => {
  it.each([
    [1, 12.706204736432095],
    [14, 2.1447866879169273],
    [149, 1.976013177679155],
  ])('of %i degrees of freedom', (freedom, value) => {
    expect(studentQuantile(0.95, freedom)).toBeCloseTo(value, 8);
  });
});
