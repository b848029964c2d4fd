/** A trained flow and a trained U-Net in one model, as a row of the table of detectors. */
import type { Detector } from '../detector.ts';

export const fusion = {
  title: 'fusion',
  meaning: 'a trained flow and a trained U-Net in one verdict',
  parts: ['flow', 'unet'],
  mapValues: 'scaled',
  scoreUnit: () => 1e-3,
} as const satisfies Detector;
