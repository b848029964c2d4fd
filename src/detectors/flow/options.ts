/** The settings of a flow, one row each. `paper`: Rudolph et al.; `line`: chosen on calibration images (docs/experiments/flow.md). */
import { fromZero, oneOf, optionRows, someOf, text, wholeFrom } from '../../core/options.ts';
import { backboneOptions } from '../backbones/options.ts';
import { usual } from '../backbones/usual.ts';
import { batch, epochs, fit, learningRate, size, sizesOrAuto } from '../training-options.ts';
import { paperTraining } from './config.ts';

export const flowOptions = optionRows({
  epochs: epochs({ line: 6, paper: paperTraining.epochs }),
  batch: batch({ line: 16, paper: paperTraining.batch }),
  learningRate: learningRate({ line: 1e-3, paper: paperTraining.learningRate }),
  size: {
    ...size,
    kind: sizesOrAuto,
    help: 'canvas that an image is brought to, such as 384 or 256x512; auto: in the proportions of the images, and larger where calibration images show that it is worth the time',
    preset: { line: 'auto', paper: '768' },
  },
  fit: { ...fit, preset: { line: 'stretch', paper: 'stretch' } },
  ...backboneOptions,
  backbone: {
    ...backboneOptions.backbone,
    help: `${backboneOptions.backbone.help}; auto: the best of those measured whose weights are on this machine, else wavelet`,
    preset: { line: usual, paper: 'efficientnet-b5' },
    page: { label: 'Backbone', empty: 'by default', backbones: 'all' },
  },
  start: {
    kind: oneOf('plain', 'whitened', 'principal'),
    form: '<how>',
    help: "principal: the good features' principal directions; whitened: their covariance at each scale; plain: as published",
    preset: { line: 'principal', paper: 'plain' },
  },
  directions: {
    kind: wholeFrom(2),
    form: '<n>',
    help: 'principal directions that the flow learns, with --start principal; all where the map has fewer',
    preset: { line: 128, paper: 304 },
  },
  rest: {
    kind: oneOf('scored', 'ignored'),
    form: '<how>',
    help: 'directions beyond those: ignored, or scored (default: ignored; scored with --epochs 0, where nothing is learned)',
  },
  views: {
    kind: someOf('place', 'whole'),
    form: '<names>',
    help: 'what is judged beside the flow, separated by commas: place (what each position looks like on good parts), whole (texture of the image); or none; with --start principal',
    preset: { line: ['place', 'whole'], paper: [] },
  },
  noise: {
    kind: fromZero,
    form: '<deviation>',
    help: 'noise on the whitened features while training',
    preset: { line: 0.1, paper: 0 },
  },
  depths: {
    kind: oneOf('deepest', 'five'),
    form: '<which>',
    help: 'maps of an EfficientNet: five depths, or the deepest alone (the paper)',
    preset: { line: 'five', paper: 'deepest' },
  },
  featureTile: {
    kind: wholeFrom(1),
    form: '<pixels>',
    help: 'compute features in tiles of this side that overlap by a quarter, for large images of small defects (default: of the image as a whole)',
  },
  hidden: {
    kind: wholeFrom(1),
    form: '<n>',
    help: 'channels within the coupling networks',
    preset: { line: 64, paper: 1024 },
  },
  gamma: {
    kind: fromZero,
    help: "start of the scalar on each coupling network's output",
    preset: { line: 0.1, paper: 0 },
  },
  schedule: {
    kind: oneOf('constant', 'cosine'),
    help: 'learning rate: constant (the paper), or cosine, down to 0 at the end',
    preset: { line: 'cosine', paper: 'constant' },
  },
  score: {
    kind: oneOf('mean', 'max', 'top', 'combined'),
    form: '<how>',
    help: 'score of an image: max of its map, top (mean of its largest tenth), combined (of both, and of what is judged beside the flow), mean (the paper)',
    preset: { line: 'combined', paper: 'mean' },
  },
  map: {
    kind: oneOf('finest', 'average'),
    form: '<scales>',
    help: 'score map: average over the scales, or the finest alone (the paper)',
    preset: { line: 'average', paper: 'finest' },
  },
  cache: {
    kind: text,
    form: '<folder>',
    help: "where feature maps are kept (default: the user's cache folder)",
    negated: 'do not keep feature maps',
  },
});
