/** The station itself: what it is, what it does at present, its events and its audit log. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableNumber, NullableString, Time } from './common.ts';
import { Inspection } from './inspections.ts';
import { NotInspected, PartRecord } from './not-inspected.ts';
import { Recipe } from './recipes.ts';

/** Which images are kept: ng keeps those that are NG or REVIEW. */
export const StorePolicy = Type.Union([Type.Literal('all'), Type.Literal('ng'), Type.Literal('none')]);
export type StorePolicy = Static<typeof StorePolicy>;

/** Something of the station's own that is damaged or was altered; what is whole goes on without it. */
export const Alarm = Type.Object({
  at: Time,
  kind: Type.Union([
    Type.Literal('recipe'),
    Type.Literal('data set'),
    Type.Literal('training'),
    Type.Literal('replay'),
    Type.Literal('audit'),
    Type.Literal('clock'),
    Type.Literal('line'),
  ]),
  /** Of the recipe, data set, training or replay; of the clock 'retention'; of the audit log 'log', or the place where its head is to be noted; of the line an output. */
  id: Type.String(),
  /** As of an error. */
  code: Type.String(),
  message: Type.String(),
});
export type Alarm = Static<typeof Alarm>;

/** GET /api/station */
export const Station = Type.Object({
  version: Type.String(),
  startedAt: Time,
  uptimeSeconds: Type.Number(),
  /** What computes, such as 'cpu: 2 workers of 1 thread'. */
  device: Type.String(),
  /** The active one; null before the first. */
  recipe: Type.Union([Recipe, Type.Null()]),
  /** What is damaged, until it is mended and opened again. */
  alarms: Type.Array(Alarm),
  /** Since the start: decisions, and parts that were not inspected by their cause. */
  counts: Type.Object({
    ok: Type.Integer(),
    review: Type.Integer(),
    ng: Type.Integer(),
    refused: Type.Integer(),
    shed: Type.Integer(),
    late: Type.Integer(),
    lost: Type.Integer(),
    failed: Type.Integer(),
  }),
  /** The last part since the start that was not inspected, also where its record could not be written. */
  lastNotInspected: Type.Union([NotInspected, Type.Null()]),
  /** Seconds in which an image must be decided on once it has come, and after which a page shows a decision as an old one. */
  decideSeconds: Type.Number(),
  showSeconds: Type.Number(),
  /** Images accepted and not yet answered, of at most `limit`. */
  queue: Type.Object({ length: Type.Integer(), limit: Type.Integer() }),
  store: StorePolicy,
  /** For how long, and how much; null: for ever, without limit. A picture goes at the latest with its record. */
  kept: Type.Object({
    pictureDays: NullableNumber,
    pictureBytes: NullableNumber,
    recordDays: NullableNumber,
    recordCount: NullableNumber,
  }),
  records: Type.Union([Type.Literal('sqlite'), Type.Literal('postgresql')]),
  limits: Type.Object({ imageBytes: Type.Integer(), imagePixels: Type.Integer() }),
});
export type Station = Static<typeof Station>;

/** GET /health (200 while the process lives) and GET /ready (200, or 503 with the reason). */
export const Health = Type.Object({ status: Type.Literal('ok') });
export type Health = Static<typeof Health>;

export const Readiness = Type.Object({ ready: Type.Boolean(), reason: NullableString });
export type Readiness = Static<typeof Readiness>;

/**
 * GET /api/events, server-sent. The event's name is `type`, its data the JSON of this object. `inspection` also comes when feedback was given
 * or taken back (`change` 'feedback'), and of parts that were not inspected. `heartbeat` comes every second: who has not heard one for 5
 * seconds must not rely on what was said before.
 */
export const StationEvent = Type.Union([
  Type.Object({
    type: Type.Literal('inspection'),
    change: Type.Literal('new'),
    inspection: PartRecord,
  }),
  Type.Object({
    type: Type.Literal('inspection'),
    change: Type.Literal('feedback'),
    inspection: Inspection,
  }),
  Type.Object({
    type: Type.Literal('heartbeat'),
    /** The station's clock. */
    at: Time,
    /** Images that are being received, waiting or inspected. */
    underWay: Type.Integer(),
  }),
  Type.Object({
    type: Type.Literal('recipe'),
    change: Type.Union([
      Type.Literal('created'),
      Type.Literal('thresholds'),
      Type.Literal('activated'),
      Type.Literal('rolled back'),
    ]),
    recipe: Recipe,
  }),
]);
export type StationEvent = Static<typeof StationEvent>;

/** What an entry of the audit log is about; kept: what the station keeps for a time. */
export const AuditSubject = Type.Union([
  Type.Literal('recipe'),
  Type.Literal('inspection'),
  Type.Literal('dataSet'),
  Type.Literal('training'),
  Type.Literal('user'),
  Type.Literal('kept'),
]);
export type AuditSubject = Static<typeof AuditSubject>;

export const AuditEntry = Type.Object({
  /** From 1, without gaps. */
  number: Type.Integer(),
  at: Time,
  by: NullableString,
  /** Such as 'recipe.thresholds'. */
  action: Type.String(),
  /** What `subject` is the id of, or a user's name; null for an action of a later version. Not covered by the hash. */
  about: Type.Union([AuditSubject, Type.Null()]),
  subject: Type.String(),
  /** What changed, as the action defines it. */
  detail: Type.Unknown(),
  /** The entry as a sentence or two in English, made when it is asked for; not covered by the hash. */
  summary: Type.String(),
  /** SHA-256 of the entry before; 64 zeros for the first. */
  previous: Type.String(),
  /** SHA-256 over all of the above but `about` and `summary`. */
  hash: Type.String(),
});
export type AuditEntry = Static<typeof AuditEntry>;

/** GET /api/audit?limit&before, newest first. */
export const AuditQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    before: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

export const AuditTrail = Type.Object({ entries: Type.Array(AuditEntry) });
export type AuditTrail = Static<typeof AuditTrail>;
