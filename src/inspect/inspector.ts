/** From an image to a decision, by a bundle. */

import { type OpenBundle, type OpenOptions, openBundle } from '../bundle/open.ts';
import type { BundleManifest } from '../bundle/schema.ts';
import { FelfriError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { isBlank } from '../data/image/blank.ts';
import { type FrameFaults, frameFaults } from '../data/image/frame-faults.ts';
import { type Intake, takeImage, takePixels } from '../data/image/intake.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import { pixelFormats } from '../data/image/raw/pixel-formats.ts';
import { type FrameStatement, parseFrame } from '../data/image/raw/stated-frame.ts';
import { toEightBits } from '../data/image/value-range.ts';
import type { Parts } from '../detectors/fusion/combination.ts';
import type { Decision } from '../judge/decision.ts';
import { inRegions } from '../judge/in-regions.ts';
import type { PictureSizes } from '../judge/picture-size.ts';
import type { ViewScore } from '../judge/reason.ts';
import { type Limits, type Picture, verdictOf } from '../judge/verdict.ts';
import { Gate } from './gate.ts';
import { heatMapPng } from './heat-map-png.ts';
import { type JudgedRegion, judgedRegions } from './in-regions.ts';
import { type PicturePolicy, requirePathOrBytes, requirePixelArray, requirePolicies } from './legal-input.ts';
import { mapScaleOf } from './map-scale.ts';
import type { Stamp } from './stamp.ts';

export interface Inspection {
  /** Path of the image as it was given. */
  readonly image: string;
  /** Larger is worse. */
  readonly score: number;
  /** A score at or above it is NG; null where the bundle has none. */
  readonly threshold: number | null;
  /** A score from here to below the threshold is for REVIEW; null where the bundle has no second threshold. */
  readonly review: number | null;
  readonly decision: Decision;
  /**
   * Why it is REVIEW where no score led to it: a picture that shows nothing or is of quite another size, or a bundle without a threshold. Of a fusion also what its NG
   * or REVIEW rests on, such as 'known defect (U-Net)', and of a flow what its views say. Else null.
   */
  readonly reason: string | null;
  /** Scores of a fusion's two detectors on their common scale; null for other detectors. */
  readonly parts: Parts | null;
  /** What each view says that a flow's score is made of, by which it is the sum; null of other scores, and of bundles of before there were any. */
  readonly views: readonly ViewScore[] | null;
  /** What was found in each region of interest, by a threshold of its own; null where the bundle has none. */
  readonly regions: readonly JudgedRegion[] | null;
  /** Whether the picture shows nothing (black, white, one value); REVIEW unless the bundle says that its good parts look so. */
  readonly blank: boolean;
  /** (1, 1, h, w) over the image; its sides are in the image's proportions unless the canvas stretches. */
  readonly map: Tensor;
  /** Reading and computing; not what it waited while others were computed. */
  readonly milliseconds: { readonly read: number; readonly detect: number };
}

export interface InspectorOptions extends OpenOptions {
  /** Of pictures that show nothing (data/image/blank.ts), or of which lines are missing (data/image/frame-faults.ts); as the bundle says unless told. */
  readonly blank?: PicturePolicy;
  /** Of pictures of quite another size than those learned (judge/picture-size.ts); as the bundle says unless told. */
  readonly otherSizes?: PicturePolicy;
  /** What files that end in .raw, .frame or .bin are, such as '640x480:Mono12p'; as the bundle says unless told. Bytes without the line ahead are frames only where it is told. */
  readonly raw?: FrameStatement;
}

/** Thresholds other than the bundle's own, such as those of a station's recipe. */
export type OwnLimits = Pick<Limits, 'threshold' | 'review'>;

export class Inspector {
  readonly #bundle: OpenBundle;
  readonly #lanes: number;
  readonly #gate: Gate;
  readonly #judgeBlank: boolean;
  readonly #sizes: PictureSizes | null;
  /** The most that good pictures have; null where they are unknown, or pictures that show nothing are judged. */
  readonly #faults: FrameFaults | null;
  #isClosed = false;
  /** What the caller says of frames: it holds for bytes without a name, too. */
  readonly #stated: FrameStatement | undefined;

  private constructor(bundle: OpenBundle, { lanes = 1, blank, otherSizes, raw }: InspectorOptions) {
    this.#bundle = bundle;
    this.#lanes = lanes;
    this.#gate = new Gate(lanes);
    this.#judgeBlank = blank === undefined ? bundle.manifest.blankPictures?.policy === 'judge' : blank === 'judge';
    const { pictureSizes } = bundle.manifest;
    this.#sizes = pictureSizes && (otherSizes ?? pictureSizes.policy) === 'review' ? pictureSizes : null;
    this.#faults = this.#judgeBlank ? null : (bundle.manifest.frameFaults ?? null);
    this.#stated = raw;
  }

  /** Opens a bundle, checks and warms it up by its golden images. Throws BUNDLE_INVALID, BUNDLE_GOLDEN, DEVICE_MISSING, or OPTION_INVALID for `raw` and policies. */
  static async open(directory: string, options: InspectorOptions = {}): Promise<Inspector> {
    const { blank, otherSizes, raw, ...opening } = options;
    requirePolicies({ blank, otherSizes });
    const bundle = await openBundle(directory, opening);
    try {
      if (raw !== undefined) requireSameDepth(raw, bundle.manifest.pixels);
      return new Inspector(bundle, options);
    } catch (error) {
      await bundle.close();
      throw error;
    }
  }

  /** SHA-256 of bundle.json, which holds those of all other files of the bundle. */
  get hash(): string {
    return this.#bundle.hash;
  }

  get manifest(): BundleManifest {
    return this.#bundle.manifest;
  }

  /**
   * Inspects an image file by its path, or the bytes of one as a camera or a request gives them; `name` is what the result is called, the path
   * unless told. Throws OPTION_INVALID for what is neither, an IMAGE_ code when it cannot be read, SCORE_INVALID when the detector gives no finite
   * numbers, BUNDLE_CLOSED after `close`.
   */
  async inspect(
    image: string | Uint8Array,
    name = typeof image === 'string' ? image : 'the image',
  ): Promise<Inspection> {
    requirePathOrBytes(image);
    const start = performance.now();
    const pixels = await this.#pixelsOf(image, name);
    const read = performance.now() - start;
    const inspection = await this.inspectImage(pixels, name);
    return { ...inspection, milliseconds: { ...inspection.milliseconds, read } };
  }

  /**
   * Inspects decoded RGB pixels; `name` is what the result is called. Throws SCORE_INVALID when the detector gives no finite numbers,
   * OPTION_INVALID unless the pixels are RGB, IMAGE_DEPTH unless they are of the depth that the bundle was trained on, BUNDLE_CLOSED after `close`.
   */
  inspectImage(image: Image<Pixels>, name: string, limits?: OwnLimits): Promise<Inspection> {
    return this.#gate.pass(() =>
      this.#inspectNow(image, name, limits).catch((error: unknown) => {
        throw named(error, name);
      }),
    );
  }

  async #inspectNow(image: Image<Pixels>, name: string, limits?: OwnLimits): Promise<Inspection> {
    if (this.#isClosed) throw new FelfriError('BUNDLE_CLOSED', 'the inspector was closed; open the bundle again');
    const start = performance.now();
    requirePixelArray(image.data);
    const { threshold, settings, pixels, regions } = this.manifest;
    // looked at first: a large image need not be held in memory while it is computed
    const { blank, frame } = this.#look(toEightBits(image, pixels?.range));
    const { score, map, parts = null, views = null } = await this.#bundle.detect(image);
    const own = limits ?? { threshold: threshold?.value ?? null, review: threshold?.review?.value ?? null };
    const sum = settings['combination'] === 'sum';
    const verdict = verdictOf(
      { score, map: map.data, parts, views: views ?? [], ...inRegions(image, map, regions) },
      { ...own, sum },
      { width: image.width, height: image.height, blank: blank && !this.#judgeBlank, sizes: this.#sizes, frame },
    );
    return {
      image: name,
      score,
      ...own,
      ...verdict,
      parts,
      views,
      regions: judgedRegions(this.manifest, map, own),
      blank,
      map,
      milliseconds: { read: 0, detect: performance.now() - start },
    };
  }

  #look(image: Image): { readonly blank: boolean; readonly frame: Picture['frame'] } {
    return { blank: isBlank(image), frame: this.#faults && { found: frameFaults(image), learned: this.#faults } };
  }

  /**
   * Inspects many files, as many at once as the bundle has lanes, and reads the next meanwhile; results come in the order of the files.
   * A file that cannot be read or judged gives its error in its place (of a reason that felfri does not know, INSPECTION_FAILED) and the rest
   * goes on.
   */
  async *inspectAll(paths: Iterable<string>): AsyncGenerator<Inspection | FelfriError> {
    const inspect = async (path: string): Promise<Inspection | FelfriError> => {
      try {
        return await this.inspect(path);
      } catch (error) {
        return error instanceof FelfriError ? error : failed(path, error);
      }
    };
    const begun: Promise<Inspection | FelfriError>[] = [];
    for (const path of paths) {
      begun.push(inspect(path));
      if (begun.length > this.#lanes) yield await begun.shift()!;
    }
    for (const result of begun) yield await result;
  }

  /**
   * The heat map of an inspection over its image (a path, the bytes of an image file, or pixels), as the bytes of a PNG: of the image's size, with a
   * strip below that says what was decided and why. Throws an IMAGE_ code when the image cannot be read.
   */
  async heatMap(
    image: string | Uint8Array | Image<Pixels>,
    inspection: Pick<Inspection, 'map' | 'image' | keyof Stamp>,
  ): Promise<Uint8Array> {
    const given = typeof image === 'string' || image instanceof Uint8Array;
    const pixels = given ? await this.#pixelsOf(image, inspection.image) : image;
    const scale = mapScaleOf(this.manifest, inspection);
    return heatMapPng(toEightBits(pixels, this.manifest.pixels?.range), inspection.map, scale, inspection);
  }

  #pixelsOf(image: string | Uint8Array, name: string): Promise<Image<Pixels>> {
    const { pixels } = this.manifest;
    if (typeof image === 'string') return takeImage(image, pixels, this.#stated ?? pixels?.raw);
    return takePixels(image, name, pixels, { ...(this.#stated !== undefined && { raw: this.#stated }) });
  }

  /** Images that are under way are decided, or fail. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#bundle.close();
  }
}

/** Throws OPTION_INVALID for frames of other bits than those that the bundle learned from: the same light would have other values. */
function requireSameDepth(raw: FrameStatement, intake: Intake | undefined): void {
  const asked = pixelFormats[parseFrame(raw).format].bits;
  const learned = intake?.raw === undefined ? asked : pixelFormats[parseFrame(intake.raw).format].bits;
  if (asked === learned) return;
  throw new FelfriError(
    'OPTION_INVALID',
    `raw frames: got ${raw}, of ${asked} bits; the bundle was trained on ${intake?.raw}: legal are pixel formats of ${learned} bits`,
    { subject: 'raw' },
  );
}

/** What decides knows no names: among many images, an error says which one it is of. */
function named(error: unknown, name: string): unknown {
  if (!(error instanceof FelfriError) || error.subject !== undefined) return error;
  return new FelfriError(error.code, `${name}: ${error.message}`, { subject: name, cause: error });
}

function failed(path: string, cause: unknown): FelfriError {
  return new FelfriError(
    'INSPECTION_FAILED',
    `${path}: it could not be inspected (${(cause as Error).message}); look at this part by hand, and please report this image`,
    { subject: path, cause },
  );
}
