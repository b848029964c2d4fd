/** Training runs, as the service keeps them. */
import { addressOf } from '../../../src/station/client/connection.ts';
import { call, named } from './client.ts';
import type { NewTraining } from './contract.ts';

export const getTrainings = () => call('listTrainings');

export const startTraining = (asked: Omit<NewTraining, 'by'>, by: string) =>
  call('startTraining', { body: { ...asked, ...named(by) } });

export const getTrainingChoices = () => call('getTrainingChoices');

export const getTraining = (id: string) => call('getTraining', { params: { id } });

export const getCurve = (id: string) => call('getTrainingCurve', { params: { id } });

export const cancelTraining = (id: string, by: string) => call('cancelTraining', { params: { id }, body: named(by) });

export const resumeTraining = (id: string, by: string) => call('resumeTraining', { params: { id }, body: named(by) });

export const makeRecipe = (id: string, name: string, by: string) =>
  call('makeRecipe', { params: { id }, body: { name, ...named(by) } });

export const reportAddress = (id: string) => addressOf('getTrainingReport', { params: { id } });
