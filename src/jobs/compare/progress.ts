/** How far a comparison is, over all its trainings, and how long it will still take. */
import type { TrainingProgress } from '../../train/training-task.ts';
import type { PlannedSequence } from './plan.ts';

export interface OverallProgress {
  /** Sequences, those under way in part. */
  readonly done: number;
  readonly total: number;
  /** By the sequences of this sitting; Infinity until something can be said. */
  readonly secondsLeft: number;
  /** What is being trained, such as 'honest flow, fold 0 of 5: epoch 2/12'. */
  readonly text: string;
}

interface Running {
  readonly planned: PlannedSequence;
  readonly since: number;
  training: TrainingProgress | undefined;
}

/** Share of a sequence that its training is taken for; features come before it, judging after. */
const TRAINING_SHARE = 0.9;

/** What joining a flow and a U-Net takes of a training's time, until one has been joined. */
const JOINING_SHARE = 0.1;

/** 'honest flow, fold 0 of 5' */
export function titleOf({ protocol, detector, name }: PlannedSequence): string {
  return `${protocol} ${detector}, ${name}`;
}

export class ComparisonProgress {
  readonly #parallel: number;
  readonly #tell: (progress: OverallProgress) => void;
  readonly #now: () => number;
  readonly #waiting: Set<PlannedSequence>;
  readonly #running = new Map<PlannedSequence, Running>();
  readonly #total: number;
  /** Seconds of whole sequences of this sitting, by detector. */
  readonly #took = new Map<PlannedSequence['detector'], number[]>();

  /** `now` gives seconds. */
  constructor(
    planned: readonly PlannedSequence[],
    parallel: number,
    tell: (progress: OverallProgress) => void,
    now = (): number => performance.now() / 1000,
  ) {
    this.#parallel = parallel;
    this.#tell = tell;
    this.#now = now;
    this.#waiting = new Set(planned);
    this.#total = planned.length;
  }

  begin(planned: PlannedSequence): void {
    this.#waiting.delete(planned);
    this.#running.set(planned, { planned, since: this.#now(), training: undefined });
  }

  training(planned: PlannedSequence, progress: TrainingProgress): void {
    this.#running.get(planned)!.training = progress;
    this.#tell(this.state());
  }

  /** `known`: its figures were read back, which says nothing of how long a training takes. */
  end(planned: PlannedSequence, known: boolean): void {
    const { since } = this.#running.get(planned)!;
    this.#running.delete(planned);
    if (!known) {
      const took = this.#took.get(planned.detector) ?? [];
      this.#took.set(planned.detector, [...took, this.#now() - since]);
    }
    this.#tell(this.state());
  }

  /** Seconds that a whole sequence is expected to take; undefined before anything is known of its detector or the other. */
  #expected(detector: PlannedSequence['detector']): number | undefined {
    const took = this.#took.get(detector);
    if (took) return took.reduce((a, b) => a + b, 0) / took.length;
    const alike = [...this.#running.values()].filter((r) => r.planned.detector === detector && r.training);
    const projected = alike.map((r) => this.#now() - r.since + r.training!.secondsLeft);
    if (projected.length > 0) return projected.reduce((a, b) => a + b, 0) / projected.length;
    return undefined;
  }

  state(): OverallProgress {
    const running = [...this.#running.values()];
    const guesses = (['flow', 'U-Net'] as const).flatMap((detector) => this.#expected(detector) ?? []);
    const guess = guesses.length > 0 ? Math.max(...guesses) : Number.POSITIVE_INFINITY;
    const expected = ({ detector }: PlannedSequence): number =>
      this.#expected(detector) ?? (detector === 'fusion' ? guess * JOINING_SHARE : guess);
    let left = 0;
    for (const planned of this.#waiting) left += expected(planned);
    let part = 0;
    for (const { planned, since, training } of running) {
      left += training?.secondsLeft ?? Math.max(0, expected(planned) - (this.#now() - since));
      if (training) part += (TRAINING_SHARE * training.done) / Math.max(1, training.total);
    }
    const lanes = Math.max(1, Math.min(this.#parallel, this.#waiting.size + running.length));
    const trained = running.filter((r) => r.training);
    return {
      done: this.#total - this.#waiting.size - running.length + part,
      total: this.#total,
      secondsLeft: left / lanes,
      text: trained
        .map(
          ({ planned, training: t }) => `${titleOf(planned)}: epoch ${Math.min(t!.epoch + 1, t!.epochs)}/${t!.epochs}`,
        )
        .join('; '),
    };
  }
}
