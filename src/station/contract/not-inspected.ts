/** Parts that came and were not inspected: the record of an attempt that gave no decision. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableString, Time } from './common.ts';
import { Inspection } from './inspections.ts';

/**
 * Why nothing was decided. refused: the image or the request could not be used; shed: there were more than the station takes; late: there was
 * no decision in time; lost: the sender went away before it; failed: the station could not inspect or keep the record.
 */
export const Cause = Type.Union([
  Type.Literal('refused'),
  Type.Literal('shed'),
  Type.Literal('late'),
  Type.Literal('lost'),
  Type.Literal('failed'),
]);
export type Cause = Static<typeof Cause>;

export const NotInspected = Type.Object({
  /** Ids sort in the order of recording, together with those of inspections. */
  id: Type.String(),
  decision: Type.Literal('NOT_INSPECTED'),
  cause: Cause,
  /** One of docs/errors.md, as the sender got it. */
  code: Type.String(),
  message: Type.String(),
  /** What the sender said, as far as that was read. */
  resultId: NullableString,
  part: NullableString,
  lot: NullableString,
  product: NullableString,
  /** Id of the recipe that was asked for, or of the active one; null where there was none. */
  recipe: NullableString,
  /** SHA-256 of the image's bytes, where they had come. */
  imageHash: NullableString,
  /** How many parts this record stands for: 1, or those beyond what is recorded singly in a second. */
  count: Type.Integer(),
  /** From the beginning of the request to the refusal. */
  millis: Type.Number(),
  createdAt: Time,
  /** Id of the inspection that decided on this resultId when it was sent again; null where there is none. */
  decidedAs: NullableString,
});
export type NotInspected = Static<typeof NotInspected>;

/** What GET /api/inspections and the events give: `decision` tells which of the two it is. */
export const PartRecord = Type.Union([Inspection, NotInspected]);
export type PartRecord = Static<typeof PartRecord>;

export const PartRecordPage = Type.Object({
  inspections: Type.Array(PartRecord),
  /** Give it as `before` for the next page; null at the end. */
  next: NullableString,
});
export type PartRecordPage = Static<typeof PartRecordPage>;
