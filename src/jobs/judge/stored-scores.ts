/** Scores of single images beside a bundle, so that every figure at image level can be computed again without model or images. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleManifest } from '../../bundle/schema.ts';
import { FelfriError } from '../../core/errors.ts';
import { writeJson } from '../../core/files.ts';
import { literals, type Static, Type, Value } from '../../core/schema.ts';
import type { Split } from '../../data/split.ts';
import { detectorNames } from '../../detectors/table.ts';
import { type Decision, decide } from '../../judge/decision.ts';
import type { ScoredImage } from './scoring.ts';

/** A file of more is none that felfri wrote. */
const MOST_BYTES = 512 * 2 ** 20;

const Nullable = Type.Union([Type.Number(), Type.Null()]);

const Scores = Type.Object({
  schema: Type.Literal(1),
  detector: literals(detectorNames),
  /** SHA-256 of the model that gave the scores. */
  model: Type.String(),
  split: Type.String(),
  protocol: Type.Union([Type.Literal('honest'), Type.Literal('paper')]),
  /** A score at or above it is NG. */
  threshold: Type.Number(),
  /** A score from here to below the threshold is for REVIEW. */
  review: Nullable,
  images: Type.Array(
    Type.Object({
      name: Type.String(),
      class: Type.String(),
      label: Type.Union([Type.Literal('good'), Type.Literal('defective')]),
      partGroup: Type.String(),
      score: Type.Number(),
      /** Scores of a fusion's two detectors on their common scale. */
      parts: Type.Optional(Type.Object({ flow: Type.Number(), unet: Type.Number() })),
      /** Why the picture is for REVIEW, whatever its score; absent where its score decides. */
      picture: Type.Optional(Type.String()),
      decision: Type.Union([Type.Literal('OK'), Type.Literal('REVIEW'), Type.Literal('NG')]),
      /** Mean grey value, 0..255. */
      brightness: Type.Number(),
      /** From decoded pixels to score and map. */
      milliseconds: Type.Number(),
    }),
  ),
});

/** `run/test-scores.json` or `run/calibration-scores.json` of a bundle. */
export type StoredScores = Static<typeof Scores>;

type Side = 'calibration' | 'test';

/** Its path within the bundle. */
export const scoresFile = (side: Side): string => `run/${side}-scores.json`;

const pathOf = (bundle: string, side: Side): string => join(bundle, scoresFile(side));

/** The decision on a scored image: by its picture, else by its score. */
export const decisionOf = (
  { score, picture }: { readonly score: number; readonly picture?: string | null },
  threshold: number,
  review: number | null,
): Decision => (picture ? 'REVIEW' : decide(score, threshold, review));

/**
 * Writes the scores of one side of the split, with the decisions that the bundle makes of them. Those of calibration images, which set thresholds,
 * are by score alone.
 */
export async function storeScores(
  bundle: string,
  side: Side,
  { manifest, split, scored }: { manifest: BundleManifest; split: Split; scored: readonly ScoredImage[] },
): Promise<void> {
  const threshold = manifest.threshold!.value;
  const review = manifest.threshold!.review?.value ?? null;
  const stored: StoredScores = {
    schema: 1,
    detector: manifest.detector,
    model: manifest.files['model.onnx'] ?? '',
    split: split.name,
    protocol: split.protocol,
    threshold,
    review,
    images: scored.map(({ image, score, parts, picture, brightness, milliseconds }) => ({
      name: image.name,
      class: image.className,
      label: image.label,
      partGroup: image.partGroup,
      score,
      ...(parts && { parts }),
      ...(side === 'test' && picture && { picture }),
      decision: decisionOf({ score, picture: side === 'test' ? picture : null }, threshold, review),
      brightness,
      milliseconds,
    })),
  };
  await writeJson(pathOf(bundle, side), stored);
}

/** Reads them back. Throws BUNDLE_INVALID when they are missing, more than `mostBytes`, or not what this felfri wrote. */
export async function readStoredScores(bundle: string, side: Side, mostBytes = MOST_BYTES): Promise<StoredScores> {
  const path = pathOf(bundle, side);
  const refuse = (what: string, cause?: unknown): FelfriError =>
    new FelfriError(
      'BUNDLE_INVALID',
      `${path} ${what}; run felfri ${side === 'test' ? 'evaluate' : 'calibrate'} again`,
      {
        subject: path,
        cause,
      },
    );
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw refuse('is missing', cause);
    },
  );
  if (size > mostBytes) throw refuse(`has ${size} bytes; legal are ${mostBytes}`);
  const text = await readFile(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse('is not JSON', cause);
  }
  if (!Value.Check(Scores, json)) {
    const [first] = Value.Errors(Scores, json);
    throw refuse(`does not fit: ${first?.instancePath || '/'} ${first?.message ?? ''}`);
  }
  return json;
}
