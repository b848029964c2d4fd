/** Recipes: a bundle with the thresholds that a product is judged by. */
import { type Static, Type } from '../../core/schema.ts';
import { Regions } from '../../data/regions/schema.ts';
import { By, line, lineOrNothing, NullableNumber, NullableString, Proportion, Time } from './common.ts';

/** The bundle's own figures on its test images, at the bundle's threshold; they do not change with the recipe's. */
export const RecipeFigures = Type.Object({
  good: Type.Integer(),
  defective: Type.Integer(),
  threshold: Type.Number(),
  auroc: Type.Number(),
  aurocInterval: Type.Union([Type.Object({ low: Type.Number(), high: Type.Number() }), Type.Null()]),
  recall: Proportion,
  falseAlarmRate: Proportion,
  /** Whether the station computed them again, from the scores of single images beside the bundle; else they are what the bundle says. */
  recomputed: Type.Optional(Type.Boolean()),
});
export type RecipeFigures = Static<typeof RecipeFigures>;

const Span = Type.Object({ least: Type.Number(), most: Type.Number() });

export const Recipe = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** The present revision, from 1. Every change of thresholds and every activation is a new one. */
  revision: Type.Integer(),
  /** SHA-256 of bundle.json, which holds those of all other files; of older recipes, of the list of files alone. */
  bundleHash: Type.String(),
  /** 'flow', 'unet', or what else the bundle states. */
  detector: Type.String(),
  /** A score at or above it is NG; null: every part is for REVIEW. */
  threshold: NullableNumber,
  /** A score from here to below the threshold is for REVIEW; null: none. */
  review: NullableNumber,
  /** How the threshold was chosen: a rule of `felfri calibrate`, or 'by hand'. */
  rule: NullableString,
  createdAt: Time,
  active: Type.Boolean(),
  figures: Type.Union([RecipeFigures, Type.Null()]),
  /** Name, split and protocol of the data that the bundle was trained on. */
  data: Type.Object({ name: Type.String(), split: Type.String(), protocol: Type.String() }),
  /** `score` where a value of the map is what the image would score, were that its oddest place: it is coloured by the threshold then. */
  mapUnit: Type.Union([Type.Literal('score'), Type.Null()]),
  /** Values of the score map that are drawn as nothing and as full, where it is not. */
  mapRange: Type.Object({ low: Type.Number(), high: Type.Number() }),
  /** Whether a picture that shows nothing is judged like any other, since good parts look so; else it is for REVIEW. */
  judgesBlank: Type.Boolean(),
  /** Sizes of the pictures that were learned from: one of quite another size is for REVIEW; null: any size is judged. */
  sizes: Type.Union([Type.Object({ height: Span, width: Span, proportion: Span }), Type.Null()]),
  /** The shares of their lines that good pictures have of one value, and that repeat the one before: more is for REVIEW; null: any picture is judged. */
  frame: Type.Union([Type.Object({ flat: Type.Number(), repeated: Type.Number() }), Type.Null()]),
  /** Where pictures are judged, and where not; null: everywhere. */
  regions: Type.Union([Regions, Type.Null()]),
  /** Trusted keys that had signed the bundle when it came; null: the station demanded none. */
  signedBy: Type.Union([
    Type.Object({
      keys: Type.Array(Type.Object({ name: Type.String(), key: Type.String() })),
      /** As who signed says. */
      signedAt: Type.String(),
    }),
    Type.Null(),
  ]),
  /** How a fusion makes one score of two; null for other detectors. */
  combination: Type.Union([Type.Literal('larger'), Type.Literal('sum'), Type.Null()]),
});
export type Recipe = Static<typeof Recipe>;

export const RecipeRevision = Type.Object({
  recipe: Type.String(),
  revision: Type.Integer(),
  change: Type.Union([
    Type.Literal('created'),
    Type.Literal('thresholds'),
    Type.Literal('activated'),
    Type.Literal('rolled back'),
  ]),
  /** The revision in which these thresholds were first set. */
  thresholdsFrom: Type.Integer(),
  threshold: NullableNumber,
  review: NullableNumber,
  rule: NullableString,
  by: NullableString,
  note: NullableString,
  createdAt: Time,
});
export type RecipeRevision = Static<typeof RecipeRevision>;

/** GET /api/recipes, newest first. */
export const RecipeList = Type.Object({ recipes: Type.Array(Recipe) });
export type RecipeList = Static<typeof RecipeList>;

/** GET /api/recipes/{id}: with all revisions, newest first. */
export const RecipeDetail = Type.Object({ recipe: Recipe, revisions: Type.Array(RecipeRevision) });
export type RecipeDetail = Static<typeof RecipeDetail>;

/**
 * POST /api/recipes is multipart: text fields `name` and `by?`, then the bundle's files, each as a file part whose FIELD NAME is its path within
 * the bundle: bundle.json, model.onnx, golden/0.png, golden/outputs.safetensors, run/test-scores.json, run/calibration-scores.json.
 * Answers 201 with a Recipe. The bundle is opened and its golden images are replayed before it is accepted.
 */
export const RecipeUploadFields = Type.Object({
  name: line(100),
  by: Type.Optional(By),
});
export type RecipeUploadFields = Static<typeof RecipeUploadFields>;

/** PATCH /api/recipes/{id} -> Recipe. 409 CONFLICT when `revision` is given and is not the present one. */
export const ThresholdChange = Type.Object(
  {
    ng: Type.Number(),
    /** Not above `ng`; null or left out: no REVIEW. */
    review: Type.Optional(NullableNumber),
    by: Type.Optional(By),
    note: Type.Optional(lineOrNothing(500)),
    /** The revision that the change was made against. */
    revision: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
);
export type ThresholdChange = Static<typeof ThresholdChange>;

/** POST /api/recipes/{id}/activate -> Recipe; the body may be left out. */
export const Activation = Type.Object({ by: Type.Optional(By) }, { additionalProperties: false });
export type Activation = Static<typeof Activation>;

/** POST /api/recipes/{id}/rollback -> Recipe: the thresholds of a former revision, as a new one. The body may be left out. */
export const Rollback = Type.Object(
  {
    /** Whose thresholds to take; left out: those before the present ones. */
    to: Type.Optional(Type.Integer({ minimum: 1 })),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type Rollback = Static<typeof Rollback>;
