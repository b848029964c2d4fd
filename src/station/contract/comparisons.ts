/** What `felfri compare` left in the station's folder of comparisons: its figures, and its report to be opened. */
import { type Static, Type } from '../../core/schema.ts';
import { Interval, NullableString, Time } from './common.ts';

/** Name of a comparison's folder; others than these are not looked at. */
export const ComparisonName = Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}$' });

export const ComparisonParams = Type.Object({ name: ComparisonName });
export type ComparisonParams = Static<typeof ComparisonParams>;

/** A figure over the sequences that have it; `sd` (n - 1) is null for one; null as a whole where none has it. */
const Summary = Type.Union([
  Type.Object({
    mean: Type.Number(),
    sd: Type.Union([Type.Number(), Type.Null()]),
    min: Type.Number(),
    max: Type.Number(),
    n: Type.Integer(),
  }),
  Type.Null(),
]);

/** A detector's row of the comparison's table. Rates are from 0 to 1. */
export const ComparisonRow = Type.Object({
  detector: Type.Union([Type.Literal('U-Net'), Type.Literal('flow'), Type.Literal('fusion')]),
  /**
   * On which images the threshold was chosen: 'calibration', or in words what else, such as 'the evaluation set itself (paper protocol)',
   * which flatters.
   */
  chosenOn: Type.String(),
  /** common: only sequences whose images both detectors were judged on, where those are fewer. */
  over: Type.Union([Type.Literal('all'), Type.Literal('common')]),
  sequences: Type.Integer(),
  auroc: Summary,
  /** 95 % interval of the mean AUROC, by part group; of rows over all sequences alone. */
  aurocInterval: Type.Union([Interval, Type.Null()]),
  precision: Summary,
  recall: Summary,
  f1: Summary,
  falseAlarmRate: Summary,
  /** AUROC of plain mean brightness on the same images: what a detector has to beat. */
  brightnessAuroc: Summary,
  pixelAuroc: Summary,
  inspectionMilliseconds: Summary,
});
export type ComparisonRow = Static<typeof ComparisonRow>;

export const ComparisonProtocol = Type.Object({
  /** honest: whole part groups are kept apart; paper: as published, which may leak. */
  protocol: Type.Union([Type.Literal('honest'), Type.Literal('paper')]),
  /** Such as 'five folds by part group'. */
  split: Type.String(),
  /** What to know before believing it, in sentences. */
  notes: Type.Array(Type.String()),
  rows: Type.Array(ComparisonRow),
  /** Why there is no U-Net, where there is none. */
  unetNotApplicable: NullableString,
  /** Sequences that ended with an error. */
  failed: Type.Array(Type.Object({ detector: Type.String(), name: Type.String(), message: Type.String() })),
});
export type ComparisonProtocol = Static<typeof ComparisonProtocol>;

export const Comparison = Type.Object({
  /** Of its folder; it is its id. */
  name: Type.String(),
  createdAt: Time,
  dataSet: Type.Object({ name: Type.String(), hash: Type.String() }),
  protocols: Type.Array(ComparisonProtocol),
  /** Whether GET /api/comparisons/{name}/report gives one. */
  report: Type.Boolean(),
});
export type Comparison = Static<typeof Comparison>;

/**
 * GET /api/comparisons, newest first (role engineer). GET /api/comparisons/{name} -> Comparison. GET /api/comparisons/{name}/report: its
 * report, as an HTML page that is sandboxed: link to it in a window of its own, do not frame it.
 */
export const ComparisonList = Type.Object({
  comparisons: Type.Array(Comparison),
  /** Folders of comparisons that have no result yet: still running, or broken off. */
  unfinished: Type.Array(Type.String()),
  /** Folders whose result cannot be read, and why. */
  unreadable: Type.Array(Type.Object({ name: Type.String(), problem: Type.String() })),
});
export type ComparisonList = Static<typeof ComparisonList>;
