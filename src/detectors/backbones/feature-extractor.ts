/** From image files to feature maps: read, brought to the canvas and computed in a worker thread, each image once. */
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { Tensor } from '../../core/tensor.ts';
import { readImageBytes } from '../../data/image/files.ts';
import { type Intake, takePixels } from '../../data/image/intake.ts';
import type { Problem } from '../../data/listing.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import { WorkerSession } from '../../engine/workers/remote.ts';
import type { Canvas } from '../../train/canvas.ts';
import { judgedPixels } from '../../train/judged-area.ts';
import { pixelFeed, pixelInput } from '../../train/pixel-input.ts';
import type { Backbone } from './backbone.ts';
import { cacheFault, defaultCacheDirectory, FeatureCache } from './feature-cache.ts';
import { featureMapsOfPixels, usualScales } from './features.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface FeatureExtractorOptions {
  readonly backbone: Backbone;
  readonly canvas: Canvas;
  /** How pixels are taken from files; as 8 bits unless told. */
  readonly intake?: Intake;
  /** Scales of the image; default 3. */
  readonly scales?: number;
  /** Threads of the computing session; default all cores. */
  readonly threads?: number;
  /** What computes; the processor unless told. */
  readonly device?: Device;
}

export interface ExtractOptions {
  /** Called after each image, read or not. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Where maps are kept; default `defaultCacheDirectory()`, false for nowhere. */
  readonly cacheDirectory?: string | false;
  readonly signal?: AbortSignal;
}

export interface Extraction {
  /** For each image its maps (C, h, w), largest scale first; undefined for one that could not be read. */
  readonly maps: readonly (readonly Tensor[] | undefined)[];
  /** The images that could not be read, in their order. */
  readonly problems: readonly Problem[];
  /** Images whose maps came from the cache. */
  readonly cached: number;
  /** Why the cache could not be written, when it could not. */
  readonly cacheFault: string | undefined;
}

/** Images read and decoded ahead while the worker computes. */
const ahead = 3;

export class FeatureExtractor {
  /** SHA-256 over the backbone, the canvas, the scales and a device other than the processor: equal ones give equal maps. */
  readonly fingerprint: string;
  /** Shapes (C, h, w) of an image's maps, largest scale first. */
  readonly shapes: readonly (readonly number[])[];
  readonly #session: WorkerSession;
  readonly #intake: Intake | undefined;

  private constructor(
    session: WorkerSession,
    intake: Intake | undefined,
    fingerprint: string,
    shapes: readonly (readonly number[])[],
  ) {
    this.#session = session;
    this.#intake = intake;
    this.fingerprint = fingerprint;
    this.shapes = shapes;
  }

  /** Throws OPTION_INVALID when the canvas does not suit the backbone, DEVICE_MISSING where the machine lacks the device. */
  static async create(options: FeatureExtractorOptions): Promise<FeatureExtractor> {
    const { backbone, canvas, intake, scales = usualScales, threads, device = 'cpu' } = options;
    const graph = createGraph();
    const maps = featureMapsOfPixels(pixelInput(graph, intake?.range), canvas, backbone, scales);
    const model = toOnnx(Object.fromEntries(maps.map((map, s) => [`map.${s}`, map])));
    const session = await WorkerSession.create(model, { device, ...(threads !== undefined && { threads }) });
    const { height, width, fit } = canvas;
    const judged = judgedPixels(canvas);
    return new FeatureExtractor(
      session,
      intake,
      fingerprintOf({
        // 2: colours under transparency count
        features: 2,
        backbone: backbone.fingerprint,
        height,
        width,
        fit,
        scales,
        ...(device !== 'cpu' && { device }),
        ...(intake && { intake }),
        ...(judged && { judged: sha256(judged) }),
      }),
      maps.map((map) => map.shape.slice(1)),
    );
  }

  /**
   * Maps of the images, in their order. An image that cannot be read is named in `problems` and the others go on.
   * Throws INTERRUPTED when the signal says so.
   */
  async extract(
    images: readonly { readonly path: string; readonly name?: string }[],
    options: ExtractOptions = {},
  ): Promise<Extraction> {
    const { onProgress, cacheDirectory = defaultCacheDirectory(), signal } = options;
    const cache =
      cacheDirectory === false ? undefined : new FeatureCache(cacheDirectory, this.fingerprint, this.shapes);
    const maps = new Array<readonly Tensor[] | undefined>(images.length).fill(undefined);
    const problems = new Map<number, Problem>();
    let cached = 0;
    let fault: string | undefined;
    let next = 0;
    let done = 0;

    const one = async (path: string): Promise<readonly Tensor[]> => {
      const bytes = await readImageBytes(path, this.#intake?.raw);
      const hash = sha256(bytes);
      const kept = await cache?.get(hash);
      if (kept) {
        cached++;
        return kept;
      }
      const computed = await this.#compute(bytes, path);
      if (cache && fault === undefined) {
        await cache.put(hash, computed).catch((error: unknown) => {
          fault = cacheFault(cacheDirectory as string, error);
        });
      }
      return computed;
    };

    const work = async (): Promise<void> => {
      while (next < images.length) {
        if (signal?.aborted) throw interrupted(done, images.length, cache !== undefined);
        const index = next++;
        const { path, name = path } = images[index]!;
        try {
          maps[index] = await one(path);
        } catch (error) {
          if (!(error instanceof FelfriError)) throw error;
          problems.set(index, { name, code: error.code, message: error.message });
        }
        onProgress?.(++done, images.length);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: ahead }, work));
    const failed = results.find((r) => r.status === 'rejected');
    if (failed) throw failed.reason;
    return { maps, problems: images.flatMap((_, i) => problems.get(i) ?? []), cached, cacheFault: fault };
  }

  async #compute(bytes: Uint8Array, path: string): Promise<readonly Tensor[]> {
    const image = await takePixels(bytes, path, this.#intake);
    const outputs = await this.#session.run({ pixels: pixelFeed(image, this.#intake?.range) });
    return this.shapes.map((shape, s) => ({ shape, data: outputs[`map.${s}`]!.data }));
  }

  /** Ends the worker. */
  release(): Promise<void> {
    return this.#session.release();
  }
}

function interrupted(done: number, total: number, kept: boolean): FelfriError {
  const after = kept
    ? 'they are kept, so the same command goes on from there'
    : 'none are kept, since the cache is off';
  return new FelfriError('INTERRUPTED', `stopped after the features of ${done} of ${total} images; ${after}`);
}
