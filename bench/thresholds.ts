/**
 * Where in the gap between calibration scores a threshold should stand, and what the default rules do to new parts:
 * `npx tsx bench/thresholds.ts [BUNDLE...]`. Scores are drawn from made distributions and from those stored in bundles, with calibration and
 * new parts drawn apart; docs/experiments.md has the tables.
 */
import { Random } from '../src/core/random.ts';
import { readStoredScores } from '../src/jobs/judge/stored-scores.ts';
import { decide } from '../src/judge/decision.ts';
import { chooseLimits } from '../src/judge/rules/limits.ts';
import { placeWithin } from '../src/judge/rules/place.ts';
import { parseThresholdRule } from '../src/judge/rules/text.ts';

type Draw = (random: Random) => number;
interface Source {
  readonly name: string;
  readonly good: Draw;
  readonly defective: Draw;
}

const NEW_PARTS = 200;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const drawn = (n: number, draw: Draw, random: Random): number[] => Array.from({ length: n }, () => draw(random));
const share = (scores: readonly number[], is: (score: number) => boolean): number =>
  scores.filter(is).length / scores.length;
const percent = (values: readonly number[]): string =>
  ((100 * values.reduce((a, b) => a + b, 0)) / values.length).toFixed(1);

const made: readonly Source[] = [
  { name: 'normal, 2 apart', good: (r) => r.normal(), defective: (r) => 2 + r.normal() },
  { name: 'normal, 3 apart', good: (r) => r.normal(), defective: (r) => 3 + r.normal() },
  { name: 'normal, 5 apart', good: (r) => r.normal(), defective: (r) => 5 + 2 * r.normal() },
  {
    name: 'log-normal',
    good: (r) => Math.exp(5.5 + 0.15 * r.normal()),
    defective: (r) => Math.exp(7.3 + 0.8 * r.normal()),
  },
  {
    name: 'wide',
    good: (r) => Math.exp(5.5 + 0.15 * r.normal()),
    defective: (r) => Math.exp(9 + 1.5 * r.normal()),
  },
  {
    name: 'probability',
    good: (r) => 1 / (1 + Math.exp(5 - r.normal())),
    defective: (r) => 1 / (1 + Math.exp(-3 + 2.5 * r.normal())),
  },
];

async function ofBundle(directory: string): Promise<Source> {
  const images = [
    ...(await readStoredScores(directory, 'calibration')).images,
    ...(await readStoredScores(directory, 'test')).images,
  ];
  const of = (label: string): Draw => {
    const scores = images.filter((image) => image.label === label).map(({ score }) => score);
    return (random) => scores[random.integer(scores.length)]!;
  };
  return { name: directory, good: of('good'), defective: of('defective') };
}

const places: Readonly<Record<string, (below: number, at: number, usual: number) => number>> = {
  edge: (_, at) => at,
  middle: (below, at) => (below + at) / 2,
  quarter: (below, at) => below + (at - below) / 4,
  tenth: (below, at) => below + (at - below) / 10,
  'log. middle': (below, at) => (below > 0 ? Math.sqrt(below * at) : (below + at) / 2),
  'felfri’s': (below, at, usual) => placeWithin({ below, at }, { usual }),
};

/** Calibrations that are separable alone: missed new defective parts and false alarms of each place, in percent. */
function comparePlaces({ name, good, defective }: Source, [goods, defects]: readonly [number, number]): string | null {
  const random = Random.of(5, name, goods, defects);
  const found = Object.keys(places).map(() => ({ missed: [] as number[], alarms: [] as number[] }));
  for (let round = 0; round < 4000 && found[0]!.missed.length < 300; round++) {
    const [ok, ng] = [drawn(goods, good, random), drawn(defects, defective, random)];
    const [below, at] = [Math.max(...ok), Math.min(...ng)];
    if (below >= at) continue;
    const [newGood, newDefective] = [drawn(NEW_PARTS, good, random), drawn(NEW_PARTS, defective, random)];
    for (const [i, place] of Object.values(places).entries()) {
      const threshold = place(below, at, median(ok));
      found[i]!.missed.push(share(newDefective, (score) => score < threshold));
      found[i]!.alarms.push(share(newGood, (score) => score >= threshold));
    }
  }
  if (found[0]!.missed.length < 50) return null;
  const cells = found.map(({ missed, alarms }) => `${percent(missed)} / ${percent(alarms)}`);
  return `| ${[name, `${goods}, ${defects}`, ...cells].join(' | ')} |`;
}

const policies = [
  ['accuracy', { rule: parseThresholdRule('accuracy') }],
  ['recall=0.95', { rule: parseThresholdRule('recall=0.95') }],
  ['cost=10:1', { rule: parseThresholdRule('cost=10:1') }],
  ['default', {}],
] as const;

/** Of new parts, in percent: defective ones that are OK; good ones that are NG; good ones that are for REVIEW. */
function compareDefaults({ name, good, defective }: Source, [goods, defects]: readonly [number, number]): string {
  const cells = policies.map(([policy, asked]) => {
    const random = Random.of(6, name, policy, goods, defects);
    const [missed, alarms, load]: number[][] = [[], [], []];
    for (let round = 0; round < 60; round++) {
      const scores = [...drawn(goods, good, random), ...drawn(defects, defective, random)];
      const { ng, review } = chooseLimits(asked, { scores, labels: scores.map((_, i) => (i < goods ? 0 : 1)) });
      const is = (decision: string) => (score: number) =>
        decide(score, ng.threshold, review?.threshold ?? null) === decision;
      const newGood = drawn(NEW_PARTS, good, random);
      missed!.push(share(drawn(NEW_PARTS, defective, random), is('OK')));
      alarms!.push(share(newGood, is('NG')));
      load!.push(share(newGood, is('REVIEW')));
    }
    return `${percent(missed!)} / ${percent(alarms!)} / ${percent(load!)}`;
  });
  return `| ${[name, `${goods}, ${defects}`, ...cells].join(' | ')} |`;
}

const sources = [...made, ...(await Promise.all(process.argv.slice(2).map(ofBundle)))];
const header = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n|${cells.map(() => '---|').join('')}`;
const pairs = (
  some: readonly (readonly [number, number])[],
  row: (s: Source, n: readonly [number, number]) => string | null,
) => sources.flatMap((source) => some.flatMap((sizes) => row(source, sizes) ?? [])).join('\n');

console.log(header(['scores', 'good, defective', ...Object.keys(places)]));
console.log(
  `${pairs(
    [
      [8, 5],
      [20, 3],
      [40, 5],
      [100, 30],
    ],
    comparePlaces,
  )}\n`,
);
console.log(header(['scores', 'good, defective', ...policies.map(([name]) => name)]));
console.log(
  pairs(
    [
      [40, 10],
      [200, 10],
      [200, 30],
    ],
    compareDefaults,
  ),
);
