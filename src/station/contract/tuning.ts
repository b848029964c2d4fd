/** The threshold tuner: labelled scores, and what two thresholds make of them. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableNumber, NullableString, Proportion } from './common.ts';

/** calibration and test: the bundle's own images; feedback: inspections of this recipe on which a person gave a verdict. */
export const ScoreSource = Type.Union([Type.Literal('calibration'), Type.Literal('test'), Type.Literal('feedback')]);
export type ScoreSource = Static<typeof ScoreSource>;

export const LabelledScore = Type.Object({
  source: ScoreSource,
  label: Type.Union([Type.Literal('good'), Type.Literal('defective')]),
  score: Type.Number(),
  /** Name of the bundle's image, or id of the inspection. */
  name: Type.String(),
  /** Such as 'scratch'; null for inspections of which nobody named one. */
  className: NullableString,
});
export type LabelledScore = Static<typeof LabelledScore>;

/** GET /api/recipes/{id}/scores */
export const RecipeScores = Type.Object({
  recipe: Type.String(),
  revision: Type.Integer(),
  threshold: NullableNumber,
  review: NullableNumber,
  scores: Type.Array(LabelledScore),
  /** Sentences to show: what is missing, what to be careful about. */
  notes: Type.Array(Type.String()),
});
export type RecipeScores = Static<typeof RecipeScores>;

/** POST /api/recipes/{id}/tune -> Tuning. Changes nothing; PATCH /api/recipes/{id} does. */
export const TuneRequest = Type.Object(
  {
    ng: Type.Number(),
    review: Type.Optional(NullableNumber),
    /** Default: calibration and feedback. Test images are for judging, and choosing on them makes their figures flatter. */
    sources: Type.Optional(Type.Array(ScoreSource, { minItems: 1, maxItems: 3 })),
  },
  { additionalProperties: false },
);
export type TuneRequest = Static<typeof TuneRequest>;

const DecisionCounts = Type.Object({ ok: Type.Integer(), review: Type.Integer(), ng: Type.Integer() });

export const Tuning = Type.Object({
  ng: Type.Number(),
  review: NullableNumber,
  sources: Type.Array(ScoreSource),
  good: DecisionCounts,
  defective: DecisionCounts,
  /** NG against the rest. */
  confusion: Type.Object({ tp: Type.Integer(), fp: Type.Integer(), fn: Type.Integer(), tn: Type.Integer() }),
  /** Share of the defective that are NG. */
  recall: Proportion,
  /** Share of the defective that are NG or REVIEW. */
  recallWithReview: Proportion,
  /** Share of the good that are NG. */
  falseAlarmRate: Proportion,
  precision: Proportion,
  /** Share of the good that go to a person. */
  reviewLoadOfGood: Proportion,
  /** Of all intervals. */
  confidence: Type.Number(),
  /** Sentences on what these limits will not do: REVIEW that never happens, a recall of 0, too few images to show one. */
  warnings: Type.Array(Type.String()),
  notes: Type.Array(Type.String()),
});
export type Tuning = Static<typeof Tuning>;
