/** Whether the system's clock was set: beside it runs one that only goes on. */

const HOUR = 3600 * 1000;
/** Beyond what a clock is slewed by between two looks. */
const STEP_MILLIS = 2000;
/** For so long a step is told. */
const TOLD_MILLIS = HOUR;

interface Clocks {
  /** The system's, milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds of one that only goes on. */
  readonly steady: () => number;
}

const systemClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

export class ClockSteps {
  readonly #clocks: Clocks;
  #last: { readonly wall: number; readonly steady: number };
  #told: { readonly text: string; readonly at: number } | undefined;

  constructor(clocks: Clocks = systemClocks) {
    this.#clocks = clocks;
    this.#last = { wall: clocks.wall(), steady: clocks.steady() };
  }

  /** What is to be said of the last hour; null where the clock went on as time did. To be asked every minute or so. */
  look(): string | null {
    const [wall, steady] = [this.#clocks.wall(), this.#clocks.steady()];
    const step = wall - this.#last.wall - (steady - this.#last.steady);
    this.#last = { wall, steady };
    if (Math.abs(step) > STEP_MILLIS) {
      const seconds = Math.round(Math.abs(step) / 1000);
      const text = `the clock of the system went ${step > 0 ? 'ahead' : 'back'} by ${seconds} seconds at ${new Date(wall).toISOString()}: it was set, or the machine stood still. Times on record from before and after do not fit together; let it be kept right by a time server`;
      this.#told = { text, at: steady };
    }
    if (this.#told && steady - this.#told.at > TOLD_MILLIS) this.#told = undefined;
    return this.#told?.text ?? null;
  }
}

/** Beyond this, times of the database's server and the station's say different things. */
const APART_MILLIS = 5000;

/** `ahead`: milliseconds by which the database's server is ahead of the station. */
export function serverClockWarning(ahead: number): string | null {
  if (Math.abs(ahead) <= APART_MILLIS) return null;
  return `the clock of the database's server is ${ahead > 0 ? 'ahead of' : 'behind'} the station's by more than ${APART_MILLIS / 1000} seconds; let both be kept right by a time server`;
}
