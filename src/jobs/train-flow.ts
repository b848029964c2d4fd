/** `felfri train flow`: images of good parts to a bundle. */
import { FelfriError } from '../core/errors.ts';
import type { NamedTensors } from '../core/tensor.ts';
import type { PartImage } from '../data/dataset.ts';
import type { Problem } from '../data/listing.ts';
import { trainedOn } from '../data/split.ts';
import type { Backbone } from '../detectors/backbones/backbone.ts';
import { FeatureExtractor } from '../detectors/backbones/feature-extractor.ts';
import type { Canvas } from '../detectors/detector.ts';
import { type FlowConfig, flowPermutations, paperConfig, paperTraining, SCALES } from '../detectors/flow/config.ts';
import { flowInspection } from '../detectors/flow/inspection.ts';
import { mapsTaken } from '../detectors/flow/network.ts';
import { estimatePrincipal } from '../detectors/flow/principal.ts';
import { type FlowScore, STANDARD } from '../detectors/flow/score.ts';
import { flowTraining } from '../detectors/flow/training.ts';
import { estimateWhitening } from '../detectors/flow/whitening.ts';
import { compileTraining } from '../engine/training/program.ts';
import { flowTask, type ImageFeatures, scoreStandard } from '../train/flow-task.ts';
import { constant, cosine } from '../train/schedule.ts';
import { calibrationImages } from './calibrate.ts';
import type { JudgedBundle } from './evaluate.ts';
import { finishTraining } from './finish.ts';
import { passLeakGate } from './leak-gate.ts';
import { hashData, openRun, type TrainingRequest, train } from './training-run.ts';

export interface FlowRequest extends TrainingRequest {
  readonly backbone: Backbone;
  readonly canvas: Canvas;
  /** Channels within the coupling networks; the paper's 1024. */
  readonly hidden: number;
  /** Principal directions that the couplings take, with the start `principal`; all where the map has fewer. */
  readonly directions?: number;
  /** Deviation of the noise on what goes into the first block while training; none unless told. */
  readonly noise?: number;
  /** Start of the scalar on each coupling network's output; 0 unless told. */
  readonly gamma?: number;
  /** `cosine` falls to 0 at the end of training; constant, as published, unless told. */
  readonly schedule?: 'constant' | 'cosine';
  readonly score: FlowScore;
  readonly start: NonNullable<FlowConfig['start']>;
  /** Where feature maps are kept; the user's cache folder unless told, false for nowhere. */
  readonly cacheDirectory?: string | false;
  readonly rule?: string;
  /** Writes the AUROC of the test images down every so many steps; nothing is chosen from it. Left out: not measured. */
  readonly curve?: { readonly every: number };
}

/** Images scored at once while training. */
const EVALUATION_BATCH = 16;

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

/** The closed-form start that a configuration asks for. */
async function startOf({ start }: FlowConfig, maps: readonly ImageFeatures[]): Promise<NamedTensors | undefined> {
  if (start === 'whitened') return estimateWhitening(maps);
  if (start === 'principal') return estimatePrincipal(maps.map(([map]) => map!));
  return undefined;
}

