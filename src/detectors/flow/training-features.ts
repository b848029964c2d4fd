/** Feature maps for training a flow: of the images that it learns, those that it is watched on, and those of a curve. */

import { FelfriError } from '../../core/errors.ts';
import type { Intake } from '../../data/image/intake.ts';
import type { Problem } from '../../data/listing.ts';
import { contradictedByMasks } from '../../data/masks/contradicted.ts';
import type { PartImage } from '../../data/part-image.ts';
import { calibrationImages, type Split } from '../../data/split.ts';
import type { Canvas } from '../../train/canvas.ts';
import { sessionOptions } from '../../train/control.ts';
import { FeatureExtractor } from '../backbones/feature-extractor.ts';
import type { LearningRequest } from '../learning.ts';
import type { FlowConfig } from './config.ts';
import { mapsTaken } from './network.ts';
import type { FlowSettings } from './settings.ts';
import type { ImageFeatures } from './task.ts';

type FlowRequest = LearningRequest & FlowSettings;

/** Good images from which the scale of a combined score is taken: fewer say too little, more only take time. */
const FEWEST_REFERENCES = 10;
const MOST_REFERENCES = 200;

interface Features {
  readonly maps: readonly ImageFeatures[];
  /** The images that could be read, in the order of the maps. */
  readonly images: readonly PartImage[];
  readonly problems: readonly Problem[];
}

async function featuresOf(
  extractor: FeatureExtractor,
  images: readonly PartImage[],
  request: FlowRequest,
): Promise<Features> {
  const { onProgress, cacheDirectory, signal } = request;
  const extraction = await extractor.extract(images, {
    ...(onProgress && { onProgress }),
    ...(cacheDirectory !== undefined && { cacheDirectory }),
    ...(signal && { signal }),
  });
  extraction.problems.forEach((p) => {
    request.onProblem?.(p);
  });
  if (extraction.cacheFault) request.onWarning?.(extraction.cacheFault);
  const read = images.flatMap((image, i) => {
    const maps = extraction.maps[i];
    return maps ? [{ image, maps }] : [];
  });
  return { maps: read.map((r) => r.maps), images: read.map((r) => r.image), problems: extraction.problems };
}

/** Of the images that nothing contradicts. */
async function learnedFeatures(
  extractor: FeatureExtractor,
  images: readonly PartImage[],
  request: FlowRequest,
): Promise<Features> {
  const contradicted = await contradictedByMasks(images);
  for (const problem of contradicted) request.onProblem?.(problem);
  const left = new Set(contradicted.map(({ name }) => name));
  const features = await featuresOf(
    extractor,
    images.filter(({ name }) => !left.has(name)),
    request,
  );
  return { ...features, problems: [...contradicted, ...features.problems] };
}

export const watchedImages = ({ maps, images }: Features) => ({
  features: maps,
  defective: images.map((i) => i.label === 'defective'),
});

/** Features of the test images, where a curve is asked for; under the paper's protocol training is watched on them anyway. */
async function curveFeatures(
  extractor: FeatureExtractor,
  watched: Features,
  request: FlowRequest,
): Promise<Features | undefined> {
  if (!request.curve) return undefined;
  if (request.split.protocol === 'paper') return watched;
  request.onPhase?.('Computing features of the images that the curve is drawn from');
  return featuresOf(extractor, request.split.test, request);
}

/** Where references must be taken from the trained images: every fifth, and all where there are fewer than this. */
const FEWEST_TO_DIVIDE = 20;
const EVERY_REFERENCE = 5;

interface References {
  /** Good images that set the scale of a combined score: of the calibration part where they are enough, else trained ones. */
  readonly reference: readonly ImageFeatures[];
  /** Good images that the closed-form views are estimated from: none of the references, unless there are too few. */
  readonly viewed: readonly ImageFeatures[];
}

function referenceImages(split: Split, learned: Features, watched: Features): References {
  const good = watched.maps.filter((_, i) => watched.images[i]!.label === 'good');
  if (split.protocol === 'honest' && good.length >= FEWEST_REFERENCES) return { reference: good, viewed: learned.maps };
  const { maps } = learned;
  if (maps.length < FEWEST_TO_DIVIDE) return { reference: maps, viewed: maps };
  const every = Math.max(EVERY_REFERENCE, Math.ceil(maps.length / MOST_REFERENCES));
  return {
    reference: maps.filter((_, i) => i % every === 0),
    viewed: maps.filter((_, i) => i % every !== 0),
  };
}

/** Throws OPTION_INVALID when the canvas does not suit the backbone. */
export function openExtractor(
  request: FlowRequest & { readonly canvas: Canvas },
  config: FlowConfig,
  intake: Intake | undefined,
): Promise<FeatureExtractor> {
  const { backbone, canvas } = request;
  const scales = mapsTaken(config);
  return FeatureExtractor.create({ backbone, canvas, scales, ...(intake && { intake }), ...sessionOptions(request) });
}

/** Height and width of each map that the flow takes. */
export const mapSizesOf = ({ shapes }: FeatureExtractor) => shapes.map(([, h, w]) => [h!, w!] as const);

export interface FlowFeatures extends References {
  readonly learned: Features;
  readonly watched: Features;
  /** Of a curve's images, where one is asked for. */
  readonly drawn: Features | undefined;
  /** Height and width of each map that the flow takes. */
  readonly mapSizes: readonly (readonly [number, number])[];
}

/** Everything that training a flow reads; releases the extractor. Throws DATASET_TOO_SMALL where no good image can be read. */
export async function flowFeatures(
  extractor: FeatureExtractor,
  images: readonly PartImage[],
  request: FlowRequest,
): Promise<FlowFeatures> {
  try {
    request.onPhase?.('Computing features of the training images');
    const learned = await learnedFeatures(extractor, images, request);
    if (learned.maps.length === 0) {
      throw new FelfriError(
        'DATASET_TOO_SMALL',
        'none of the good training images could be read; see felfri data check',
      );
    }
    request.onPhase?.('Computing features of the images that training is watched on');
    const watched = await featuresOf(extractor, calibrationImages(request.split).images, request);
    const drawn = await curveFeatures(extractor, watched, request);
    const mapSizes = mapSizesOf(extractor);
    return { learned, watched, drawn, ...referenceImages(request.split, learned, watched), mapSizes };
  } finally {
    await extractor.release();
  }
}
