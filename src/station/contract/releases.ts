/** Releases: recipes that people signed for, bound to exactly what they signed. */
import { type Static, Type } from '../../core/schema.ts';
import { line, NullableNumber, Time } from './common.ts';
import { Hash } from './datasets.ts';

/** Whether recipes judge without a release (none), by one person's, or by that of two. */
export const ReleasePolicy = Type.Union([Type.Literal('none'), Type.Literal('one'), Type.Literal('four-eyes')]);
export type ReleasePolicy = Static<typeof ReleasePolicy>;

/** proposed: a second person is asked; released: parts may be judged by it. */
export const SignatureMeaning = Type.Union([Type.Literal('proposed'), Type.Literal('released')]);
export type SignatureMeaning = Static<typeof SignatureMeaning>;

/** What is signed for: all that decides on a part. The bundle's hash covers model, regions, sizes and what else the bundle says. */
export const ReleasedContent = Type.Object({
  recipe: Type.String(),
  name: Type.String(),
  bundleHash: Type.String(),
  threshold: NullableNumber,
  review: NullableNumber,
  /** Product codes that it is set for, sorted. */
  products: Type.Array(Type.String()),
});
export type ReleasedContent = Static<typeof ReleasedContent>;

export const RecipeSignature = Type.Object({
  /** From 1, given once. */
  number: Type.Integer(),
  recipe: Type.String(),
  /** The revision that was signed for. */
  revision: Type.Integer(),
  meaning: SignatureMeaning,
  /** The number of the signature by which another person proposed it; null: one person alone signed. */
  proposal: Type.Union([Type.Integer(), Type.Null()]),
  content: ReleasedContent,
  /** SHA-256 of the content. */
  contentHash: Type.String(),
  /** The user who signed, by a session and the password once more. */
  by: Type.String(),
  reason: Type.String(),
  at: Time,
});
export type RecipeSignature = Static<typeof RecipeSignature>;

export const RecipeRelease = Type.Object({
  recipe: Type.String(),
  /** changed: it was released, and is another since; where the station asks for releases it judges as it was released. */
  state: Type.Union([Type.Literal('released'), Type.Literal('changed'), Type.Literal('unreleased')]),
  /** What would be signed now, and its hash. */
  content: ReleasedContent,
  contentHash: Type.String(),
  /** The release that holds. */
  inForce: Type.Union([RecipeSignature, Type.Null()]),
  /** A proposal of the present content that waits for a second person. */
  proposal: Type.Union([RecipeSignature, Type.Null()]),
  /** Newest first. */
  signatures: Type.Array(RecipeSignature),
});
export type RecipeRelease = Static<typeof RecipeRelease>;

/** GET /api/releases: of every recipe, newest first. */
export const ReleaseList = Type.Object({ policy: ReleasePolicy, releases: Type.Array(RecipeRelease) });
export type ReleaseList = Static<typeof ReleaseList>;

/** POST /api/recipes/{id}/release -> RecipeRelease. Asks for the session of a user; a token signs nothing. */
export const SignRequest = Type.Object(
  {
    password: Type.String({ minLength: 1, maxLength: 1000 }),
    meaning: SignatureMeaning,
    reason: line(500),
    /** Of the content that who signs was shown. 409 CONFLICT where it is another by now. */
    contentHash: Hash,
  },
  { additionalProperties: false },
);
export type SignRequest = Static<typeof SignRequest>;
