/** Opening a bundle: schema, hashes, model, golden images, in this order; refused at the first that does not fit. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { sha256 } from '../core/files.ts';
import { parseSafetensors } from '../core/safetensors.ts';
import { decodePixels } from '../data/image/decode.ts';
import { type Intake, requireDepth } from '../data/image/intake.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import type { DetectorName } from '../detectors/detector.ts';
import { pixelFeed } from '../detectors/pixel-input.ts';
import type { Runner, SessionOptions } from '../engine/runtime/onnxruntime.ts';
import { type PreparedSession, WorkerSession } from '../engine/workers/remote.ts';
import { requireFinite } from '../judge/verdict.ts';
import { type DetectorOutput, goldenOutput, requireGolden } from './golden.ts';
import type { BundleManifest } from './schema.ts';

/** Throws OPTION_INVALID unless the pixels are those of an RGB image of that size, which onnxruntime would say in its own words. */
function requireRgb({ width, height, channels, data }: Image<Pixels>): void {
  if (channels === 3 && width > 0 && height > 0 && data.length === width * height * 3) return;
  throw new FelfriError(
    'OPTION_INVALID',
    `got an image of ${width} x ${height} pixels, ${channels} channels and ${data.length} values; legal are 3 channels (RGB) and width x height x 3 values: decodeImage and readImage give them`,
    { subject: 'image' },
  );
}

export interface DetectOptions {
  /** Weights, where the graph has them as inputs. */
  readonly weights?: Parameters<Runner['run']>[0];
  readonly detector?: DetectorName;
  /** The bundle's; none is 8 bits. */
  readonly intake?: Intake | undefined;
}

/**
 * Runs a bundle's model, or the graph that it was made from, on one RGB image. Throws SCORE_INVALID when score, parts or map are not finite:
 * the map is looked at as it is, since onnxruntime's maximum of it passes over a NaN. Throws IMAGE_DEPTH for an image of another depth.
 */
export async function detect(
  runner: Runner,
  image: Image<Pixels>,
  { weights = {}, detector = 'flow', intake }: DetectOptions = {},
): Promise<DetectorOutput> {
  const own = detector === 'fusion' ? ['flow', 'unet'] : [];
  requireRgb(image);
  requireDepth(image, intake, 'the image');
  const pixels = pixelFeed(image, intake?.range);
  const { score, map, flow, unet } = await runner.run({ ...weights, pixels }, ['score', 'map', ...own]);
  const parts = flow && unet && { flow: flow.data[0]!, unet: unet.data[0]! };
  const found = { score: score!.data[0]!, map: map!, ...(parts && { parts }) };
  requireFinite({ score: found.score, map: found.map.data, parts: parts ?? null });
  return found;
}

export interface OpenOptions extends SessionOptions {
  /** Images that are computed at once, each by `threads` threads of its own and with memory of its own; 1 unless told. */
  readonly lanes?: number;
}

export interface OpenBundle {
  readonly directory: string;
  readonly manifest: BundleManifest;
  /**
   * Score and map of one RGB image, computed in a worker thread; as many calls as there are lanes are computed at once. Throws
   * SCORE_INVALID when they are not finite, OPTION_INVALID unless the image is RGB.
   */
  detect(image: Image<Pixels>): Promise<DetectorOutput>;
  close(): Promise<void>;
}

/** What bundle.json says. Throws BUNDLE_INVALID. */
export async function readManifest(directory: string): Promise<BundleManifest> {
  const path = join(directory, 'bundle.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${directory} holds no bundle.json; give the folder that felfri train wrote`,
      {
        subject: directory,
        cause,
      },
    );
  });
  // loaded here and not at the top: the computing thread starts meanwhile
  const { checkManifest } = await import('./schema.ts');
  try {
    return checkManifest(JSON.parse(text), directory);
  } catch (cause) {
    if (cause instanceof FelfriError) throw cause;
    throw new FelfriError('BUNDLE_INVALID', `${path} is not JSON; train the bundle again`, {
      subject: directory,
      cause,
    });
  }
}

/** The bytes of a file that the manifest lists, checked against its hash. */
async function readListed(directory: string, manifest: BundleManifest, name: string): Promise<Uint8Array> {
  const expected = manifest.files[name];
  const bytes = expected && (await readFile(join(directory, name)).catch(() => undefined));
  if (!bytes || sha256(bytes) !== expected) {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${directory}: ${name} is missing or altered since training; copy the bundle again`,
      {
        subject: directory,
      },
    );
  }
  return bytes;
}

/** Opens a bundle. Throws BUNDLE_INVALID, BUNDLE_GOLDEN or DEVICE_MISSING. */
export async function openBundle(directory: string, options: OpenOptions = {}): Promise<OpenBundle> {
  const { lanes = 1, ...session } = options;
  const threads = Array.from({ length: lanes }, () => WorkerSession.prepare());
  try {
    return await openWith(threads, directory, session);
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

async function openWith(
  threads: readonly PreparedSession[],
  directory: string,
  options: SessionOptions,
): Promise<OpenBundle> {
  const manifest = await readManifest(directory);
  const contents = new Map<string, Uint8Array>();
  for (const name of Object.keys(manifest.files)) contents.set(name, await readListed(directory, manifest, name));
  const model = contents.get('model.onnx');
  const outputs = contents.get('golden/outputs.safetensors');
  if (!model || !outputs) {
    throw new FelfriError('BUNDLE_INVALID', `${directory}: the manifest lists no model or no golden outputs`, {
      subject: directory,
    });
  }
  const asked = { detector: manifest.detector, intake: manifest.pixels };
  const { tensors } = parseSafetensors(outputs, directory);
  const goldens = [...contents].flatMap(([name, bytes]) => {
    const golden = /^golden\/(\w+)\.(?:png|npy)$/.exec(name)?.[1];
    if (golden === undefined) return [];
    return [{ name, expected: goldenOutput(tensors, golden), image: decodePixels(bytes, name) }];
  });
  // decoded while the model is loaded; a failure is met where it is awaited
  for (const { image } of goldens) image.catch(() => undefined);
  const sessions = await Promise.all(threads.map((thread) => thread.load(model, options)));
  for (const { name, expected, image: decoding } of goldens) {
    const image = await decoding;
    // every lane, which warms each up, too
    const detected = sessions.map((session) => detect(session, image, asked));
    const got = await Promise.all(detected).catch((cause: unknown) => {
      if (!(cause instanceof FelfriError && cause.code === 'SCORE_INVALID')) throw cause;
      throw new FelfriError('BUNDLE_GOLDEN', `${directory}: ${name}: ${cause.message}`, { subject: directory, cause });
    });
    for (const output of got) requireGolden(output, expected, name, directory, manifest);
  }
  const close = async (): Promise<void> => {
    for (const session of sessions) await session.release();
  };
  return { directory, manifest, detect: shared(sessions, asked), close };
}
