/** `felfri train`: images to a bundle, by any detector that learns. */
import type { NamedTensors } from '../../core/tensor.ts';
import { trainedOn } from '../../data/split.ts';
import { learnerOf, type SettingsOf, type TrainedName } from '../../detectors/table.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { finishTraining } from './finish.ts';
import { measureIntake } from './measure-intake.ts';
import { requireSuited } from './regions-of.ts';
import { prepare, type TrainingRequest, train } from './training-run.ts';

/** What training a detector is asked: data and split, and its own settings. */
export type DetectorRequest<N extends TrainedName> = TrainingRequest &
  SettingsOf<N> & {
    /** Given the trained weights before the bundle is written. */
    readonly onTrained?: (weights: NamedTensors) => Promise<void>;
  };

/** Trains, calibrates and judges a detector. Throws DATASET_TOO_SMALL where no image of the kind that it learns from can be read. */
export async function trainDetector<N extends TrainedName>(
  name: N,
  request: DetectorRequest<N>,
): Promise<JudgedBundle> {
  const learner = await learnerOf(name);
  const images = trainedOn(request.split, learner.learnsFrom(request));
  const intake = await measureIntake(images, request, request);
  const { regions } = request;
  if (regions) await requireSuited(regions, images);
  const learning = await learner.plan(request, { images, intake, regions });
  const { settings, canvas, backbone } = learning;
  const prepared = prepare(request, settings, images, learning.compile);
  const { plan, run, program } = await prepared.catch(async (error: unknown) => {
    await learning.release?.();
    throw error;
  });
  const { task, problems, ...ends } = await learning.read();
  const outcome = await train(plan, run, { task, program, adam: learning.adam, ends }, problems);
  await request.onTrained?.(outcome.weights);
  return finishTraining(request, outcome, {
    detector: name,
    canvas,
    settings: { ...settings, ...learning.bundled },
    backbone: backbone && { name: backbone.name, licence: backbone.licence, fingerprint: backbone.fingerprint },
    trained: { inspection: learning.inspection, weights: outcome.weights, ...(intake && { intake }) },
    trainedOn: images,
    ...(regions && { regions }),
    ...(learning.mapUnit && { mapUnit: learning.mapUnit }),
  });
}
