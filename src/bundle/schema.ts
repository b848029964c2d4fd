/** bundle.json: what a trained detector says of itself. One schema gives the type and the check. */
import { FelfriError } from '../core/errors.ts';
import { literals, type Static, Type, Value } from '../core/schema.ts';
import { checkRegions } from '../data/regions/check.ts';
import { Regions } from '../data/regions/schema.ts';
import { detectorNames } from '../detectors/table.ts';

/**
 * What this felfri writes. Version 2 added the second threshold for REVIEW, which a reader of version 1 would pass over: it must refuse
 * such a bundle rather than pass parts that a person should see. Version 3 added how pixels are taken from files, and version 4 the sizes of
 * pictures that may be judged, which must not be passed over either. Version 5 added regions: who passes over them judges
 * pictures of other proportions, on which they lie elsewhere.
 */
export const SCHEMA_VERSION = 5;

const readable: readonly unknown[] = [1, 2, 3, 4, SCHEMA_VERSION];

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Count = Type.Integer({ minimum: 0 });

const Threshold = Type.Object({
  /** A score at or above it is NG. */
  value: Type.Number(),
  /** As `felfri calibrate --rule` takes it. */
  rule: Type.String(),
  /** What the rule promises, in a sentence. */
  statement: Type.String(),
  /** Such as 'calibration part of fold 0 of 5'. */
  chosenOn: Type.String(),
  /** A score from `value` here to below the threshold is for REVIEW; chosen on the same images. */
  review: Type.Optional(Type.Object({ value: Type.Number(), rule: Type.String(), statement: Type.String() })),
});

const PixelThreshold = Type.Object({
  /** A map value at or above it is called defective. */
  value: Type.Number(),
  /** How it was chosen, in a sentence. */
  statement: Type.String(),
  /** As of the threshold, or 'fixed beforehand'. */
  chosenOn: Type.String(),
});

/** As `Intake` (data/image/intake.ts). */
const Pixels = Type.Object({
  sample: Type.Union([Type.Literal('uint8'), Type.Literal('uint16'), Type.Literal('float32')]),
  range: Type.Object({ low: Type.Number(), high: Type.Number() }),
  bands: Type.Optional(
    Type.Union([Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 3 }), Type.Literal('mean')]),
  ),
  raw: Type.Optional(Type.String()),
});

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Span = Type.Object({ least: Type.Number(), most: Type.Number() });

