/**
 * The settings of a U-Net, one row each. `paper`: Viberg et al.; `line`, and `lineOnBackbone` where the way down is a backbone's and is not
 * learned: chosen on calibration images (docs/experiments/unet.md).
 */
import { aboveZero, fromZero, fromZeroOrAll, multipleOf, oneOf, optionRows, wholeFrom } from '../../core/options.ts';
import { backboneOptions } from '../backbones/options.ts';
import { batch, epochs, fit, learningRate, size } from '../training-options.ts';
import { paperUnet, unetStride } from './paper.ts';

export const unetOptions = optionRows({
  epochs: epochs({ line: 20, paper: 50, lineOnBackbone: 6 }),
  batch: batch({ line: 16, paper: 8 }),
  learningRate: learningRate({ line: 3e-3, paper: paperUnet.learningRate, lineOnBackbone: 1e-3 }),
  size,
  fit,
  ...backboneOptions,
  backbone: {
    ...backboneOptions.backbone,
    page: { label: 'Backbone', empty: 'none: all is learned', backbones: 'encoders' },
  },
  encoder: {
    kind: oneOf('learned', 'backbone'),
    form: '<what>',
    help: 'the way down: learned with the rest (the paper), or that of the backbone, fixed (default: the backbone, where --backbone names an EfficientNet)',
  },
  synthetic: {
    kind: oneOf('only', 'add'),
    form: '<how>',
    help: 'defects put onto good images: only, so that no label is needed, or add, beside labelled ones (default: none)',
    page: {
      label: 'Defects to learn',
      empty: 'those with masks',
      meanings: {
        add: 'those with masks, and synthetic ones on good parts',
        only: 'synthetic ones on good parts alone: no label is needed',
      },
    },
  },
  syntheticShare: {
    kind: aboveZero,
    form: '<share>',
    help: 'share of them among all patches with defect, with --synthetic add (default: 0.5)',
  },
  base: {
    kind: wholeFrom(1),
    form: '<n>',
    help: 'channels of the first level',
    preset: { line: 16, paper: paperUnet.base },
    page: { label: 'Channels of the first level', empty: 'by default', range: { least: 1, most: 64 } },
  },
  patch: {
    kind: multipleOf(unetStride),
    form: '<pixels>',
    help: 'side of a patch, a multiple of 16, or 32 on a backbone',
    preset: { line: 128, paper: paperUnet.patch, lineOnBackbone: 256 },
    page: { label: 'Patch, pixels', empty: 'by default', range: { least: 32, most: 512, step: 32 } },
  },
  exposure: {
    kind: oneOf('raw', 'standardised'),
    form: '<how>',
    help: 'grey values raw, or standardised by the mean and deviation of each image',
    preset: { line: 'standardised', paper: 'raw', lineOnBackbone: 'raw' },
  },
  mostPerImage: {
    kind: fromZeroOrAll,
    flag: 'per-image',
    form: '<n>',
    help: 'patches with defect that one image gives an epoch at most, or all',
    preset: { line: 2, paper: 'all' },
  },
  dice: {
    kind: oneOf('batch', 'patch'),
    form: '<over>',
    help: 'Dice over the whole batch (the paper), or each patch',
    preset: { line: 'patch', paper: 'batch' },
  },
  negativesPerPositive: {
    kind: fromZeroOrAll,
    flag: 'negatives',
    form: '<share>',
    help: 'patches without defect for each one with, or all',
    preset: { line: 1, paper: 'all' },
  },
  tile: {
    kind: multipleOf(unetStride),
    form: '<pixels>',
    help: 'side of the patches that an image is inspected in, a multiple of the same',
    preset: { line: 512, paper: paperUnet.patch },
  },
  overlap: {
    kind: fromZero,
    help: 'shared part of neighbouring tiles',
    preset: { line: 0.25, paper: paperUnet.overlap },
  },
  score: {
    kind: oneOf('max', 'peak'),
    flag: 'unet-score',
    form: '<how>',
    help: 'score of an image: max, the largest value of its map (the paper), or peak, the largest mean of 5 x 5 pixels',
    preset: { line: 'peak', paper: 'max' },
  },
  schedule: {
    kind: oneOf('cosine', 'plateau'),
    flag: 'unet-schedule',
    form: '<name>',
    help: 'learning rate: plateau, lowered when calibration no longer improves (the paper), or cosine, down to 0 at the end',
    preset: { line: 'cosine', paper: 'plateau' },
  },
  leastSteps: {
    kind: wholeFrom(0),
    help: 'steps of an epoch at least, so that few labels are no handful of steps',
    preset: { line: 50, paper: 0 },
  },
});
