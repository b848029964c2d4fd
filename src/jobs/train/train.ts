/** Training from a program: what is left out is as `felfri train` has it. */
import { FelfriError } from '../../core/errors.ts';
import type { PresetName } from '../../core/options.ts';
import type { DataSet } from '../../data/dataset.ts';
import { foldSplit } from '../../data/split.ts';
import { type OptionsOf, settingsOf, type TrainedName, trainedDetectors } from '../../detectors/table.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { trainDetector } from './train-detector.ts';
import type { TrainingRequest } from './training-run.ts';

/** What a training is asked beside its detector's options. */
type Asked = Partial<Omit<TrainingRequest, 'dataSet' | keyof OptionsOf<TrainedName>>>;

/** The options of `felfri train` by their names in camel case (`lr` is `learningRate`), and what every job takes: progress, `signal`, `threads`. */
export type TrainOptions<N extends TrainedName> = Asked &
  OptionsOf<N> & {
    /** `line`, for minutes on an office computer, unless told; `paper`: as published. */
    readonly preset?: PresetName;
  };

/** What is no option of a detector. A name that is neither is refused, since a program may misspell one. */
const asked: Readonly<Record<keyof Asked, true>> = {
  split: true,
  output: true,
  resume: true,
  seed: true,
  rule: true,
  maxSeconds: true,
  checkpointSeconds: true,
  dataHash: true,
  allowLeaks: true,
  leak: true,
  range: true,
  bands: true,
  regions: true,
  onPhase: true,
  onProgress: true,
  onTraining: true,
  onProblem: true,
  onWarning: true,
  signal: true,
  threads: true,
  device: true,
};

/**
 * Trains a detector on a data set, sets its threshold on parts that it did not learn from, judges it on others, and writes the bundle into
 * `output`: `bundles/` and the detector's name unless told. The split is fold 0 of `foldSplit`, the seed 0, unless told. Throws OPTION_INVALID for
 * an illegal option, and what `felfri train` refuses by.
 */
export async function train<N extends TrainedName>(
  name: N,
  dataSet: DataSet,
  options: TrainOptions<N> = {} as TrainOptions<N>,
): Promise<JudgedBundle> {
  const { preset = 'line', ...rest } = options;
  if (!Object.hasOwn(trainedDetectors, name)) {
    const legal = Object.keys(trainedDetectors).join(', ');
    throw new FelfriError('OPTION_INVALID', `there is no detector ${name} to train; legal are ${legal}`, {
      subject: 'detector',
    });
  }
  const entries = Object.entries(rest);
  const given = Object.fromEntries(entries.filter(([key]) => !(key in asked))) as OptionsOf<N>;
  const request = Object.fromEntries(entries.filter(([key]) => key in asked)) as Asked;
  const { split = foldSplit(dataSet, 0), output = `bundles/${name}`, seed = 0 } = request;
  const settings = await settingsOf(name, given, preset);
  return trainDetector(name, { ...request, dataSet, split, output, seed, ...settings });
}

/** `train` of a flow, which learns from images of good parts alone. */
export const trainFlow = (dataSet: DataSet, options?: TrainOptions<'flow'>): Promise<JudgedBundle> =>
  train('flow', dataSet, options);

/** `train` of a U-Net, which learns from images with masks, or with `synthetic: 'only'` from images of good parts. */
export const trainUnet = (dataSet: DataSet, options?: TrainOptions<'unet'>): Promise<JudgedBundle> =>
  train('unet', dataSet, options);
