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
  /**
   * The learning rate of the next step, where it is not the state's: a function of how much of the training is done, 0 to below 1. A run
   * that is bounded by epochs counts steps; one that is bounded by time counts seconds too, whichever is further, so that it is at its
   * end when its time is.
   */
  rate?(state: ScheduleState, done: number): number;
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

export interface CosineOptions {
  /** The highest rate, reached after the warm-up. */
  readonly from: number;
  /** Share of the training in which the rate rises to `from` in a straight line, in [0, 1); 0.02 unless told. */
  readonly warmUp?: number;
}

/** A short rise, then half a cosine down to 0 at the end of training (Loshchilov and Hutter 2017, without restarts). */
export function cosine({ from, warmUp = 0.02 }: CosineOptions): Schedule {
  return {
    start: { learningRate: from, best: null, waited: 0 },
    next: (state) => state,
    rate: (_, done) => {
      const down = 0.5 * from * (1 + Math.cos(Math.PI * Math.min(1, done)));
      // not from 0: the first step shall do something
      return down * Math.min(1, 0.1 + (0.9 * done) / (warmUp || Number.MIN_VALUE));
    },
  };
}
