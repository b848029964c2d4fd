/** From an image to a decision, by a bundle. */

import { type OpenBundle, type OpenOptions, openBundle } from '../bundle/open.ts';
import type { BundleManifest } from '../bundle/schema.ts';
import { FelfriError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { readImage } from '../data/image/decode.ts';
import type { Image } from '../data/image/raster.ts';
import type { Parts } from '../detectors/fusion/combination.ts';
import { type Decision, decide } from '../judge/decision.ts';
import { reasonFor } from '../judge/reason.ts';
import { Gate } from './gate.ts';

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
  /** What a fusion's NG or REVIEW rests on, such as 'known defect (U-Net)'; null for OK and for other detectors. */
  readonly reason: string | null;
  /** Scores of a fusion's two detectors on their common scale; null for other detectors. */
  readonly parts: Parts | null;
  /** (1, 1, h, w) over the image; its sides are in the image's proportions unless the canvas stretches. */
  readonly map: Tensor;
  /** Reading and computing; not what it waited while others were computed. */
  readonly milliseconds: { readonly read: number; readonly detect: number };
}

export class Inspector {
  readonly #bundle: OpenBundle;
  readonly #lanes: number;
  readonly #gate: Gate;

  private constructor(bundle: OpenBundle, lanes: number) {
    this.#bundle = bundle;
    this.#lanes = lanes;
    this.#gate = new Gate(lanes);
  }

  /** Opens a bundle, checks and warms it up by its golden images. Throws BUNDLE_INVALID, BUNDLE_GOLDEN or DEVICE_MISSING. */
  static async open(directory: string, options: OpenOptions = {}): Promise<Inspector> {
    return new Inspector(await openBundle(directory, options), options.lanes ?? 1);
  }

  get manifest(): BundleManifest {
    return this.#bundle.manifest;
  }

  /** Inspects an image file. Throws an IMAGE_ code when it cannot be read. */
  async inspect(path: string): Promise<Inspection> {
    const start = performance.now();
    const image = await readImage(path);
    const read = performance.now() - start;
    const inspection = await this.inspectImage(image, path);
    return { ...inspection, milliseconds: { ...inspection.milliseconds, read } };
  }

  /** Inspects decoded RGB pixels; `name` is what the result is called. */
  inspectImage(image: Image, name: string): Promise<Inspection> {
    return this.#gate.pass(() => this.#inspectNow(image, name));
  }

  async #inspectNow(image: Image, name: string): Promise<Inspection> {
    const start = performance.now();
    const { score, map, parts = null } = await this.#bundle.detect(image);
    const threshold = this.manifest.threshold?.value ?? null;
    const review = this.manifest.threshold?.review?.value ?? null;
    const decision = decide(score, threshold, review);
    return {
      image: name,
      score,
      threshold,
      review,
      decision,
      reason:
        parts &&
        reasonFor(parts, decision, {
          limit: decision === 'NG' ? threshold : review,
          sum: this.manifest.settings['combination'] === 'sum',
        }),
      parts,
      map,
      milliseconds: { read: 0, detect: performance.now() - start },
    };
  }

  /**
   * Inspects many files, as many at once as the bundle has lanes, and reads the next meanwhile; results come in the order of the files.
   * A file that cannot be read gives its error in its place and the rest goes on.
   */
  async *inspectAll(paths: Iterable<string>): AsyncGenerator<Inspection | FelfriError> {
    const inspect = async (path: string): Promise<Inspection | FelfriError> => {
      try {
        return await this.inspect(path);
      } catch (error) {
        if (error instanceof FelfriError) return error;
        throw error;
      }
    };
    const begun: Promise<Inspection | FelfriError>[] = [];
    for (const path of paths) {
      const next = inspect(path);
      // thrown where it is awaited, if it comes to that
      next.catch(() => undefined);
      begun.push(next);
      if (begun.length > this.#lanes) yield await begun.shift()!;
    }
    for (const result of begun) yield await result;
  }

  close(): Promise<void> {
    return this.#bundle.close();
  }
}
