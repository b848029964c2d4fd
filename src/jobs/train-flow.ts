/** `felfri train flow`: images of good parts to a bundle. */
import type { NamedTensors } from '../core/tensor.ts';
import { trainedOn } from '../data/split.ts';
import type { Backbone } from '../detectors/backbones/backbone.ts';
import type { Canvas } from '../detectors/detector.ts';
import { requireFlowCanvas } from '../detectors/flow/canvas.ts';
import { type FlowConfig, flowPermutations, paperConfig, paperTraining, SCALES } from '../detectors/flow/config.ts';
import { flowInspection } from '../detectors/flow/inspection.ts';
import { estimatePlaces } from '../detectors/flow/place.ts';
import { estimatePrincipal } from '../detectors/flow/principal.ts';
import { type FlowScore, viewSizes } from '../detectors/flow/score.ts';
import { flowTraining } from '../detectors/flow/training.ts';
import { estimateWhitening } from '../detectors/flow/whitening.ts';
import { estimateWhole } from '../detectors/flow/whole.ts';
import { compileTraining } from '../engine/training/program.ts';
import { flowTask, scoreStandard } from '../train/flow-task.ts';
import { constant, cosine } from '../train/schedule.ts';
import type { JudgedBundle } from './evaluate.ts';
import { finishTraining } from './finish.ts';
import { type FlowFeatures, flowFeatures, mapSizesOf, openExtractor, watchedImages } from './flow-features.ts';
import { measureIntake } from './measure-intake.ts';
import { prepare, type TrainingRequest, train } from './training-run.ts';

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
  /** Writes the AUROC of the test images down every so many steps; nothing is chosen from it. Left out: not measured. */
  readonly curve?: { readonly every: number };
}

/** Images scored at once while training. */
const EVALUATION_BATCH = 16;

/** What is estimated in closed form before anything is trained: the start, and the views beside the flow. */
async function startOf(
  { start }: FlowConfig,
  { learned, viewed }: FlowFeatures,
  { score, onPhase, onProgress }: FlowRequest,
): Promise<NamedTensors | undefined> {
  if (start === 'plain') return undefined;
  onPhase?.('Estimating the start');
  if (start === 'whitened') return estimateWhitening(learned.maps);
  const principal = await estimatePrincipal(learned.maps.map(([map]) => map!));
  const maps = viewed.map(([map]) => map!);
  const views = new Map(principal);
  if (score.views?.includes('place')) {
    onPhase?.('Estimating what each position looks like');
    for (const [name, value] of await estimatePlaces(maps, principal, onProgress)) views.set(name, value);
  }
  if (score.views?.includes('whole')) {
    onPhase?.('Estimating what images look like as a whole');
    for (const [name, value] of await estimateWhole(maps, principal)) views.set(name, value);
  }
  return views;
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
  const { split, backbone, canvas, score, batch, seed, epochs, learningRate, noise = 0 } = request;
  requireFlowCanvas(canvas, backbone);
  const images = trainedOn(split, 'flow');
  const intake = await measureIntake(images, request, request);
  const config = configOf(request);
  const permutations = flowPermutations(config.channels, config.kernels.length, seed);
  const settings = {
    detector: 'flow',
    canvas,
    ...(intake && { pixels: intake }),
    backbone: { name: backbone.name, fingerprint: backbone.fingerprint },
    flow: config,
    score,
    noise,
    // a cosine's rate depends on where it ends
    schedule: request.schedule === 'cosine' ? { kind: 'cosine', epochs } : 'constant',
  };
  const extractor = await openExtractor(request, config, intake);
  const prepared = prepare(request, settings, images, () =>
    compileTraining(
      flowTraining({
        config,
        permutations,
        batch,
        evaluationBatch: EVALUATION_BATCH,
        mapSizes: mapSizesOf(extractor),
        score,
        noise: noise > 0,
      }),
    ),
  );
  const { plan, run, program } = await prepared.catch(async (error: unknown) => {
    await extractor.release();
    throw error;
  });
  const features = await flowFeatures(extractor, images, request);
  const { learned, watched, drawn, reference, mapSizes } = features;
  const task = flowTask({
    train: learned.maps,
    watched: watchedImages(watched),
    ...(drawn && request.curve && { curve: { ...watchedImages(drawn), ...request.curve } }),
    batch,
    evaluationBatch: EVALUATION_BATCH,
    epochs,
    reference,
    viewSizes: viewSizes(score),
    ...(noise > 0 && { noise: { deviation: noise, shapes: blockShapes(config, mapSizes) } }),
    schedule: request.schedule === 'cosine' ? cosine({ from: learningRate }) : constant(learningRate),
    seed,
  });
  const start = await startOf(config, features, request);
  const outcome = await train(plan, run, task, program, paperTraining.adam, learned.problems, {
    ...(start && { start }),
    finish: async (trainer) => {
      if (score.image !== 'combined') return new Map();
      return scoreStandard(trainer, reference, EVALUATION_BATCH, viewSizes(score));
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
      ...(intake && { intake }),
    },
    trainedOn: images,
  });
}
