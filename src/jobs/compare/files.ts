/** A comparison as files: JSON for programs, CSV for spreadsheets. */
import { join } from 'node:path';
import { type Cell, csvLine } from '../../core/csv.ts';
import { writeFileAtomic, writeJson } from '../../core/files.ts';
import type { Comparison, Sequence } from '../../judge/comparison.ts';
import { comparisonTable, type FigureName, figureNames, figuresOf } from '../../judge/comparison-summary.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { decisionOf } from '../judge/stored-scores.ts';

const csvOf = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${csvLine(row)}\n`).join('');

/** 'pixelAuroc' as spreadsheets' columns are written: 'pixel_auroc'. */
const columnOf = (name: FigureName): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every sequence with its protocol and detector. */
function sequencesOf({ protocols }: Comparison): { at: [protocol: string, detector: string]; sequence: Sequence }[] {
  return protocols.flatMap(({ protocol, flow, unet, fusion }) => [
    ...unet.map((sequence) => ({ at: [protocol, 'U-Net'] as [string, string], sequence })),
    ...flow.map((sequence) => ({ at: [protocol, 'flow'] as [string, string], sequence })),
    ...fusion.map((sequence) => ({ at: [protocol, 'fusion'] as [string, string], sequence })),
  ]);
}

function tableCsv(comparison: Comparison): string {
  const statistics = ['mean', 'sd', 'min', 'max', 'n'] as const;
  return csvOf(
    [
      'protocol',
      'detector',
      'threshold_chosen_on',
      'over',
      'sequences',
      ...figureNames.flatMap((name) => statistics.map((statistic) => `${columnOf(name)}_${statistic}`)),
    ],
    comparisonTable(comparison).map(({ protocol, detector, chosenOn, over, sequences, figures }) => [
      protocol,
      detector,
      chosenOn,
      over,
      sequences.join('; '),
      ...figureNames.flatMap((name) => statistics.map((statistic) => figures[name]?.[statistic] ?? null)),
    ]),
  );
}

function sequencesCsv(comparison: Comparison): string {
  const counts = ['tp', 'fp', 'fn', 'tn'] as const;
  return csvOf(
    [
      'protocol',
      'detector',
      'sequence',
      'threshold_chosen_on',
      'threshold',
      ...counts,
      ...figureNames.map(columnOf),
      'bundle',
      'model_sha256',
    ],
    sequencesOf(comparison).flatMap(({ at: [protocol, detector], sequence }) => {
      const both = [sequence.evaluation, ...(protocol === 'honest' ? [sequence.paperEvaluation] : [])];
      return both.map((evaluation) => {
        const figures = figuresOf(sequence, evaluation);
        return [
          protocol,
          detector,
          sequence.name,
          evaluation.chosenOn,
          evaluation.threshold,
          ...counts.map((count) => evaluation.confusion[count]),
          ...figureNames.map((name) => figures[name]),
          sequence.bundle,
          sequence.model,
        ];
      });
    }),
  );
}

function curveCsv(comparison: Comparison): string {
  return csvOf(
    ['protocol', 'sequence', 'detector', 'step', 'auroc'],
    sequencesOf(comparison).flatMap(({ at: [protocol, detector], sequence: { name, curve } }) =>
      curve.map(({ step, auroc }) => [protocol, name, detector, step, auroc]),
    ),
  );
}

function scoresCsv(comparison: Comparison, judgedOf: ReadonlyMap<Sequence, JudgedBundle>): string {
  return csvOf(
    ['protocol', 'sequence', 'detector', 'image', 'class', 'part_group', 'score', 'decision'],
    sequencesOf(comparison).flatMap(({ at: [protocol, detector], sequence }) => {
      const { scored } = judgedOf.get(sequence)!;
      const { threshold, threeWay } = sequence.evaluation;
      // the paper's protocol judges scores alone
      return scored.map(({ image, score, picture }) => [
        protocol,
        sequence.name,
        detector,
        image.name,
        image.className,
        image.partGroup,
        score,
        decisionOf({ score, picture: threeWay ? picture : null }, threshold, threeWay?.review ?? null),
      ]);
    }),
  );
}

/** Writes comparison.json and the four tables beside it. */
export async function writeComparisonFiles(
  folder: string,
  comparison: Comparison,
  judgedOf: ReadonlyMap<Sequence, JudgedBundle>,
): Promise<void> {
  await writeFileAtomic(join(folder, 'table.csv'), tableCsv(comparison));
  await writeFileAtomic(join(folder, 'sequences.csv'), sequencesCsv(comparison));
  await writeFileAtomic(join(folder, 'curve.csv'), curveCsv(comparison));
  await writeFileAtomic(join(folder, 'scores.csv'), scoresCsv(comparison, judgedOf));
  await writeJson(join(folder, 'comparison.json'), { ...comparison, table: comparisonTable(comparison) });
}
