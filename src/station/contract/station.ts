/** The station itself: what it is, what it does at present, and its events. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableNumber, NullableString, Time } from './common.ts';
import { Inspection } from './inspections.ts';
import { NotInspected, PartRecord } from './not-inspected.ts';
import { Product } from './products.ts';
import { Recipe } from './recipes.ts';
import { ReleasePolicy } from './releases.ts';

/** Which images are kept: ng keeps those that are NG or REVIEW. */
export const StorePolicy = Type.Union([Type.Literal('all'), Type.Literal('ng'), Type.Literal('none')]);
export type StorePolicy = Static<typeof StorePolicy>;

/** Something of the station's own that is damaged or was altered, or will hurt soon; what is whole goes on without it. */
export const Alarm = Type.Object({
  at: Time,
  kind: Type.Union([
    Type.Literal('recipe'),
    Type.Literal('data set'),
    Type.Literal('training'),
    Type.Literal('replay'),
    Type.Literal('shadow'),
    Type.Literal('study'),
    Type.Literal('audit'),
    Type.Literal('clock'),
    Type.Literal('line'),
    Type.Literal('disk'),
    Type.Literal('certificate'),
    Type.Literal('drift'),
    Type.Literal('reference'),
  ]),
  /** Of the recipe, data set, training, replay, shadow or study; of the clock 'retention', 'system' or 'database'; of the disk 'data'; of a certificate 'https' or 'opcua' and the output; of the audit log 'log', or the place where its head is to be noted; of the line an output; of drift recipe, camera and what drifts; of a reference part recipe and name. */
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
  /** Product codes with a recipe of their own. Where there is one, each image names its product or its recipe. */
  products: Type.Array(Product),
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
  /** What recipes need before they judge. */
  release: ReleasePolicy,
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

/** A recipe that judges at present. */
export const RecipeInUse = Type.Object({
  /** The product code that chooses it; null: the active one, for images without a code. */
  product: NullableString,
  recipe: Type.String(),
  name: Type.String(),
  revision: Type.Integer(),
  /** Why it cannot judge now; null where it can. */
  reason: NullableString,
});
export type RecipeInUse = Static<typeof RecipeInUse>;

export const Readiness = Type.Object({
  /** Whether an image that is sent now would be decided: of products, that of any. */
  ready: Type.Boolean(),
  reason: NullableString,
  recipes: Type.Array(RecipeInUse),
});
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
      Type.Literal('proposed'),
      Type.Literal('released'),
    ]),
    recipe: Recipe,
  }),
  Type.Object({ type: Type.Literal('products'), products: Type.Array(Product) }),
  /** An alarm was raised, or is over. */
  Type.Object({
    type: Type.Literal('alarm'),
    change: Type.Union([Type.Literal('raised'), Type.Literal('ended')]),
    alarm: Alarm,
  }),
]);
export type StationEvent = Static<typeof StationEvent>;
