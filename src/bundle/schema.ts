/** bundle.json: what a trained detector says of itself. One schema gives the type and the check. */
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { FelfriError } from '../core/errors.ts';

export const SCHEMA_VERSION = 1;

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
});

const Manifest = Type.Object({
  schema: Type.Literal(SCHEMA_VERSION),
  detector: Type.Union([Type.Literal('flow'), Type.Literal('unet')]),
  created: Type.String(),
  canvas: Type.Object({
    height: Type.Integer({ minimum: 1 }),
    width: Type.Integer({ minimum: 1 }),
    fit: Type.Union([Type.Literal('stretch'), Type.Literal('letterbox')]),
  }),
  /** The network's settings, as its detector defines them. */
  settings: Type.Record(Type.String(), Type.Unknown()),
  backbone: Type.Union([
    Type.Object({ name: Type.String(), licence: Type.String(), fingerprint: Type.String() }),
    Type.Null(),
  ]),
  threshold: Type.Union([Threshold, Type.Null()]),
  /** Values of the score map that the heat map draws as nothing and as full. */
  mapRange: Type.Object({ low: Type.Number(), high: Type.Number() }),
  /** Figures on test images, with intervals; null until `felfri evaluate`. */
  evaluation: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  data: Type.Object({
    name: Type.String(),
    hash: Sha256,
    split: Type.String(),
    protocol: Type.Union([Type.Literal('honest'), Type.Literal('paper')]),
    images: Type.Object({ train: Count, calibration: Count, test: Count }),
    partGroups: Type.String(),
  }),
  training: Type.Record(Type.String(), Type.Unknown()),
  software: Type.Record(Type.String(), Type.String()),
  /** SHA-256 of every other file of the bundle, by its path within. */
  files: Type.Record(Type.String({ pattern: '^(golden/)?[A-Za-z0-9_-]+\\.[a-z]+$' }), Sha256),
});

export type BundleManifest = Static<typeof Manifest>;
export type BundleThreshold = Static<typeof Threshold>;

/** The manifest that some parsed JSON holds. Throws BUNDLE_INVALID naming the first place that does not fit. */
export function checkManifest(json: unknown, directory: string): BundleManifest {
  const version = (json as { schema?: unknown } | null)?.schema;
  if (version !== SCHEMA_VERSION) {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${directory}: bundle.json has schema version ${JSON.stringify(version)}; this felfri reads ${SCHEMA_VERSION}`,
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
  return json;
}
