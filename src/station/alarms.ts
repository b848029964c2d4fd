/** What is wrong with the station's own files, or will hurt soon: said in the log and on the page until it is mended, while everything that is whole goes on. */
import { FelfriError } from '../core/errors.ts';
import type { Alarm } from './contract/station.ts';

/** Kinds of things that an alarm can be about, as its subject begins. */
type Kind = Alarm['kind'];

/** Alarms that are kept: where so many things are damaged, the rest is not news. */
const MOST = 100;

/** Of these nothing is damaged; what is wrong, or soon will be, stands in the message. */
const told: ReadonlySet<Kind> = new Set([
  'audit',
  'clock',
  'line',
  'shadow',
  'disk',
  'certificate',
  'drift',
  'reference',
]);

/** What is wrong may be no damage. */
const isDamage = (kind: Kind, code: string): boolean => !told.has(kind) && code !== 'RECIPE_UNRELEASED';

const saying = (kind: Kind, id: string, code: string): string =>
  isDamage(kind, code) ? `${kind} ${id} is damaged` : `${kind} (${id})`;

export class Alarms {
  readonly #all = new Map<string, Alarm>();
  readonly #listeners = new Set<(alarm: Alarm) => void>();
  readonly #enders = new Set<(alarm: Alarm) => void>();
  /** The station's folder, which is not its clients' business. */
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get all(): readonly Alarm[] {
    return [...this.#all.values()];
  }

  /** Says once that something is damaged; what was said of the same thing before is replaced. */
  raise(kind: Kind, id: string, error: unknown): Alarm {
    const code = error instanceof FelfriError ? error.code : 'STATION_FAILED';
    const why = (error as Error).message.replaceAll(this.#folder, 'the data folder');
    const alarm: Alarm = { at: new Date().toISOString(), kind, id, code, message: `${saying(kind, id, code)}: ${why}` };
    const key = `${kind} ${id}`;
    const known = this.#all.get(key);
    if (known?.message === alarm.message) return known;
    if (known || this.#all.size < MOST) this.#all.set(key, alarm);
    for (const listener of this.#listeners) listener(alarm);
    return alarm;
  }

  /** Takes an alarm back, once the thing is whole again. */
  end(kind: Kind, id: string): void {
    const key = `${kind} ${id}`;
    const alarm = this.#all.get(key);
    if (!alarm) return;
    this.#all.delete(key);
    for (const listener of this.#enders) listener(alarm);
  }

  /** Hears of those that were raised already, and of each that follows. */
  listen(listener: (alarm: Alarm) => void): void {
    for (const alarm of this.#all.values()) listener(alarm);
    this.#listeners.add(listener);
  }

  /** Hears of each that is over from now on. */
  listenToEnds(listener: (alarm: Alarm) => void): void {
    this.#enders.add(listener);
  }
}
