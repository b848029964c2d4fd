/** A shadow: a second recipe judges the parts that another one decides on, and decides nothing. */
import { type Static, Type } from '../../core/schema.ts';
import { By, Decision, Identifier, lineOrNothing, NullableNumber, NullableString, Proportion, Time } from './common.ts';

const NullableTime = Type.Union([Time, Type.Null()]);
const NullableInteger = Type.Union([Type.Integer(), Type.Null()]);

/** POST /api/shadows -> Shadow, once its bundle is open. 507 MEMORY_FULL where that does not fit beside the line. */
export const NewShadow = Type.Object(
  {
    /** Judges, and decides nothing. */
    recipe: Identifier,
    /** The recipe that decides, such as that of a product code; the active one unless told. */
    deciding: Type.Optional(Identifier),
    /** It ends after so many days, or parts judged, whichever is first; where neither is told when it is stopped. */
    days: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 365 })),
    parts: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
    by: Type.Optional(By),
    note: Type.Optional(lineOrNothing(500)),
  },
  { additionalProperties: false },
);
export type NewShadow = Static<typeof NewShadow>;

/** POST /api/shadows/{id}/stop */
export const StopShadow = Type.Object(
  { by: Type.Optional(By), note: Type.Optional(lineOrNothing(500)) },
  { additionalProperties: false },
);
export type StopShadow = Static<typeof StopShadow>;

export const ShadowState = Type.Union([
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('stopped'),
  Type.Literal('failed'),
]);
export type ShadowState = Static<typeof ShadowState>;

/**
 * Why a part was not judged by the shadow. overload: the line left no time, and more waited than may; memory: pictures of the line needed it;
 * too large: its picture alone is more than may wait; failed: the recipe could not judge the picture; ended: it waited when the shadow ended;
 * gone: the station was stopped or killed before, so that its picture was gone.
 */
export const ShadowFault = Type.Union([
  Type.Literal('overload'),
  Type.Literal('memory'),
  Type.Literal('too large'),
  Type.Literal('failed'),
  Type.Literal('ended'),
  Type.Literal('gone'),
]);
export type ShadowFault = Static<typeof ShadowFault>;

/** By the thresholds that it had when it began. */
const Judging = Type.Object({
  id: Type.String(),
  name: Type.String(),
  revision: Type.Integer(),
  threshold: NullableNumber,
  review: NullableNumber,
});

export const Shadow = Type.Object({
  id: Type.String(),
  recipe: Judging,
  /** Decides; a part counts by its decision at the time. */
  deciding: Type.Object({ id: Type.String(), name: Type.String() }),
  state: ShadowState,
  /** Why it failed. */
  problem: NullableString,
  startedAt: Time,
  startedBy: NullableString,
  endsAt: NullableTime,
  mostParts: NullableInteger,
  endedAt: NullableTime,
  /** Records that were judged by it, as far as they are still kept, and images that wait for it now. */
  judged: Type.Integer(),
  waiting: Type.Integer(),
});
export type Shadow = Static<typeof Shadow>;

/** GET /api/shadows, newest first. */
export const ShadowList = Type.Object({ shadows: Type.Array(Shadow) });
export type ShadowList = Static<typeof ShadowList>;

const Row = Type.Object({ OK: Type.Integer(), REVIEW: Type.Integer(), NG: Type.Integer() });
const Judged = Type.Object({ decision: Decision, score: Type.Number() });

export const ShadowChange = Type.Object({
  inspection: Type.String(),
  part: NullableString,
  createdAt: Time,
  imageStored: Type.Boolean(),
  /** By a person's verdict; null where there is none. */
  label: Type.Union([Type.Literal('good'), Type.Literal('defective'), Type.Null()]),
  deciding: Judged,
  shadow: Judged,
});
export type ShadowChange = Static<typeof ShadowChange>;

/** By people's verdicts: share of OK among defective parts, and of NG among good ones. */
const Verdicts = Type.Object({ missed: Proportion, falseAlarms: Proportion });

/** GET /api/shadows/{id}: what it would have changed. Rates with Clopper-Pearson intervals of 95 %. */
export const ShadowReport = Type.Object({
  shadow: Shadow,
  /** By the decision, and within that by the shadow's. */
  table: Type.Object({ OK: Row, REVIEW: Row, NG: Row }),
  /** Parts that it decides otherwise, of all that it judged. */
  changed: Proportion,
  /** Of those that are OK, REVIEW and NG. */
  changedOf: Type.Object({ OK: Proportion, REVIEW: Proportion, NG: Proportion }),
  /** Toward NG, and toward OK. */
  stricter: Proportion,
  milder: Proportion,
  /** Of those with a person's verdict, where the shadow is right. */
  stricterRight: Proportion,
  milderRight: Proportion,
  verdicts: Type.Object({ deciding: Verdicts, shadow: Verdicts }),
  /** Milliseconds of the shadow for a part, beside the line; null where there is none. */
  millis: Type.Object({ mean: NullableNumber, most: NullableNumber }),
  /** Parts that it did not judge, by reason. */
  notJudged: Type.Object({
    overload: Type.Integer(),
    memory: Type.Integer(),
    'too large': Type.Integer(),
    failed: Type.Integer(),
    ended: Type.Integer(),
    gone: Type.Integer(),
  }),
  /** What so many parts prove, and what they do not, in sentences. */
  proof: Type.Array(Type.String()),
  /** At most 500: those that would have passed first, then those that would not have, then those to and from REVIEW; of each the newest. */
  changes: Type.Array(ShadowChange),
});
export type ShadowReport = Static<typeof ShadowReport>;
