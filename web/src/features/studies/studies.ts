/** Studies of people who decide on pictures, as the service keeps them. */
import { addressOf } from '../../../../src/station/client/connection.ts';
import { call, named } from '../../api/client.ts';
import type { Label, StudyTask } from '../../api/contract.ts';

export const getStudies = (signal?: AbortSignal) => call('listStudies', { signal });

export interface AskedStudy {
  readonly name: string;
  readonly dataSet: string;
  readonly trials: number;
  readonly pauseMinutes: number;
  readonly limitSamples: readonly string[];
}

export const createStudy = ({ limitSamples, ...asked }: AskedStudy, by: string) =>
  call('createStudy', { body: { ...asked, limitSamples: [...limitSamples], ...named(by) } });

export const getStudy = (id: string, signal?: AbortSignal) => call('getStudy', { params: { id }, signal });

export const closeStudy = (id: string, by: string) => call('closeStudy', { params: { id }, body: named(by) });

export const getTask = (id: string, signal?: AbortSignal) => call('getStudyTask', { params: { id }, signal });

type Place = Pick<StudyTask, 'trial' | 'position'>;

export const giveAnswer = (id: string, { trial, position }: Place, answer: Label) =>
  call('giveAnswer', { params: { id }, body: { trial, position, answer } });

export const pictureAddress = (id: string, { trial, position }: Place) =>
  addressOf('getStudyPicture', { params: { id }, query: { trial, position } });

export const tableAddress = (id: string) => addressOf('getStudyTable', { params: { id } });
export const reportAddress = (id: string, format: 'html' | 'pdf') =>
  addressOf('getStudyReport', { params: { id }, query: { format } });
