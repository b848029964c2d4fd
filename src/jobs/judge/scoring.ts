/** Scores of many images by a bundle, with what judging needs to know of each. */
import { FelfriError } from '../../core/errors.ts';
import { type FrameFaults, frameFaults } from '../../data/image/frame-faults.ts';
import { toGrey } from '../../data/image/grey.ts';
import { takeImage } from '../../data/image/intake.ts';
import type { Image, Pixels } from '../../data/image/raster.ts';
import { toEightBits } from '../../data/image/value-range.ts';
import type { Problem } from '../../data/listing.ts';
import { readTrustedMask } from '../../data/masks/read.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Parts } from '../../detectors/fusion/combination.ts';
import type { Inspection, Inspector } from '../../inspect/inspector.ts';
import { resampleMap } from '../../inspect/score-map.ts';
import { isOfPicture } from '../../judge/verdict.ts';
import type { JobEvents } from '../../train/control.ts';

export interface ScoredImage {
  readonly image: PartImage;
  readonly score: number;
  /** Mean grey value, 0..255: the baseline that a detector must beat. */
  readonly brightness: number;
  /** Wall-clock milliseconds from decoded pixels to score and map. */
  readonly milliseconds: number;
  /** Lowest, median and highest value of the score map. */
  readonly map: { readonly low: number; readonly median: number; readonly high: number };
  /** Whether the picture shows nothing. */
  readonly blank: boolean;
  /** How much of the picture seems not to be written. */
  readonly frame: FrameFaults;
  /** Why the picture is for REVIEW, whatever its score; null where its score decides. */
  readonly picture: string | null;
  /** Scores of a fusion's two detectors on their common scale; null for other detectors. */
  readonly parts: Parts | null;
}

export interface Scores {
  readonly scored: readonly ScoredImage[];
  readonly problems: readonly Problem[];
}

/** What takes score maps at the size of their images, each with its mask (0 good, 1 defective), both row-major. */
export interface PixelSink {
  add(map: Float32Array, mask: Uint8Array, width: number, score: number): void;
}

function mapFacts(data: Float32Array): ScoredImage['map'] {
  const sorted = Float32Array.from(data).sort();
  return { low: sorted[0]!, median: sorted[sorted.length >> 1]!, high: sorted[sorted.length - 1]! };
}

/** Gives an image's map to `pixels` where its defective pixels are known. Throws what reading its mask throws. */
async function addPixels(
  pixels: PixelSink,
  { map, score }: Pick<Inspection, 'map' | 'score'>,
  part: PartImage,
  image: Image<Pixels>,
): Promise<void> {
  const { label, mask } = part;
  if (mask === undefined && label === 'defective') return;
  const { width, height } = image;
  const defective =
    mask === undefined ? new Uint8Array(width * height) : await readTrustedMask({ ...part, mask }, image);
  pixels.add(resampleMap(map, width, height), defective, width, score);
}

/**
 * Inspects the images of one side of a split. An image that cannot be read is named in `problems` and left out. The maps of images whose
 * defective pixels are known go to `pixels`: those with a mask, and good ones. A mask that cannot be used is named too, and its image
 * keeps its score.
 */
export async function scoreImages(
  inspector: Inspector,
  images: readonly PartImage[],
  events: JobEvents = {},
  pixels: PixelSink | null = null,
): Promise<Scores> {
  const { pixels: intake } = inspector.manifest;
  const scored: ScoredImage[] = [];
  const problems: Problem[] = [];
  const tell = (image: PartImage, error: unknown, pixelsOnly: boolean): void => {
    if (!(error instanceof FelfriError)) throw error;
    const { code, message } = error;
    const problem = { name: image.name, code, message, ...(pixelsOnly && { pixelsOnly }) };
    problems.push(problem);
    events.onProblem?.(problem);
  };
  for (const [i, image] of images.entries()) {
    try {
      const pixelsOfImage = await takeImage(image.path, intake, image.raw);
      const { score, map, parts, blank, reason, milliseconds } = await inspector.inspectImage(
        pixelsOfImage,
        image.name,
      );
      const eightBits = toEightBits(pixelsOfImage, intake?.range);
      const grey = toGrey(eightBits).data;
      let sum = 0;
      for (const v of grey) sum += v;
      if (pixels)
        await addPixels(pixels, { map, score }, image, pixelsOfImage).catch((error: unknown) =>
          tell(image, error, true),
        );
      scored.push({
        image,
        score,
        brightness: sum / grey.length,
        milliseconds: milliseconds.detect,
        map: mapFacts(map.data),
        parts,
        blank,
        frame: frameFaults(eightBits),
        picture: isOfPicture(reason) ? reason : null,
      });
    } catch (error) {
      tell(image, error, false);
    }
    events.onProgress?.(i + 1, images.length);
  }
  return { scored, problems };
}

const kindsOf = { good: 'good ', defective: 'defective ', any: '' } as const;

/** Which images of a kind could not be scored, and the first reason; null where one could be, or where there was none. */
export function unscored(
  kind: keyof typeof kindsOf,
  images: readonly PartImage[],
  { scored, problems }: Scores,
): string | null {
  const isKind = ({ label }: PartImage): boolean => kind === 'any' || label === kind;
  const meant = images.filter(isKind);
  if (meant.length === 0 || scored.some(({ image }) => isKind(image))) return null;
  const names = new Set(meant.map(({ name }) => name));
  const own = problems.filter(({ name, pixelsOnly }) => names.has(name) && !pixelsOnly);
  const first = own[0]
    ? ` (${own[0].code}: ${own[0].message}${own.length > 1 ? `; and ${own.length - 1} more` : ''})`
    : '';
  return `none of the ${meant.length} ${kindsOf[kind]}images could be read${first}`;
}

/** Labels and scores, as judging takes them: 1 is defective. */
export function labelled(scored: readonly ScoredImage[]): { labels: number[]; scores: number[] } {
  return {
    labels: scored.map(({ image }) => (image.label === 'defective' ? 1 : 0)),
    scores: scored.map((s) => s.score),
  };
}
