/** How the states of a training run are called, and what may be done in them. */
import type { TrainingState } from '../api/contract.ts';

export const stateNames: Readonly<Record<TrainingState, string>> = {
  queued: 'Waits',
  running: 'Trains',
  stopping: 'Stopping',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
  finished: 'Finished',
};

/** Whether it will change by itself. */
export const isUnderWay = (state: TrainingState): boolean =>
  state === 'queued' || state === 'running' || state === 'stopping';

export const canStop = (state: TrainingState): boolean => state === 'queued' || state === 'running';

export const canResume = (state: TrainingState): boolean =>
  state === 'stopped' || state === 'interrupted' || state === 'failed';
