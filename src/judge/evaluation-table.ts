/** Evaluations as text for the terminal: Table I of the paper with intervals, then counts and defect classes. */
import type { Evaluation, Proportion } from './evaluation.ts';
import type { Interval } from './intervals.ts';

function withInterval(value: number | null, interval: Interval | null): string {
  if (value === null) return 'none called';
  const range = interval === null ? '' : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  return `${value.toFixed(3)}${range}`;
}

const proportion = ({ value, interval }: Proportion) => withInterval(value, interval);

/** Pads every column to its widest cell; the first column to the left, the others to the right. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** A threshold, score or other figure in four significant digits. */
export function formatScore(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

/** Where a threshold came from, in words that follow a colon or a comma. */
export function thresholdOrigin(chosenOn: string): string {
  return chosenOn === 'fixed beforehand' ? chosenOn : `chosen on ${chosenOn}`;
}

/** The evaluations of several detectors on the same images, aligned, without a final newline. Empty text for none. */
export function formatEvaluations(evaluations: readonly Evaluation[]): string {
  const first = evaluations[0];
  if (first === undefined) return '';
  const summary = [
    ['detector', 'precision', 'recall', 'AUC-ROC'],
    ...evaluations.map((e) => [
      e.detector,
      proportion(e.precision),
      proportion(e.recall),
      withInterval(e.auroc.value, e.auroc.interval),
    ]),
  ];
  if (first.brightnessAuroc !== null) summary.push(['mean brightness', '', '', first.brightnessAuroc.toFixed(3)]);
  const more = [
    ['detector', 'F1', 'accuracy', 'avg. precision', 'false alarms', 'found', 'missed', 'threshold'],
    ...evaluations.map((e) => [
      e.detector,
      e.f1.toFixed(3),
      proportion(e.accuracy),
      e.averagePrecision.toFixed(3),
      `${e.confusion.fp} of ${e.good}`,
      `${e.confusion.tp} of ${e.defective}`,
      String(e.confusion.fn),
      formatScore(e.threshold),
    ]),
  ];
  const names = [...new Set(evaluations.flatMap((e) => e.classes.map(({ name }) => name)))].sort();
  const classes = [
    ['defect class', 'images', ...evaluations.flatMap((e) => [`recall, ${e.detector}`, 'AUC-ROC'])],
    ...names.map((name) => {
      const each = evaluations.map((e) => e.classes.find((c) => c.name === name));
      return [
        name,
        String(each.find((c) => c !== undefined)!.count),
        ...each.flatMap((c) => (c === undefined ? ['', ''] : [proportion(c.recall), c.auroc.toFixed(3)])),
      ];
    }),
  ];
  const lines = [
    `${first.good} good and ${first.defective} defective images, ${first.partGroups} part groups`,
    '',
    ...align(summary),
    '',
    ...align(more),
    '',
    ...align(classes),
    '',
    `Brackets: ${first.confidence * 100} % intervals (Clopper-Pearson; AUC-ROC: bootstrap by part group).`,
    ...evaluations.map((e) => `Threshold of ${e.detector}: ${thresholdOrigin(e.chosenOn)}.`),
  ];
  return lines.join('\n');
}
