/** The flow, as a row of the table of detectors. */
import type { TrainedDetector } from '../detector.ts';
import { flowOptions } from './options.ts';

export const flow = {
  title: 'flow',
  meaning: 'learns what good parts look like, from images of good parts alone',
  parts: [],
  mapValues: 'distance',
  // a combined score counts deviations, or powers of ten, over good images and comes near zero, where a share of the score itself says nothing
  scoreUnit: ({ score }) => ((score as { readonly image?: unknown } | undefined)?.image === 'combined' ? 1 : 1e-3),
  needsMasks: false,
  options: flowOptions,
  presetFor: (_, preset) => preset,
  learner: async () => (await import('./learning.ts')).flowLearner,
} as const satisfies TrainedDetector;
