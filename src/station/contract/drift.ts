/** Drift: what is watched of the parts of a recipe before a camera, and reference parts that are presented on a schedule. */
import { type Static, Type } from '../../core/schema.ts';
import { By, Decision, Identifier, line, lineOrNothing, NullableNumber, NullableString, Time } from './common.ts';

export const DriftChannel = Type.Object({
  /** Such as 'brightness'. */
  name: Type.String(),
  title: Type.String(),
  /** Median and spread (half of the middle 68 %) that were learned; null while it learns. */
  learned: NullableNumber,
  spread: NullableNumber,
  /** Median of the last 50 parts since; null before the first. */
  now: NullableNumber,
  /** The running mean as a share of its limit, below 0 where values fall. Null while it learns, and where the value wanders too much by itself to be watched. */
  ofLimit: NullableNumber,
  /** What drifts, since when, and what to do; null where nothing does. */
  drift: Type.Union([Type.Object({ since: Time, message: Type.String(), acknowledged: Type.Boolean() }), Type.Null()]),
});
export type DriftChannel = Static<typeof DriftChannel>;

export const DriftMonitor = Type.Object({
  id: Type.String(),
  /** Id of the recipe, and its name. */
  recipe: Type.String(),
  recipeName: Type.String(),
  /** The source of the line, with its view where it has several; 'HTTP' for images that were sent. */
  source: Type.String(),
  /** When it began to learn. */
  since: Time,
  /** Parts that it learned from, of so many that it learns from. */
  learned: Type.Integer(),
  learnsFrom: Type.Integer(),
  /** Parts that it watched since. */
  parts: Type.Integer(),
  /** What of the parts learned from was not as at calibration; null where all was, or cannot be known. */
  atCalibration: NullableString,
  channels: Type.Array(DriftChannel),
  /** Of the chart, oldest first: `ofLimit` of each channel, 0 where it is null. */
  points: Type.Array(Type.Object({ at: Time, parts: Type.Integer(), ofLimit: Type.Array(Type.Number()) })),
});
export type DriftMonitor = Static<typeof DriftMonitor>;

export const Presentation = Type.Object({
  at: Time,
  inspection: Type.String(),
  source: Type.String(),
  decision: Decision,
  score: Type.Number(),
  /** What was wrong with it; null where nothing was. */
  wrong: NullableString,
});
export type Presentation = Static<typeof Presentation>;

const expected = Type.Union([Type.Literal('OK'), Type.Literal('NG')]);

export const ReferencePart = Type.Object({
  id: Type.String(),
  name: Type.String(),
  recipe: Type.String(),
  recipeName: Type.String(),
  /** Names of parts that are this one: exact, or a beginning followed by `*`; null: it is named by `reference` alone. */
  part: NullableString,
  expected,
  everyHours: Type.Number(),
  /** When it was stated, and by whom. */
  createdAt: Time,
  by: NullableString,
  /** When it is to be presented at the latest. */
  due: Time,
  overdue: Type.Boolean(),
  /** Of its score, from its first right presentations; null before there are enough. */
  limits: Type.Union([Type.Object({ low: Type.Number(), high: Type.Number() }), Type.Null()]),
  /** Right presentations from which the limits come, and how many there are to be. */
  learned: Type.Integer(),
  learnsFrom: Type.Integer(),
  /** The last 200, oldest first. */
  presentations: Type.Array(Presentation),
});
export type ReferencePart = Static<typeof ReferencePart>;

/** GET /api/drift */
export const DriftState = Type.Object({
  monitors: Type.Array(DriftMonitor),
  references: Type.Array(ReferencePart),
});
export type DriftState = Static<typeof DriftState>;

/** POST /api/drift/{id} -> DriftMonitor. acknowledge: its alarms end, and are raised again once it came back and drifts anew; learn: it learns from the next parts. */
export const DriftReset = Type.Object(
  {
    what: Type.Union([Type.Literal('acknowledge'), Type.Literal('learn')]),
    by: Type.Optional(By),
    note: Type.Optional(lineOrNothing(500)),
  },
  { additionalProperties: false },
);
export type DriftReset = Static<typeof DriftReset>;

/** POST /api/references -> ReferencePart. 409 CONFLICT where the recipe has one of that name. */
export const NewReference = Type.Object(
  {
    name: line(60),
    recipe: Identifier,
    part: Type.Optional(line(100)),
    expected,
    everyHours: Type.Number({ minimum: 0.01, maximum: 8784 }),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type NewReference = Static<typeof NewReference>;

/** DELETE /api/references/{id}?by */
export const ReferenceRemoval = Type.Object({ by: Type.Optional(By) }, { additionalProperties: false });
export type ReferenceRemoval = Static<typeof ReferenceRemoval>;
