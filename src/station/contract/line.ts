/** The line: what its outputs are told of parts and of the station, the same on every way, and how the outputs fare. */
import { type Static, Type } from '../../core/schema.ts';
import { Decision, Identifier, line, NullableNumber, NullableString, Time } from './common.ts';
import { Cause } from './not-inspected.ts';
import { ProductCode } from './products.ts';

/** A part as the outputs get it. A part may come twice after a fault, never with another content: `id` says which it is. */
export const PartMessage = Type.Object({
  type: Type.Literal('part'),
  /** The line file's name of the station. */
  station: Type.String(),
  /**
   * From 1 without gaps, in the order of recording; a gap is a part that this output was not given. A new data folder begins anew, and an older
   * backup goes back.
   */
  sequence: Type.Integer(),
  /** True where the decision is OK, and nowhere else. */
  pass: Type.Boolean(),
  decision: Type.Union([Decision, Type.Literal('NOT_INSPECTED')]),
  /** Of the record: GET /api/inspections/ID. */
  id: Type.String(),
  resultId: NullableString,
  part: NullableString,
  lot: NullableString,
  product: NullableString,
  recipe: NullableString,
  revision: Type.Union([Type.Integer(), Type.Null()]),
  score: NullableNumber,
  threshold: NullableNumber,
  review: NullableNumber,
  /** Why it is REVIEW or NG where more than the score says so; of a part that was not inspected the message. */
  reason: NullableString,
  /** Of a part that was not inspected; else null. */
  cause: Type.Union([Cause, Type.Null()]),
  code: NullableString,
  /** Name of the reference part that it is of, which counts in no yield; null for all other parts. */
  reference: NullableString,
  /** How many parts it stands for: more than 1 only where many were turned away within a second. */
  count: Type.Integer(),
  /** Milliseconds from acceptance to decision. */
  millis: Type.Number(),
  /** When it was recorded. */
  at: Time,
});
export type PartMessage = Static<typeof PartMessage>;

/** The station as the outputs are told of it. */
export const StateMessage = Type.Object({
  type: Type.Literal('state'),
  station: Type.String(),
  /** False is said by a broker alone, of a station that is gone. */
  online: Type.Boolean(),
  /** Whether an image that was sent now would be decided and recorded; what stands in the way. */
  ready: Type.Boolean(),
  reason: NullableString,
  /** The one that is prepared. */
  recipe: Type.Union([Type.Object({ id: Type.String(), name: Type.String(), revision: Type.Integer() }), Type.Null()]),
  /** Alarms, while the rest goes on. */
  degraded: Type.Array(Type.String()),
  at: Time,
});
export type StateMessage = Static<typeof StateMessage>;

export const LineOutput = Type.Object({
  name: Type.String(),
  kind: Type.String(),
  title: Type.String(),
  /** Where it sends to or listens. */
  address: Type.String(),
  connected: Type.Boolean(),
  /** What stands in the way of the next part; null where nothing does. */
  problem: NullableString,
  /** The last time that the other side took a part. */
  lastExchange: Type.Union([Time, Type.Null()]),
  /** Parts that wait; and of those of the last days what became of them. */
  waiting: Type.Integer(),
  delivered: Type.Integer(),
  expired: Type.Integer(),
  givenUp: Type.Integer(),
  /** Since the start: parts that the other side took. */
  exchanges: Type.Integer(),
  /** Since the start: tries that failed. */
  failures: Type.Integer(),
});
export type LineOutput = Static<typeof LineOutput>;

/** Where images of the line come from; counters are since the start. */
export const LineSource = Type.Object({
  name: Type.String(),
  kind: Type.String(),
  title: Type.String(),
  /** Where it looks. */
  address: Type.String(),
  connected: Type.Boolean(),
  /** What stands in the way of the next image; null where nothing does. */
  problem: NullableString,
  /** When the last image came, and which it was. */
  lastImageAt: Type.Union([Time, Type.Null()]),
  lastImage: NullableString,
  /** Images that came and are not on record yet. */
  waiting: Type.Integer(),
  decided: Type.Integer(),
  notInspected: Type.Integer(),
  /** Images that were on record before: a restart found them again. */
  repeated: Type.Integer(),
  /** Images that nothing was to be decided on, or that were lost on the way. */
  dropped: Type.Integer(),
  /** How often it was taken up again after a fault. */
  restarts: Type.Integer(),
});
export type LineSource = Static<typeof LineSource>;

/** GET /api/line */
export const Line = Type.Object({
  /** Null where no file of sources and outputs is there. */
  station: NullableString,
  state: Type.Union([StateMessage, Type.Null()]),
  sources: Type.Array(LineSource),
  outputs: Type.Array(LineOutput),
});
export type Line = Static<typeof Line>;

/** GET /api/line/ID/parts?after&limit */
export const LinePartsQuery = Type.Object(
  {
    /** The last sequence number that is known; 0 for the beginning. */
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  },
  { additionalProperties: false },
);
export type LinePartsQuery = Static<typeof LinePartsQuery>;

/** POST /api/line/sources/ID/trigger?part&lot&product&recipe: which part is there. */
export const TriggerQuery = Type.Object(
  {
    part: Type.Optional(line(100)),
    lot: Type.Optional(line(100)),
    product: Type.Optional(ProductCode),
    recipe: Type.Optional(Identifier),
  },
  { additionalProperties: false },
);
export type TriggerQuery = Static<typeof TriggerQuery>;

export const LineParts = Type.Object({ parts: Type.Array(PartMessage) });
export type LineParts = Static<typeof LineParts>;

/** What the test of an output or a source found. */
export const LineCheck = Type.Object({ ok: Type.Boolean(), message: Type.String(), millis: Type.Number() });
export type LineCheck = Static<typeof LineCheck>;
