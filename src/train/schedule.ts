/** Learning-rate schedules. Their state is plain data, so that a checkpoint carries it. */

export interface ScheduleState {
  readonly learningRate: number;
  /** Lowest judged loss so far. */
  readonly best: number | null;
  /** Epochs since then. */
  readonly waited: number;
}

export interface Schedule {
  readonly start: ScheduleState;
  /** The state after an epoch whose judged loss is given (undefined when nothing was judged). */
  next(state: ScheduleState, loss: number | undefined): ScheduleState;
}

/** The same learning rate throughout (CS-Flow's). */
export function constant(learningRate: number): Schedule {
  return { start: { learningRate, best: null, waited: 0 }, next: (state) => state };
}

export interface PlateauOptions {
  readonly from: number;
  /** Never lower than this. */
  readonly to: number;
  /** Multiplied in when the loss has not improved for `patience` epochs. */
  readonly factor: number;
  readonly patience: number;
}

/** Lowers the rate after `patience` epochs without improvement (the paper's U-Net: 1e-4 down to 1e-6, patience 5). */
export function plateau({ from, to, factor, patience }: PlateauOptions): Schedule {
  return {
    start: { learningRate: from, best: null, waited: 0 },
    next: (state, loss) => {
      if (loss === undefined) return state;
      if (state.best === null || loss < state.best) return { ...state, best: loss, waited: 0 };
      if (state.waited + 1 < patience) return { ...state, waited: state.waited + 1 };
      return { learningRate: Math.max(to, state.learningRate * factor), best: state.best, waited: 0 };
    },
  };
}
