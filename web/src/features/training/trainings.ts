/** Training runs, as the service keeps them. */
import { addressOf } from '../../../../src/station/client/connection.ts';
import { call, named } from '../../api/client.ts';
import type { NewTraining } from '../../api/contract.ts';

export const getTrainings = (signal?: AbortSignal) => call('listTrainings', { signal });

export const startTraining = (asked: Omit<NewTraining, 'by'>, by: string) =>
  call('startTraining', { body: { ...asked, ...named(by) } });

export const getTrainingChoices = (signal?: AbortSignal) => call('getTrainingChoices', { signal });

export const getTraining = (id: string, signal?: AbortSignal) => call('getTraining', { params: { id }, signal });

export const getCurve = (id: string, signal?: AbortSignal) => call('getTrainingCurve', { params: { id }, signal });

export const cancelTraining = (id: string, by: string) => call('cancelTraining', { params: { id }, body: named(by) });

export const resumeTraining = (id: string, by: string) => call('resumeTraining', { params: { id }, body: named(by) });

export const makeRecipe = (id: string, name: string, by: string) =>
  call('makeRecipe', { params: { id }, body: { name, ...named(by) } });

export const reportAddress = (id: string) => addressOf('getTrainingReport', { params: { id } });
