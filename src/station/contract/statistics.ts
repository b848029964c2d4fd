/** What became of the parts of a time, counted from the records, so that a restart changes nothing. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableNumber, Time } from './common.ts';

/** By what parts are counted together. */
export const CountedBy = Type.Union([
  Type.Literal('hour'),
  Type.Literal('shift'),
  Type.Literal('day'),
  Type.Literal('lot'),
  Type.Literal('product'),
  Type.Literal('recipe'),
]);
export type CountedBy = Static<typeof CountedBy>;

/** GET /api/statistics. Days and shifts begin by the clock of who asks. */
export const StatisticsQuery = Type.Object(
  {
    by: CountedBy,
    from: Time,
    /** Not included; left out: until now. */
    to: Type.Optional(Time),
    /** Minutes by which the clock of who asks is ahead of UTC. */
    offset: Type.Optional(Type.Integer({ minimum: -840, maximum: 840, default: 0 })),
    /** Hour of the day at which a shift begins, and how many hours each lasts. */
    shiftStart: Type.Optional(Type.Integer({ minimum: 0, maximum: 23, default: 6 })),
    shiftHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24, default: 8 })),
  },
  { additionalProperties: false },
);
export type StatisticsQuery = Static<typeof StatisticsQuery>;

export const StatisticsRow = Type.Object({
  /** When the hour, shift or day begins (ISO 8601); the lot; the product code; or the recipe's id. Empty: without one. */
  key: Type.String(),
  ok: Type.Integer(),
  review: Type.Integer(),
  ng: Type.Integer(),
  /** Parts, not records: a record may stand for several. */
  notInspected: Type.Integer(),
  /** By what people said: NG and REVIEW that were good, and OK or REVIEW that were defective. */
  falseAlarms: Type.Integer(),
  missed: Type.Integer(),
  /** Mean of score / NG limit of the parts that were OK; null where there was none, or no limit above 0. It rises before parts become NG. */
  closeness: NullableNumber,
});
export type StatisticsRow = Static<typeof StatisticsRow>;

export const Statistics = Type.Object({
  /** The latest time first; lots, products and recipes by name. Hours, shifts and days without a part have no row. */
  rows: Type.Array(StatisticsRow),
  /** Whether there were more rows than are given. */
  more: Type.Boolean(),
});
export type Statistics = Static<typeof Statistics>;
