/** When the disk of the data folder will be full, by how it filled in the last hours. */

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
/** Less than six hours of looking say nothing of days. */
const LEAST_HISTORY = 6 * HOUR;
/** Of the past that counts; a look every ten minutes is kept. */
const LONGEST_HISTORY = 3 * DAY;
const KEPT_EVERY = HOUR / 6;

/** Days left of which a warning tells, each step once. */
const STEPS = [7, 3, 1] as const;
/** Bytes that are few however slowly they go, and of a small disk this share. */
const FEW_BYTES = 5e9;
const FEW_SHARE = 0.05;

interface Look {
  /** By a clock that only goes on, milliseconds. */
  readonly at: number;
  readonly free: number;
}

export class DiskTrend {
  #looks: Look[] = [];

  add(look: Look): void {
    const last = this.#looks.at(-2) ?? this.#looks.at(-1);
    // the newest always counts; between those that are kept lie ten minutes
    if (last && this.#looks.length > 1 && look.at - last.at < KEPT_EVERY) this.#looks.pop();
    this.#looks.push(look);
    this.#looks = this.#looks.filter(({ at }) => look.at - at <= LONGEST_HISTORY);
  }

  /** Infinity while it does not fill; undefined while too little is known. */
  get daysLeft(): number | undefined {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_HISTORY) return undefined;
    const n = this.#looks.length;
    const [x, y] = [
      this.#looks.reduce((sum, { at }) => sum + (at - first.at), 0) / n,
      this.#looks.reduce((sum, { free }) => sum + free, 0) / n,
    ];
    const over = this.#looks.reduce((sum, { at, free }) => sum + (at - first.at - x) * (free - y), 0);
    const slope = over / this.#looks.reduce((sum, { at }) => sum + (at - first.at - x) ** 2, 0);
    return slope >= 0 ? Number.POSITIVE_INFINITY : last.free / -slope / DAY;
  }
}

/** What is to be said of so much room; null where there is enough. Said in steps, so that it does not change from look to look. */
export function diskWarning(free: number, all: number, daysLeft: number | undefined): string | null {
  const few = Math.min(FEW_BYTES, FEW_SHARE * all);
  const remedy = 'free some, or have pictures removed by --keep-gigabytes or --keep-days';
  const step = STEPS.findLast((days) => daysLeft !== undefined && daysLeft < days);
  if (step !== undefined)
    return `as it filled lately, the disk of the data folder will be full within ${step === 1 ? 'a day' : `${step} days`}; then nothing is inspected. In time ${remedy}`;
  if (free >= few) return null;
  return `less than ${few >= 1e9 ? `${Math.round(few / 1e8) / 10} GB` : `${Math.round(few / 1e6)} MB`} are left on the disk of the data folder; when it is full nothing is inspected. In time ${remedy}`;
}
