/**
 * The time by which records become too old. The system's clock can be set wrong, and then everything would be; so time passes here as a clock
 * that only goes on counts it, while the station runs. What the system's clock is ahead of that, as after a standstill, counts once it has stood
 * for a day of running, and above a month only when a person says what day it is.
 */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { writeJson } from '../../core/files.ts';
import { type Static, Type } from '../../core/schema.ts';
import type { Alarms } from '../alarms.ts';
import { readStoredJson } from '../folder/stored-json.ts';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
/** Beyond what a clock gains by itself. */
const LEAP = HOUR;
/** Running time for which a leap must have stood. */
const STANDS = DAY;
const FARTHEST = 31 * DAY;
/** What a clock may gain, of the time that passed. */
const DRIFT = 0.01;

const Stored = Type.Object({
  /** Milliseconds since 1970. */
  time: Type.Number(),
  /** How far the system's clock is ahead, and for how much running time that was so; null while they agree. */
  leap: Type.Union([Type.Object({ ahead: Type.Number(), stood: Type.Number() }), Type.Null()]),
});
type Stored = Static<typeof Stored>;

interface Clocks {
  /** The system's, milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds of one that only goes on. */
  readonly steady: () => number;
}

const systemClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

export class RetentionClock {
  readonly #path: string;
  readonly #alarms: Alarms;
  readonly #clocks: Clocks;
  #state: Stored;
  #lookedAt: number;

  private constructor(path: string, alarms: Alarms, clocks: Clocks, state: Stored) {
    this.#path = path;
    this.#alarms = alarms;
    this.#clocks = clocks;
    this.#state = state;
    this.#lookedAt = clocks.steady();
  }

  /**
   * Goes on from where the folder's station ended; where nothing says, from its newest record. `today` is what a person says the day is: then a
   * clock that agrees is believed. A damaged file counts as none.
   */
  static async open(
    folder: string,
    {
      alarms,
      newest,
      today,
      clocks = systemClocks,
    }: {
      readonly alarms: Alarms;
      readonly newest: Date | null;
      readonly today?: Date;
      readonly clocks?: Clocks;
    },
  ): Promise<RetentionClock> {
    const path = join(folder, 'station.clock.json');
    const wall = clocks.wall();
    const stored = await readStoredJson(path, Stored, 'CLOCK_LEAPT').catch(() => undefined);
    const from = stored ?? { time: Math.min(wall, newest?.getTime() ?? wall), leap: null };
    const said = today !== undefined && Math.abs(wall - today.getTime()) < 2 * DAY;
    return new RetentionClock(path, alarms, clocks, said ? { time: wall, leap: null } : from);
  }

  /** The time to go by: never later than the system's clock says. */
  async look(): Promise<Date> {
    const steady = this.#clocks.steady();
    const passed = Math.max(0, steady - this.#lookedAt);
    this.#lookedAt = steady;
    this.#state = goneOn(this.#state, passed, this.#clocks.wall());
    this.#say();
    await writeJson(this.#path, this.#state);
    return new Date(Math.min(this.#state.time, this.#clocks.wall()));
  }

  #say(): void {
    const { leap, time } = this.#state;
    if (!leap) {
      this.#alarms.end('clock', 'retention');
      return;
    }
    const far = leap.ahead > FARTHEST;
    const remedy = far
      ? 'where it is right, start the station with --today and the date'
      : `where it is wrong, set it right; it counts once it has stood for ${STANDS / HOUR} hours of running`;
    const error = new FelfriError(
      'CLOCK_LEAPT',
      `the clock of the system is ${Math.round(leap.ahead / HOUR)} hours ahead of ${new Date(time).toISOString()}, up to which time passed for the station; nothing more is removed for its age: ${remedy}`,
    );
    this.#alarms.raise('clock', 'retention', error);
  }
}

function goneOn({ time, leap }: Stored, passed: number, wall: number): Stored {
  const now = time + passed;
  const ahead = wall - now;
  if (ahead <= LEAP) return { time: now + Math.max(0, Math.min(ahead, DRIFT * passed)), leap: null };
  const same = leap !== null && Math.abs(ahead - leap.ahead) < LEAP;
  const stood = same ? leap.stood + passed : 0;
  if (stood >= STANDS && ahead <= FARTHEST) return { time: wall, leap: null };
  return { time: now, leap: { ahead: same ? leap.ahead : ahead, stood } };
}
