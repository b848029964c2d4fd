/** The U-Net, as a row of the table of detectors. */
import type { TrainedDetector } from '../detector.ts';
import { unetOptions } from './options.ts';
import { unetPreset } from './preset.ts';

export const unet = {
  title: 'U-Net',
  meaning: 'learns defects from images with masks',
  parts: [],
  mapValues: 'probability',
  scoreUnit: () => 1e-3,
  needsMasks: true,
  options: unetOptions,
  presetFor: unetPreset,
  learner: async () => (await import('./learning.ts')).unetLearner,
} as const satisfies TrainedDetector;
