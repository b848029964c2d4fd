/** Inspections: what was decided on an image, and what a person said of it. */
import { type Static, Type } from '../../core/schema.ts';
import { By, Decision, Identifier, line, lineOrNothing, NullableNumber, NullableString, Time } from './common.ts';
import { ProductCode } from './products.ts';

/**
 * agree: the decision was right (of REVIEW: the part is defective); false-alarm, of NG and REVIEW: the part is good; missed, of OK and REVIEW:
 * the part is defective; cannot-tell: somebody looked and cannot say, so that it waits no longer and is no labelled score.
 */
export const Verdict = Type.Union([
  Type.Literal('agree'),
  Type.Literal('false-alarm'),
  Type.Literal('missed'),
  Type.Literal('cannot-tell'),
]);
export type Verdict = Static<typeof Verdict>;

export const Feedback = Type.Object({
  verdict: Verdict,
  /** Class of the defect, where the part is defective and somebody said so. */
  className: NullableString,
  by: NullableString,
  note: NullableString,
  createdAt: Time,
});
export type Feedback = Static<typeof Feedback>;

export const Inspection = Type.Object({
  /** Ids sort in the order of recording. */
  id: Type.String(),
  /** As the client gave it, or made by the station. */
  resultId: Type.String(),
  part: NullableString,
  lot: NullableString,
  /** Product code that the image named; it chose the recipe. */
  product: NullableString,
  /** Id of the recipe, and the revision of it that was in force. */
  recipe: Type.String(),
  revision: Type.Integer(),
  decision: Decision,
  /**
   * What REVIEW rests on where no score led to it (no picture, no threshold); of a fusion's NG and REVIEW its detectors, of a flow's what its views say,
   * each with its share of the score; else null.
   */
  reason: NullableString,
  score: Type.Number(),
  threshold: NullableNumber,
  review: NullableNumber,
  /** From the acceptance to the decision, waiting included. */
  millis: Type.Number(),
  /** SHA-256 of the image's bytes as they came. */
  imageHash: Type.String(),
  /** Whether .../image and .../map can be had. */
  imageStored: Type.Boolean(),
  width: Type.Integer(),
  height: Type.Integer(),
  createdAt: Time,
  /** Name of the reference part that it is of; it counts in no yield. Null for all other parts. */
  reference: NullableString,
  feedback: Type.Union([Feedback, Type.Null()]),
});
export type Inspection = Static<typeof Inspection>;

/**
 * POST /api/inspections: multipart with these as text fields and one file part named `image`, in any order; or the image's bytes as the body
 * (content type image/* or application/octet-stream) with these in the query. A field given twice, an unknown one and a second file are
 * refused with 400. 201 with an Inspection; 200 with the former one when the
 * resultId was seen before with the same image; 409 CONFLICT when with another image, part, lot, product or stated recipe; 503 TOO_BUSY with Retry-After when the queue is full.
 */
export const InspectionFields = Type.Object(
  {
    part: Type.Optional(line(100)),
    lot: Type.Optional(line(100)),
    resultId: Type.Optional(Identifier),
    /** Chooses the recipe that is set for it. Where any is set, an image without `product` and `recipe` is refused with 422 PRODUCT_UNKNOWN. */
    product: Type.Optional(ProductCode),
    /** Default: that of the product, or the active one. With a product it must be the product's. */
    recipe: Type.Optional(Identifier),
    /** Name of the reference part of its recipe that it is of: it is decided on as any part, and kept out of yields and of what is watched for drift. */
    reference: Type.Optional(line(60)),
    /** Which view of `part` it is, where parts of the line have several: answered once the part is decided, with the record that stands for it. */
    view: Type.Optional(line(40)),
  },
  { additionalProperties: false },
);
export type InspectionFields = Static<typeof InspectionFields>;

/**
 * GET /api/inspections?..., newest first. Parts that were not inspected are among them, unless the search asks for a score, a verdict or
 * another decision.
 */
export const InspectionQuery = Type.Object(
  {
    decision: Type.Optional(Type.Union([Decision, Type.Literal('NOT_INSPECTED')])),
    /** Exact, or a beginning followed by `*`. */
    part: Type.Optional(lineOrNothing(100)),
    lot: Type.Optional(lineOrNothing(100)),
    /** Exact. */
    product: Type.Optional(ProductCode),
    recipe: Type.Optional(Identifier),
    from: Type.Optional(Time),
    /** Not included. */
    to: Type.Optional(Time),
    minScore: Type.Optional(Type.Number()),
    maxScore: Type.Optional(Type.Number()),
    feedback: Type.Optional(Type.Union([Verdict, Type.Literal('any'), Type.Literal('none')])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    /** `next` of the page before. */
    before: Type.Optional(Identifier),
  },
  { additionalProperties: false },
);
export type InspectionQuery = Static<typeof InspectionQuery>;

/** What a search for a decision gives. */
export interface InspectionPage {
  readonly inspections: readonly Inspection[];
  /** Give it as `before` for the next page; null at the end. */
  readonly next: string | null;
}

/**
 * GET /api/inspections/{id}/image gives the bytes as they came, .../map a PNG of the image with the score map over it. With `longest`, a
 * copy of which no side is longer (the image as WebP). 404 NOT_FOUND where `imageStored` is false.
 */
export const PictureQuery = Type.Object(
  { longest: Type.Optional(Type.Integer({ minimum: 16, maximum: 8192 })) },
  { additionalProperties: false },
);
export type PictureQuery = Static<typeof PictureQuery>;

/** The same of a heat map; `stamped` adds a strip below it with decision, score, scale and reason. */
export const MapQuery = Type.Object(
  { ...PictureQuery.properties, stamped: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
export type MapQuery = Static<typeof MapQuery>;

/** PUT /api/inspections/{id}/feedback -> Inspection. A later verdict takes the place of the former, which the audit log keeps. */
export const FeedbackRequest = Type.Object(
  {
    verdict: Verdict,
    /** Of the defect; refused with a verdict by which the part is not defective. */
    className: Type.Optional(line(50)),
    by: Type.Optional(By),
    note: Type.Optional(lineOrNothing(500)),
  },
  { additionalProperties: false },
);
export type FeedbackRequest = Static<typeof FeedbackRequest>;

/** DELETE /api/inspections/{id}/feedback?by -> Inspection, which waits for a verdict again. 404 NOT_FOUND where there is none. */
export const FeedbackWithdrawal = Type.Object({ by: Type.Optional(By) }, { additionalProperties: false });
export type FeedbackWithdrawal = Static<typeof FeedbackWithdrawal>;

/** GET /api/review?limit: REVIEW and NG without feedback, oldest first. */
export const ReviewQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })) },
  { additionalProperties: false },
);
export type ReviewQuery = Static<typeof ReviewQuery>;

export const ReviewQueue = Type.Object({
  inspections: Type.Array(Inspection),
  /** How many wait in all. */
  waiting: Type.Integer(),
});
export type ReviewQueue = Static<typeof ReviewQueue>;