const Manifest = Type.Object({
  schema: Type.Union([
    Type.Literal(1),
    Type.Literal(2),
    Type.Literal(3),
    Type.Literal(4),
    Type.Literal(SCHEMA_VERSION),
  ]),
  /** An older felfri refuses the detectors that it does not know by this very line, so that a new one needs no new version. */
  detector: literals(detectorNames),
  created: Type.String(),
  canvas: Type.Object({
    height: Type.Integer({ minimum: 1 }),
    width: Type.Integer({ minimum: 1 }),
    fit: Type.Union([Type.Literal('stretch'), Type.Literal('letterbox')]),
  }),
  /** How pixels are taken from files; absent where images have 8 bits, grey or RGB. */
  pixels: Type.Optional(Pixels),
  /** Where pictures are judged, and where not; everywhere where it is absent. Within the model, which learned nothing else. */
  regions: Type.Optional(Type.Object({ ...Regions.properties, within: Type.Literal('model') })),
  /** The network's settings, as its detector defines them. */
  settings: Type.Record(Type.String(), Type.Unknown()),
  backbone: Type.Union([
    Type.Object({ name: Type.String(), licence: Type.String(), fingerprint: Type.String() }),
    Type.Null(),
  ]),
  threshold: Type.Union([Threshold, Type.Null()]),
  /**
   * What a picture that shows nothing (black, white, one value) is: for REVIEW, or judged like any other since good parts look so. Absent until
   * calibrated, and in older bundles: for REVIEW.
   */
  blankPictures: Type.Optional(
    Type.Object({
      policy: Type.Union([Type.Literal('review'), Type.Literal('judge')]),
      /** Of the good images that the threshold was chosen on, those that show nothing, and all. */
      blankGood: Count,
      good: Count,
      /** Whether a person said so; else the good images did. */
      told: Type.Boolean(),
    }),
  ),
  /**
   * Sizes of the pictures that the bundle learned from and set its threshold on, and what others are: for REVIEW, or judged. Absent until
   * calibrated, and in bundles of before version 4: any size is judged.
   */
  pictureSizes: Type.Optional(
    Type.Object({
      policy: Type.Union([Type.Literal('review'), Type.Literal('judge')]),
      /** Whether a person said so. */
      told: Type.Boolean(),
      /** Pictures that were looked at. */
      images: Count,
      /** Pixels, upright. */
      height: Span,
      width: Span,
      /** Width / height. */
      proportion: Span,
    }),
  ),
  /**
   * The most of their lines that good pictures have of one value, and that repeat the one before, 0..1: a picture with a tenth more is for REVIEW
   * where blank ones are. Absent until calibrated, and in bundles of before 2026-11-28: any is judged.
   */
  frameFaults: Type.Optional(Type.Object({ images: Count, flat: Share, repeated: Share })),
  /** For Dice and outlines; absent until calibrated, and in bundles of version 1. */
  pixelThreshold: Type.Optional(PixelThreshold),
  /** Of a model that computes in 8 bits; absent in one of float. */
  quantisation: Type.Optional(
    Type.Object({
      /** SHA-256 of the float model. */
      of: Sha256,
      /** Images that the ranges were measured on. */
      images: Count,
      /** Convolutions computed in 8 bits, and all. */
      convolutions: Count,
      allConvolutions: Count,
    }),
  ),
  /** `score` where a value of the map is what the image would score, were that its oddest place; absent where it is not, and in older bundles. */
  mapUnit: Type.Optional(Type.Literal('score')),
  /** Values of the score map that the heat map draws as nothing and as full, where it cannot go by the threshold. */
  mapRange: Type.Object({ low: Type.Number(), high: Type.Number() }),
  /** Figures on test images, with intervals; null until `felfri evaluate`. */
  evaluation: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  data: Type.Object({
    name: Type.String(),
    hash: Sha256,
    split: Type.String(),
    /** `splitHash` of the split; bundles of before there was one have none. */
    splitHash: Type.Optional(Sha256),
    protocol: Type.Union([Type.Literal('honest'), Type.Literal('paper')]),
    images: Type.Object({ train: Count, calibration: Count, test: Count }),
    partGroups: Type.String(),
    /** The leak check's verdict on the split; bundles of before it have none. */
    leak: Type.Optional(
      Type.Object({
        statement: Type.String(),
        rate: Type.Number(),
        limit: Type.Number(),
        flagged: Type.Boolean(),
        overridden: Type.Boolean(),
      }),
    ),
  }),
  /** Photographs that were added without training (`felfri add`); absent where none were. */
  added: Type.Optional(
    Type.Object({
      /** SHA-256 of the model that they were added to. */
      to: Sha256,
      name: Type.String(),
      hash: Sha256,
      /** Good images that were learned from, good ones that were kept apart for scale and threshold, and defective ones for these. */
      learned: Count,
      keptApart: Count,
      defective: Count,
      /** Copies of what was there, or unreadable. */
      leftOut: Count,
      /** Good images that the former bundle called clearly defective, and a person good. */
      accepted: Count,
    }),
  ),
  training: Type.Record(Type.String(), Type.Unknown()),
  software: Type.Record(Type.String(), Type.String()),
  /** SHA-256 of every other file of the bundle, by its path within. */
  files: Type.Record(Type.String({ pattern: '^(golden/)?[A-Za-z0-9_-]+\\.[a-z]+$' }), Sha256, {
    additionalProperties: false,
  }),
});

export type BundleManifest = Static<typeof Manifest>;
export type BundleThreshold = Static<typeof Threshold>;
export type BundlePixelThreshold = Static<typeof PixelThreshold>;

/** The manifest that some parsed JSON holds. Throws BUNDLE_INVALID naming the first place that does not fit. */
export function checkManifest(json: unknown, directory: string): BundleManifest {
  const version = (json as { schema?: unknown } | null)?.schema;
  if (!readable.includes(version)) {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${directory}: bundle.json has schema version ${JSON.stringify(version)}; this felfri reads ${readable.join(' and ')}`,
      { subject: directory },
    );
  }
  if (!Value.Check(Manifest, json)) {
    const [first] = Value.Errors(Manifest, json);
    const where = first ? `${first.instancePath || '/'} ${first.message}` : 'it does not fit the schema';
    throw new FelfriError('BUNDLE_INVALID', `${directory}: bundle.json: ${where}; train the bundle again`, {
      subject: directory,
    });
  }
  const { threshold } = json;
  if (threshold?.review && threshold.review.value > threshold.value) {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${directory}: bundle.json: /threshold/review/value is ${threshold.review.value}, above NG at ${threshold.value}, so that no image would be for REVIEW; calibrate the bundle again`,
      { subject: directory },
    );
  }
  if (json.regions) {
    const { within: _, ...regions } = json.regions;
    checkRegions(regions, `${directory}: bundle.json`);
  }
  return json;
}