const watchedImages = ({ maps, images }: Features) => ({
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

/** Good images that set the scale of a combined score: those of the calibration part where they are enough, else trained ones. */
function referenceImages(
  split: TrainingRequest['split'],
  learned: Features,
  watched: Features,
): readonly ImageFeatures[] {
  const good = watched.maps.filter((_, i) => watched.images[i]!.label === 'good');
  if (split.protocol === 'honest' && good.length >= FEWEST_REFERENCES) return good;
  const every = Math.ceil(learned.maps.length / MOST_REFERENCES);
  return learned.maps.filter((_, i) => i % every === 0);
}

/** The configuration that a request asks for, given what its backbone provides. */
function configOf({ backbone, hidden, start, directions, gamma }: FlowRequest): FlowConfig {
  const config = { ...paperConfig, hidden, start, ...(gamma !== undefined && { gamma }) };
  if (start !== 'principal') return { ...config, channels: backbone.channels };
  return {
    ...config,
    features: backbone.channels,
    channels: Math.min(directions ?? backbone.channels, backbone.channels),
  };
}

/** Sizes (C, h, w) of what goes into the first block on each scale. */
function blockShapes(config: FlowConfig, mapSizes: readonly (readonly [number, number])[]): number[][] {
  if (config.start !== 'principal') return mapSizes.map(([h, w]) => [config.channels, h, w]);
  const [h, w] = mapSizes[0]!;
  return Array.from({ length: SCALES }, (_, scale) => [config.channels, h / 2 ** scale, w / 2 ** scale]);
}

/** Trains, calibrates and judges a flow. Throws DATASET_TOO_SMALL where no good image can be read. */
export async function trainFlow(request: FlowRequest): Promise<JudgedBundle> {
  const { split, backbone, canvas, score, batch, seed, epochs, learningRate, threads, noise = 0 } = request;
  const images = trainedOn(split, 'flow');
  const config = configOf(request);
  const permutations = flowPermutations(config.channels, config.kernels.length, seed);
  const settings = {
    detector: 'flow',
    canvas,
    backbone: { name: backbone.name, fingerprint: backbone.fingerprint },
    flow: config,
    score,
    noise,
    schedule: request.schedule ?? 'constant',
  };
  const plan = {
    request,
    settings,
    trainedOn: images,
    dataHash: await hashData(request),
    leak: await passLeakGate(request.split, request),
  };
  const run = await openRun(plan);
  const extractor = await FeatureExtractor.create({
    backbone,
    canvas,
    scales: mapsTaken(config),
    ...(threads !== undefined && { threads }),
  });
  request.onPhase?.('Computing features of the training images');
  const learned = await featuresOf(extractor, images, request).catch(async (error: unknown) => {
    await extractor.release();
    throw error;
  });
  if (learned.maps.length === 0) {
    throw new FelfriError('DATASET_TOO_SMALL', 'none of the good training images could be read; see felfri data check');
  }
  request.onPhase?.('Computing features of the images that training is watched on');
  const watched = await featuresOf(extractor, calibrationImages(split).images, request).catch(
    async (error: unknown) => {
      await extractor.release();
      throw error;
    },
  );
  const drawn = await curveFeatures(extractor, watched, request).finally(() => extractor.release());
  const mapSizes = extractor.shapes.map(([, h, w]) => [h!, w!] as const);
  const reference = referenceImages(split, learned, watched);
  const task = flowTask({
    train: learned.maps,
    watched: watchedImages(watched),
    ...(drawn && request.curve && { curve: { ...watchedImages(drawn), ...request.curve } }),
    batch,
    evaluationBatch: EVALUATION_BATCH,
    epochs,
    reference,
    ...(noise > 0 && { noise: { deviation: noise, shapes: blockShapes(config, mapSizes) } }),
    schedule: request.schedule === 'cosine' ? cosine({ from: learningRate }) : constant(learningRate),
    seed,
  });
  request.onPhase?.('Estimating the start');
  const start = await startOf(config, learned.maps);
  const program = compileTraining(
    flowTraining({
      config,
      permutations,
      batch,
      evaluationBatch: EVALUATION_BATCH,
      mapSizes,
      score,
      noise: noise > 0,
    }),
  );
  const outcome = await train(plan, run, task, program, paperTraining.adam, learned.problems, {
    ...(start && { start }),
    finish: async (trainer) => {
      const standard = await scoreStandard(trainer, reference, EVALUATION_BATCH);
      return new Map(standard ? [[STANDARD, standard]] : []);
    },
  });
  return finishTraining(request, outcome, {
    detector: 'flow',
    canvas,
    settings: { ...settings, permutations },
    backbone: { name: backbone.name, licence: backbone.licence, fingerprint: backbone.fingerprint },
    trained: {
      inspection: flowInspection({ canvas, backbone, config, permutations, score }),
      weights: outcome.weights,
    },
    trainedOn: images,
    ...(request.rule === undefined ? {} : { rule: request.rule }),
  });
}
