/** What may be done in each state of a training run; without the schemas, for the page too. */
import type { TrainingState } from './training.ts';

interface StateRow {
  /** It will change by itself. */
  readonly underWay: boolean;
  readonly canStop: boolean;
  /** It goes on where its last checkpoint is. */
  readonly canResume: boolean;
}

export const trainingStates: Readonly<Record<TrainingState, StateRow>> = {
  queued: { underWay: true, canStop: true, canResume: false },
  running: { underWay: true, canStop: true, canResume: false },
  stopping: { underWay: true, canStop: false, canResume: false },
  stopped: { underWay: false, canStop: false, canResume: true },
  interrupted: { underWay: false, canStop: false, canResume: true },
  failed: { underWay: false, canStop: false, canResume: true },
  finished: { underWay: false, canStop: false, canResume: false },
};
