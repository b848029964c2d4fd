/** How the states of a training run are called, and by which colours. */
import type { TrainingState } from '../../api/contract.ts';

export const stateNames: Readonly<Record<TrainingState, string>> = {
  queued: 'Waits',
  running: 'Trains',
  stopping: 'Stopping',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
  finished: 'Finished',
};
