/** The figures of a stored evaluation, as a model card shows them: each with its counts and its interval, or as unknown. */
import { type Static, Type, Value } from '../../core/schema.ts';
import { proofText } from '../../judge/proof-text.ts';

export type CardRow = readonly [name: string, value: string];

const Interval = Type.Union([Type.Object({ low: Type.Number(), high: Type.Number() }), Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Proportion = Type.Object({
  value: Type.Union([Type.Number(), Type.Null()]),
  count: Count,
  total: Count,
  interval: Interval,
});
const Grouped = Type.Union([Type.Object({ partGroups: Count, interval: Interval }), Type.Null()]);

/** What of `Evaluation` (judge/evaluation.ts) is shown; older bundles may lack the rest. */
const StoredEvaluation = Type.Object({
  good: Count,
  defective: Count,
  auroc: Type.Object({ value: Type.Number(), interval: Interval }),
  recall: Proportion,
  falseAlarmRate: Proportion,
  precision: Proportion,
  chosenOn: Type.String(),
  confidence: Type.Number(),
  brightnessAuroc: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  byPartGroup: Type.Optional(Type.Object({ recall: Grouped, falseAlarmRate: Grouped })),
  threeWay: Type.Optional(Type.Union([Type.Object({ recall: Proportion }), Type.Null()])),
  classes: Type.Optional(Type.Array(Type.Object({ name: Type.String(), count: Count, recall: Proportion }))),
});
export type StoredEvaluation = Static<typeof StoredEvaluation>;

/** Null where there is none, or none that is understood. */
export const readEvaluation = (evaluation: unknown): StoredEvaluation | null =>
  Value.Check(StoredEvaluation, evaluation) ? evaluation : null;

const three = (value: number): string => value.toFixed(3);

const range = (interval: Static<typeof Interval>): string =>
  interval === null ? 'no interval' : `${three(interval.low)} to ${three(interval.high)}`;

const shown = ({ value, count, total, interval }: Static<typeof Proportion>): string =>
  value === null ? 'nothing to judge' : `${three(value)} (${count} of ${total}; ${range(interval)})`;

export function figureRows(evaluation: StoredEvaluation): CardRow[] {
  const { auroc, recall, falseAlarmRate, precision, brightnessAuroc, byPartGroup, classes = [], threeWay } = evaluation;
  const grouped = (name: string, one: Static<typeof Grouped> | undefined): CardRow[] =>
    one ? [[`${name}, by part group`, `${range(one.interval)} (${one.partGroups} part groups)`]] : [];
  return [
    ['AUROC', `${three(auroc.value)} (${range(auroc.interval)})`],
    ...(brightnessAuroc == null ? [] : [['AUROC of plain brightness', three(brightnessAuroc)] as const]),
    ['Recall', shown(recall)],
    ...grouped('Recall', byPartGroup?.recall),
    ...(threeWay ? [['Recall, REVIEW counted as found', shown(threeWay.recall)] as const] : []),
    ['False alarms', shown(falseAlarmRate)],
    ...grouped('False alarms', byPartGroup?.falseAlarmRate),
    ['Precision', shown(precision)],
    ...classes.map(({ name, recall: own }) => [`Recall of ${name}`, shown(own)] as const),
  ];
}

const CONFIDENCE = 0.95;

/** What the test images prove of a recall of 95 % and of false alarms of 5 %. */
export function whatIsProved({ recall, falseAlarmRate, byPartGroup, chosenOn }: StoredEvaluation): string[] {
  const common = { sawThreshold: chosenOn === 'the evaluation set itself (paper protocol)', withReview: false };
  const missed = recall.total - recall.count;
  return [
    proofText(
      { kind: 'recall', value: 0.95, confidence: CONFIDENCE },
      { trials: recall.total, failures: missed, parts: byPartGroup?.recall?.partGroups ?? recall.total, ...common },
    ),
    proofText(
      { kind: 'false alarms', value: 0.05, confidence: CONFIDENCE },
      {
        trials: falseAlarmRate.total,
        failures: falseAlarmRate.count,
        parts: byPartGroup?.falseAlarmRate?.partGroups ?? falseAlarmRate.total,
        ...common,
      },
    ),
  ];
}
