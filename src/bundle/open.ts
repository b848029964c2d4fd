/** Opening a bundle: schema, hashes, model, golden images, in this order; refused at the first that does not fit. */
import { FelfriError } from '../core/errors.ts';
import { decodePixels } from '../data/image/decode.ts';
import type { Intake } from '../data/image/intake.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import type { SessionOptions } from '../engine/runtime/onnxruntime.ts';
import { type PreparedSession, WorkerSession } from '../engine/workers/remote.ts';
import { type GoldenImage, readContent, refusal } from './content.ts';
import { type DetectOptions, detect } from './detect.ts';
import { type DetectorOutput, isSameOutput, requireGolden } from './golden.ts';
import type { BundleManifest } from './schema.ts';

export interface OpenOptions extends SessionOptions {
  /** Images that are computed at once, each by `threads` threads of its own and with memory of its own; 1 unless told. */
  readonly lanes?: number;
  /** The hash that the bundle must have, as it is on record somewhere; any unless told. */
  readonly hash?: string;
}

export interface OpenBundle {
  readonly directory: string;
  readonly manifest: BundleManifest;
  /** SHA-256 of bundle.json, which holds those of all other files: equal for equal bundles alone. */
  readonly hash: string;
  /**
   * Score and map of one RGB image, computed in a worker thread; as many calls as there are lanes are computed at once. Throws
   * SCORE_INVALID when they are not finite, OPTION_INVALID unless the image is RGB.
   */
  detect(image: Image<Pixels>): Promise<DetectorOutput>;
  close(): Promise<void>;
}

/**
 * Opens a bundle, whoever made it: its model is looked through before onnxruntime gets it, and replays its golden images. Throws
 * BUNDLE_INVALID, BUNDLE_GOLDEN, DEVICE_MISSING, or an IMAGE_ or TENSOR_FILE code for a damaged golden file.
 */
export async function openBundle(directory: string, options: OpenOptions = {}): Promise<OpenBundle> {
  const { lanes = 1, hash, ...session } = options;
  const threads = Array.from({ length: lanes }, () => WorkerSession.prepare());
  try {
    return await openWith(threads, directory, session, hash);
  } catch (error) {
    for (const thread of threads) await thread.abandon();
    throw error;
  }
}

/** Hands each image to the session that has the fewest to do. */
function shared(sessions: readonly WorkerSession[], options: DetectOptions): OpenBundle['detect'] {
  const owed = sessions.map(() => 0);
  return async (image) => {
    const lane = owed.indexOf(Math.min(...owed));
    owed[lane]!++;
    try {
      return await detect(sessions[lane]!, image, options);
    } finally {
      owed[lane]!--;
    }
  };
}

/** The model in every thread. Throws BUNDLE_INVALID where onnxruntime does not take it. */
async function loaded(
  threads: readonly PreparedSession[],
  directory: string,
  model: Uint8Array,
  options: SessionOptions,
): Promise<WorkerSession[]> {
  try {
    return await Promise.all(threads.map((thread) => thread.load(model, options)));
  } catch (cause) {
    if (cause instanceof FelfriError) throw cause;
    throw refusal(directory, 'model.onnx cannot be loaded: its parts do not fit together; export it again', cause);
  }
}

/** A pattern of stripes of an image's size and kind, unlike any picture: who looks at pixels sees another image. */
function stripes({ data, ...size }: Image<Pixels>, intake: Intake | undefined): Image<Pixels> {
  const { low, high } = intake?.range ?? { low: 0, high: 255 };
  return { ...size, data: data.map((_: number, i: number) => low + ((high - low) * (i % 17)) / 16) };
}

/** Replays golden images in every session, which warms each up, too. Throws BUNDLE_GOLDEN. */
async function replay(
  sessions: readonly WorkerSession[],
  directory: string,
  goldens: readonly GoldenImage[],
  { manifest, asked }: { manifest: BundleManifest; asked: DetectOptions },
): Promise<void> {
  const run = async (session: WorkerSession, image: Image<Pixels>, name: string): Promise<DetectorOutput> => {
    try {
      return await detect(session, image, asked);
    } catch (cause) {
      // what onnxruntime says of a model from elsewhere is of use to nobody
      const own = cause instanceof FelfriError;
      if (own && cause.code !== 'SCORE_INVALID') throw cause;
      const why = own ? cause.message : 'the model fails on it; export it again';
      throw new FelfriError('BUNDLE_GOLDEN', `${directory}: ${name}: ${why}`, { subject: directory, cause });
    }
  };
  let first: DetectorOutput | undefined;
  let constant = true;
  for (const [i, { name, bytes, expected }] of goldens.entries()) {
    const image = await decodePixels(bytes, name);
    const got = await Promise.all(sessions.map((session) => run(session, image, name)));
    for (const output of got) requireGolden(output, expected, name, directory, manifest);
    first ??= got[0]!;
    constant &&= isSameOutput(got[0]!, first);
    if (i === goldens.length - 1 && constant)
      constant = isSameOutput(await run(sessions[0]!, stripes(image, asked.intake), name), first);
  }
  if (!constant) return;
  throw new FelfriError(
    'BUNDLE_GOLDEN',
    `${directory}: its model gives the same score and map for every image, so it looks at none; train it again`,
    { subject: directory },
  );
}

async function openWith(
  threads: readonly PreparedSession[],
  directory: string,
  options: SessionOptions,
  expected: string | undefined,
): Promise<OpenBundle> {
  const { manifest, hash, model, goldens } = await readContent(directory, expected);
  const asked = { detector: manifest.detector, intake: manifest.pixels };
  const sessions = await loaded(threads, directory, model, options);
  await replay(sessions, directory, goldens, { manifest, asked });
  const close = async (): Promise<void> => {
    for (const session of sessions) await session.release();
  };
  return { directory, manifest, hash, detect: shared(sessions, asked), close };
}
