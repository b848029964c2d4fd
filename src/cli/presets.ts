/** Named settings. An option given on the command line goes before its preset. */
import { paperTraining } from '../detectors/flow/config.ts';
import { paperUnet } from '../detectors/unet/training.ts';

/** `paper`: as published. `line`: small enough to train on an office computer in minutes, and the default. */
export type PresetName = 'line' | 'paper';

export const flowPresets = {
  // start, score and map: the best on calibration images of several sets (docs/experiments.md)
  line: {
    backbone: 'wavelet',
    size: '256',
    hidden: 64,
    depths: 'five',
    start: 'principal',
    directions: 128,
    noise: 0.1,
    gamma: 0.1,
    schedule: 'cosine',
    score: 'combined',
    map: 'average',
    views: ['place', 'whole'],
    batch: 16,
    epochs: 6,
    lr: 1e-3,
  },
  paper: {
    backbone: 'efficientnet-b5',
    size: '768',
    hidden: 1024,
    depths: 'deepest',
    start: 'plain',
    directions: 304,
    noise: 0,
    gamma: 0,
    schedule: 'constant',
    score: 'mean',
    map: 'finest',
    views: [],
    ...pick(paperTraining),
  },
} as const;

export const unetPresets = {
  // on a backbone, whose way down is not learned; chosen on calibration images (docs/experiments.md)
  onBackbone: {
    base: 16,
    patch: 256,
    batch: 16,
    epochs: 6,
    lr: 1e-3,
    negatives: '1',
    perImage: '2',
    exposure: 'raw',
    dice: 'patch',
    score: 'peak',
    schedule: 'cosine',
    tile: { side: 512, overlap: 0.25 },
    leastSteps: 50,
  },
  line: {
    base: 16,
    patch: 128,
    batch: 16,
    epochs: 20,
    lr: 3e-3,
    negatives: '1',
    perImage: '2',
    exposure: 'standardised',
    dice: 'patch',
    score: 'peak',
    schedule: 'cosine',
    tile: { side: 512, overlap: 0.25 },
    leastSteps: 50,
  },
  paper: {
    base: paperUnet.base,
    patch: paperUnet.patch,
    batch: 8,
    epochs: 50,
    lr: paperUnet.learningRate,
    negatives: 'all',
    perImage: 'all',
    exposure: 'raw',
    dice: 'batch',
    score: 'max',
    schedule: 'plateau',
    tile: { side: paperUnet.patch, overlap: paperUnet.overlap },
    leastSteps: 0,
  },
} as const;

function pick({ batch, epochs, learningRate }: typeof paperTraining): { batch: number; epochs: number; lr: number } {
  return { batch, epochs, lr: learningRate };
}
