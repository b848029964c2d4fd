/** How a flow learns: from feature maps of good images, which are computed once. */
import { FelfriError } from '../../core/errors.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { calibrationImages } from '../../data/split.ts';
import { compileTraining } from '../../engine/training/program.ts';
import type { Canvas } from '../../train/canvas.ts';
import { cellsOf } from '../../train/judged-area.ts';
import { constant, cosine } from '../../train/schedule.ts';
import type { FeatureExtractor } from '../backbones/feature-extractor.ts';
import type { Learner, Learning, LearningData, LearningRequest, LearningTask } from '../learning.ts';
import { lookingAt } from '../looking-at.ts';
import { requireFlowCanvas } from './canvas.ts';
import { pixelsOf, USUAL_PIXELS } from './canvases.ts';
import { type FlowConfig, flowPermutations, paperConfig, paperTraining, SCALES } from './config.ts';
import { flowInspection } from './inspection.ts';
import { judgedPositions } from './judged-positions.ts';
import type { flowOptions } from './options.ts';
import { estimatePlaces } from './place.ts';
import { estimatePrincipal } from './principal.ts';
import { viewSizes } from './score.ts';
import { type FlowSettings, flowSettings } from './settings.ts';
import { flowTask, settleScore } from './task.ts';
import { flowTraining } from './training.ts';
import { type FlowFeatures, flowFeatures, mapSizesOf, openExtractor, watchedImages } from './training-features.ts';
import { usualCanvas } from './usual-canvas.ts';
import { estimateWhitening } from './whitening.ts';
import { estimateWhole } from './whole.ts';

type FlowRequest = LearningRequest & FlowSettings;

/** Under the paper's protocol the watched images are those that are judged, and nothing is chosen on them here. */
const NOBODY = { features: [], defective: [] };

/** Images scored at once while training. */
const EVALUATION_BATCH = 16;

/** What is estimated in closed form before anything is trained: the start, and the views beside the flow. */
async function startOf(
  { start }: FlowConfig,
  { learned, viewed }: FlowFeatures,
  { score, canvas, onPhase, onProgress }: FlowRequest & { readonly canvas: Canvas },
): Promise<NamedTensors | undefined> {
  if (start === 'plain') return undefined;
  onPhase?.('Estimating the start');
  if (start === 'whitened') return estimateWhitening(learned.maps);
  const [, height, width] = learned.maps[0]![0]!.shape as [number, number, number];
  const cells = cellsOf(canvas, { height, width });
  const principal = await estimatePrincipal(learned.maps.map(([map]) => judgedPositions(map!, cells)));
  const maps = viewed.map(([map]) => map!);
  const views = new Map(principal);
  if (score.views?.includes('place')) {
    onPhase?.('Estimating what each position looks like');
    for (const [name, value] of await estimatePlaces(maps, principal, { onProgress, cells })) views.set(name, value);
  }
  if (score.views?.includes('whole')) {
    onPhase?.('Estimating what images look like as a whole');
    const judged = maps.map((map) => judgedPositions(map, cells));
    for (const [name, value] of await estimateWhole(judged, principal)) views.set(name, value);
  }
  return views;
}

/** The configuration that a request asks for, given what its backbone provides. */
function configOf({ backbone, hidden, start, directions, gamma }: FlowRequest): FlowConfig {
  const config = { ...paperConfig, hidden, start, gamma };
  if (start !== 'principal') return { ...config, channels: backbone.channels };
  return {
    ...config,
    features: backbone.channels,
    channels: Math.min(directions, backbone.channels),
  };
}

/** Sizes (C, h, w) of what goes into the first block on each scale. */
function blockShapes(config: FlowConfig, mapSizes: readonly (readonly [number, number])[]): number[][] {
  if (config.start !== 'principal') return mapSizes.map(([h, w]) => [config.channels, h, w]);
  const [h, w] = mapSizes[0]!;
  return Array.from({ length: SCALES }, (_, scale) => [config.channels, h / 2 ** scale, w / 2 ** scale]);
}

/** What the bundle is told beside the settings; known in full when training ends. */
interface Bundled {
  readonly choices: string[];
  /** Good images that the closed-form views were estimated from. */
  readonly viewed: { images: number };
}

