/** The aims on real parts and what was reached, from the recorded comparisons of magnetic tiles and castings. */
import type { Comparison, ProtocolResult, Sequence } from '../src/judge/comparison.ts';
import type { Interval } from '../src/judge/intervals.ts';
import { markdownTable } from './write-document.ts';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const auroc = (sequences: readonly Sequence[]): number => mean(sequences.map((s) => s.evaluation.auroc.value));
const figure = (value: number, interval: Interval | null): string =>
  `${value.toFixed(3)}${interval === null ? '' : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`}`;

/** The first protocol of that name. Throws where the comparison was not made under it. */
function protocolOf({ protocols }: Comparison, name: ProtocolResult['protocol']): ProtocolResult {
  const found = protocols.find(({ protocol }) => protocol === name);
  if (!found) throw new Error(`the recorded comparison has no ${name} protocol; record one that has`);
  return found;
}

const met = (holds: boolean): string => (holds ? 'met' : '**missed**');

/** As a table in Markdown; AUROCs are means over the sequences with their 95 % interval by part group. */
export function aimsTable(tiles: Comparison, castings: Comparison): string {
  const honest = protocolOf(tiles, 'honest');
  const paper = protocolOf(tiles, 'paper');
  const cast = protocolOf(castings, 'honest');
  const [flow, unet, fusion] = [auroc(honest.flow), auroc(honest.unet), auroc(honest.fusion)];
  const minutes = mean(paper.flow.map((s) => s.trainingSeconds ?? Number.NaN)) / 60;
  const published = auroc(paper.flow);
  const better = Math.max(flow, unet);
  return markdownTable(
    ['aim', 'wanted', 'reached', ''],
    [
      ['flow, MTD, published split', '>= 0.990', figure(published, paper.meanAuroc.flow), met(published >= 0.99)],
      ['flow, MTD, honest folds', '>= 0.93', figure(flow, honest.meanAuroc.flow), met(flow >= 0.93)],
      ['U-Net, MTD, honest folds', 'the best we can', figure(unet, honest.meanAuroc.unet), ''],
      ['flow less U-Net, MTD, honest folds', '>= -0.02', (flow - unet).toFixed(3), met(flow - unet >= -0.02)],
      ['flow, castings', '>= 0.998', figure(auroc(cast.flow), cast.meanAuroc.flow), met(auroc(cast.flow) >= 0.998)],
      [
        'training to the aim on the published split',
        '<= 15 minutes',
        `aim not reached; ${published.toFixed(3)} after ${minutes.toFixed(1)} minutes`,
        met(published >= 0.99 && minutes <= 15),
      ],
      [
        'both in one verdict, MTD, honest folds',
        `better than either alone (${better.toFixed(3)})`,
        figure(fusion, honest.meanAuroc.fusion),
        met(fusion > better),
      ],
    ],
  );
}
