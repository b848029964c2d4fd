/** Training runs: started, watched, stopped, resumed, made a recipe. */
import { Recipe } from '../recipes.ts';
import {
  NewTraining,
  RecipeRequest,
  Training,
  TrainingChoices,
  TrainingCurve,
  TrainingList,
  TrainingRequest,
} from '../training.ts';
import type { Rows } from './endpoint.ts';

export const trainingRows = {
  listTrainings: { least: 'engineer', summary: 'All training runs, newest first', answer: TrainingList },
  startTraining: {
    least: 'engineer',
    summary: 'Train a detector on the present version of a data set',
    body: NewTraining,
    answer: Training,
    status: 201,
    refuses: ['NOT_FOUND', 'BACKBONE_MISSING', 'REGIONS_INVALID'],
  },
  getTrainingChoices: {
    least: 'engineer',
    summary: 'Rules and backbones that a training can be given on this machine',
    answer: TrainingChoices,
  },
  getTraining: { least: 'engineer', summary: 'One training run', answer: Training },
  getTrainingCurve: { least: 'engineer', summary: 'Its loss and AUROC, by steps done', answer: TrainingCurve },
  getTrainingReport: { least: 'engineer', summary: 'Its report, as HTML', content: ['text/html'] },
  cancelTraining: {
    least: 'engineer',
    summary: 'Stop it; it saves what it has',
    body: TrainingRequest,
    answer: Training,
    refuses: ['CONFLICT'],
  },
  resumeTraining: {
    least: 'engineer',
    summary: 'Go on where it was stopped',
    body: TrainingRequest,
    answer: Training,
    refuses: ['CONFLICT'],
  },
  makeRecipe: {
    least: 'engineer',
    summary: 'Make a recipe of it, which judges nothing until it is activated',
    body: RecipeRequest,
    answer: Recipe,
    status: 201,
    refuses: ['CONFLICT', 'BUNDLE_INVALID', 'BUNDLE_UNTRUSTED', 'BUNDLE_GOLDEN'],
  },
} as const satisfies Rows<'trainings'>;