/** Reads the features and estimates what training begins with. Throws DATASET_TOO_SMALL where no good image can be read. */
async function read(
  request: FlowRequest & { readonly canvas: Canvas },
  { images }: LearningData,
  config: FlowConfig,
  extractor: FeatureExtractor,
  { choices, viewed }: Bundled,
): Promise<LearningTask> {
  const { score, split, batch, seed, epochs, learningRate, noise } = request;
  const features = await flowFeatures(extractor, images, request);
  const { learned, watched, drawn, reference, mapSizes } = features;
  viewed.images = features.viewed.length;
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
  return {
    task,
    problems: learned.problems,
    ...(start && { start }),
    finish: async (trainer) => {
      if (score.image !== 'combined') return new Map();
      const settled = await settleScore(
        trainer,
        {
          reference,
          watched: split.protocol === 'honest' ? watchedImages(watched) : NOBODY,
          of: calibrationImages(split).chosenOn,
        },
        EVALUATION_BATCH,
        viewSizes(score),
      );
      choices.push(settled.statement);
      request.onPhase?.(settled.statement);
      return settled.states;
    },
  };
}

/**
 * The request with its canvas. Where that was chosen here, training looks at as many positions as on the usual one, in fewer epochs, unless
 * their number was asked for.
 */
async function onCanvas(asked: FlowRequest, data: LearningData, choices: string[]) {
  if (asked.canvas) return { ...asked, canvas: lookingAt(asked.canvas, data.regions) };
  const { canvas: chosen, statement } = await usualCanvas(asked, data);
  const canvas = lookingAt(chosen, data.regions);
  choices.push(statement);
  asked.onPhase?.(statement);
  const { epochs, epochsAsked = false } = asked;
  const fewer = Math.max(1, Math.round((epochs * USUAL_PIXELS) / pixelsOf(canvas)));
  return { ...asked, canvas, epochs: epochsAsked ? epochs : Math.min(epochs, fewer) };
}

/** The paper's mean is of every dimension, and has no place that a region could leave out. */
function requireScoreOfPlaces({ score }: FlowRequest, { regions }: LearningData): void {
  if (!regions || score.image !== 'mean') return;
  throw new FelfriError(
    'OPTION_INVALID',
    '--regions with --score mean: that score is of the whole picture; legal are max, top and combined',
    { subject: 'score' },
  );
}

async function plan(asked: FlowRequest, data: LearningData): Promise<Learning> {
  requireScoreOfPlaces(asked, data);
  const choices: string[] = [];
  if (asked.backboneChosen !== undefined) {
    choices.push(asked.backboneChosen);
    asked.onPhase?.(asked.backboneChosen);
  }
  const request = await onCanvas(asked, data, choices);
  const { backbone, canvas, score, batch, seed, epochs, noise } = request;
  requireFlowCanvas(canvas, backbone);
  const config = configOf(request);
  const permutations = flowPermutations(config.channels, config.kernels.length, seed);
  const extractor = await openExtractor(request, config, data.intake);
  const mapSizes = mapSizesOf(extractor);
  const bundled: Bundled = { choices, viewed: { images: 0 } };
  return {
    canvas,
    settings: {
      detector: 'flow',
      canvas,
      ...(data.intake && { pixels: data.intake }),
      backbone: { name: backbone.name, fingerprint: backbone.fingerprint },
      flow: config,
      score,
      noise,
      // a cosine's rate depends on where it ends
      schedule: request.schedule === 'cosine' ? { kind: 'cosine', epochs } : 'constant',
    },
    bundled: { permutations, ...bundled },
    backbone,
    adam: paperTraining.adam,
    compile: () =>
      compileTraining(
        flowTraining({
          config,
          permutations,
          batch,
          evaluationBatch: EVALUATION_BATCH,
          mapSizes,
          score,
          noise: noise > 0,
          canvas,
        }),
      ),
    read: () => read(request, data, config, extractor, bundled),
    release: () => extractor.release(),
    inspection: flowInspection({ canvas, backbone, config, permutations, score }),
    ...(score.image !== 'mean' && { mapUnit: 'score' }),
  };
}

export const flowLearner: Learner<typeof flowOptions, FlowSettings> = {
  settings: flowSettings,
  learnsFrom: () => 'good',
  plan,
};
