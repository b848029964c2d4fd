/** From single sequences to Table I: mean and spread of every figure, by protocol, detector and origin of the threshold. */
import type { ComparedDetector, Comparison, ProtocolResult, Sequence } from './comparison.ts';
import type { ChosenOn, Evaluation } from './evaluation.ts';

/** A figure over some sequences. */
export interface Summary {
  readonly mean: number;
  /** Sample standard deviation (n - 1); null for one sequence. */
  readonly sd: number | null;
  readonly min: number;
  readonly max: number;
  /** Sequences that have the figure. */
  readonly n: number;
}

/** Null when no sequence has the figure, such as a precision where nothing was called defective. */
export function summarise(values: readonly (number | null)[]): Summary | null {
  const known = values.filter((value) => value !== null);
  const n = known.length;
  if (n === 0) return null;
  const mean = known.reduce((a, b) => a + b, 0) / n;
  const squares = known.reduce((a, b) => a + (b - mean) ** 2, 0);
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null, min: Math.min(...known), max: Math.max(...known), n };
}

/** The figures that depend on a threshold or on scores, in the order of tables. */
const ofEvaluation = {
  precision: (e) => e.precision.value,
  recall: (e) => e.recall.value,
  auroc: (e) => e.auroc.value,
  f1: (e) => e.f1,
  accuracy: (e) => e.accuracy.value,
  averagePrecision: (e) => e.averagePrecision,
  falseAlarmRate: (e) => e.falseAlarmRate.value,
  brightnessAuroc: (e) => e.brightnessAuroc,
} satisfies Record<string, (evaluation: Evaluation) => number | null>;

const ofSequence = {
  pixelAuroc: (s) => s.pixels?.auroc ?? null,
  aupro: (s) => s.pixels?.aupro ?? null,
  pixelDice: (s) => s.pixels?.dice ?? null,
  trainingSeconds: (s) => s.trainingSeconds,
  inspectionMilliseconds: (s) => s.inspectionMilliseconds,
} satisfies Record<string, (sequence: Sequence) => number | null>;

export type FigureName = keyof typeof ofEvaluation | keyof typeof ofSequence;

/** In the order of tables. */
export const figureNames = [...Object.keys(ofEvaluation), ...Object.keys(ofSequence)] as FigureName[];

/** Every figure of one sequence under one of its two thresholds. */
export function figuresOf(sequence: Sequence, evaluation: Evaluation): Record<FigureName, number | null> {
  const values = [
    ...Object.entries(ofEvaluation).map(([name, read]) => [name, read(evaluation)]),
    ...Object.entries(ofSequence).map(([name, read]) => [name, read(sequence)]),
  ];
  return Object.fromEntries(values) as Record<FigureName, number | null>;
}

/** A row of Table I. */
export interface TableRow {
  readonly protocol: ProtocolResult['protocol'];
  readonly detector: ComparedDetector;
  readonly chosenOn: ChosenOn;
  /** Of every sequence of the detector, or of those whose images both detectors were judged on, where these are fewer. */
  readonly over: 'all' | 'common';
  /** Names of the sequences. */
  readonly sequences: readonly string[];
  readonly figures: Readonly<Record<FigureName, Summary | null>>;
}

/** Names of the sequences that both detectors have. */
function commonNames({ flow, unet }: ProtocolResult): Set<string> {
  const names = new Set(unet.map(({ name }) => name));
  return new Set(flow.map(({ name }) => name).filter((name) => names.has(name)));
}

function rowOf(
  { protocol }: ProtocolResult,
  detector: TableRow['detector'],
  over: TableRow['over'],
  sequences: readonly Sequence[],
  evaluationOf: (sequence: Sequence) => Evaluation,
): TableRow {
  const each = sequences.map((sequence) => figuresOf(sequence, evaluationOf(sequence)));
  const figures = figureNames.map((name) => [name, summarise(each.map((values) => values[name]))]);
  return {
    protocol,
    detector,
    chosenOn: evaluationOf(sequences[0]!).chosenOn,
    over,
    sequences: sequences.map(({ name }) => name),
    figures: Object.fromEntries(figures) as TableRow['figures'],
  };
}

/**
 * The rows of Table I of one protocol: each detector over all its sequences, then over the common ones where a detector has more
 * than those; with the protocol's threshold, and where that is an honest one with the paper's beside it.
 */
export function protocolTable(result: ProtocolResult): TableRow[] {
  const common = commonNames(result);
  const detectors = [
    ['U-Net', result.unet],
    ['flow', result.flow],
    ['fusion', result.fusion],
  ] as const;
  const ranges = [
    ...detectors.map(([detector, all]) => ({ detector, over: 'all' as const, sequences: all })),
    ...(common.size > 0 && detectors.some(([, all]) => all.length > common.size)
      ? detectors.map(([detector, all]) => ({
          detector,
          over: 'common' as const,
          sequences: all.filter(({ name }) => common.has(name)),
        }))
      : []),
  ].filter(({ sequences }) => sequences.length > 0);
  const origins = [
    (s: Sequence) => s.evaluation,
    ...(result.protocol === 'honest' ? [(s: Sequence) => s.paperEvaluation] : []),
  ];
  return origins.flatMap((origin) =>
    ranges.map(({ detector, over, sequences }) => rowOf(result, detector, over, sequences, origin)),
  );
}

/** Table I of every protocol. */
export function comparisonTable({ protocols }: Comparison): TableRow[] {
  return protocols.flatMap(protocolTable);
}

/** How many times longer than the U-Net the flow takes to inspect an image (means of the sequences' medians); null without both. */
export function inspectionRatio(rows: readonly TableRow[], protocol: ProtocolResult['protocol']): number | null {
  const of = (detector: TableRow['detector']) =>
    rows.find((row) => row.protocol === protocol && row.detector === detector)?.figures.inspectionMilliseconds?.mean;
  const flow = of('flow');
  const unet = of('U-Net');
  return flow === undefined || !unet ? null : flow / unet;
}
