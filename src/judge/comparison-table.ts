/** A comparison as text for the terminal: Table I of the paper with its spread, then times. */
import type { Comparison, ProtocolResult } from './comparison.ts';
import { inspectionRatio, protocolTable, type Summary, type TableRow } from './comparison-summary.ts';
import { align, thresholdOrigin } from './evaluation-table.ts';

/** Mean and spread over the sequences that have the figure; their number where it is not `of`. */
function spread(summary: Summary | null, of: number, digits = 3): string {
  if (summary === null) return 'none';
  const { mean, sd, n } = summary;
  const text = sd === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
  return n === of ? text : `${text} (n ${n})`;
}

const rates = ['precision', 'recall', 'auroc', 'f1', 'accuracy'] as const;

function ratesTable(rows: readonly TableRow[]): string[] {
  const { brightnessAuroc } = rows[0]!.figures;
  const brightness = brightnessAuroc
    ? [['mean brightness', '', '', '', spread(brightnessAuroc, rows[0]!.sequences.length), '', '']]
    : [];
  return align([
    ['detector', 'n', 'precision', 'recall', 'AUC-ROC', 'F1', 'accuracy'],
    ...rows.map(({ detector, over, sequences, figures }) => [
      over === 'common' ? `${detector}, common splits` : detector,
      String(sequences.length),
      ...rates.map((name) => spread(figures[name], sequences.length)),
    ]),
    ...brightness,
  ]);
}

function timesTable(rows: readonly TableRow[], ratio: number | null): string[] {
  const seconds = (s: Summary | null) => (s === null ? 'not measured' : `${spread(s, s.n, 1)} s`);
  const milliseconds = (s: Summary | null) => (s === null ? 'not measured' : `${spread(s, s.n, 1)} ms`);
  const times = align([
    ['detector', 'training', 'one image'],
    ...rows
      .filter(({ over }) => over === 'all')
      .map(({ detector, figures }) => [
        detector,
        seconds(figures.trainingSeconds),
        milliseconds(figures.inspectionMilliseconds),
      ]),
  ]);
  return ratio === null
    ? times
    : [...times, `To inspect an image the flow takes ${ratio.toFixed(2)} times as long as the U-Net (medians).`];
}

function protocolText(result: ProtocolResult): string[] {
  const rows = protocolTable(result);
  const origins = [...new Set(rows.map(({ chosenOn }) => chosenOn))];
  const interval = (name: string, range: ProtocolResult['meanAuroc']['flow']): string[] =>
    range === null
      ? []
      : [`Mean AUC-ROC of ${name}: 95 % interval ${range.low.toFixed(3)} to ${range.high.toFixed(3)}, by part group.`];
  return [
    `${result.protocol === 'paper' ? 'PAPER PROTOCOL (threshold chosen on the judged images)' : 'Honest protocol'}: ${result.split}`,
    ...origins.flatMap((chosenOn) => {
      const own = rows.filter((row) => row.chosenOn === chosenOn);
      return ['', `Threshold ${thresholdOrigin(chosenOn)}:`, ...ratesTable(own)];
    }),
    '',
    ...(origins[0] === undefined
      ? ['No sequence succeeded.']
      : timesTable(
          rows.filter(({ chosenOn }) => chosenOn === origins[0]),
          inspectionRatio(rows, result.protocol),
        )),
    '',
    ...interval('the U-Net', result.meanAuroc.unet),
    ...interval('the flow', result.meanAuroc.flow),
    ...interval('both in one verdict (fusion)', result.meanAuroc.fusion),
    ...(result.unetNotApplicable === null ? [] : [`U-Net: ${result.unetNotApplicable}`]),
    ...result.notes,
    ...result.leak,
    ...result.failed.map(({ detector, name, code, message }) => `Failed: ${detector}, ${name}: ${code}: ${message}`),
  ];
}

/** Without a final newline. */
export function formatComparison({ protocols }: Comparison): string {
  return [
    ...protocols.flatMap((result) => [...protocolText(result), '']),
    'Figures: mean ± sample standard deviation over the n sequences.',
    'The curve of the AUC-ROC along the training is measured on the judged images; nothing was chosen from it.',
  ].join('\n');
}
