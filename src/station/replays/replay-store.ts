/** Replays that ended, each as a JSON file of its answer: the newest few, over restarts too. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../../core/files.ts';
import type { Alarms } from '../alarms.ts';
import { Replay } from '../contract/replays.ts';
import { readStoredJson } from '../folder/stored-json.ts';

/** Replays that are kept to be looked at. */
const KEPT = 20;

/** Throws CHECKPOINT_INVALID where it is damaged. */
export const readReplay = (path: string): Promise<Replay | undefined> =>
  readStoredJson(path, Replay, 'CHECKPOINT_INVALID');

export class ReplayStore {
  readonly #folder: string;
  #replays: readonly Replay[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Newest first. */
  get all(): readonly Replay[] {
    return this.#replays;
  }

  /** Reads those of an earlier time; a file that is no replay stays where it is, and raises an alarm. */
  async load(alarms: Alarms): Promise<void> {
    const found: Replay[] = [];
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!name.endsWith('.json')) continue;
      try {
        const replay = await readReplay(join(this.#folder, name));
        if (replay && replay.state !== 'running' && name === `${replay.id}.json`) found.push(replay);
      } catch (error) {
        alarms.raise('replay', name.slice(0, -'.json'.length), error);
      }
    }
    this.#replays = found.sort(newestFirst);
  }

  /** Keeps one that ended, and forgets the oldest. Where it cannot be written it is known until the end of the station. */
  async add(replay: Replay): Promise<void> {
    // what was found is of more use than an error that nobody can see
    await writeJson(this.#path(replay), replay).catch(() => undefined);
    const all = [replay, ...this.#replays].sort(newestFirst);
    for (const old of all.slice(KEPT)) await rm(this.#path(old), { force: true }).catch(() => undefined);
    // last, so that nothing of it is left to be done once it is listed
    this.#replays = all.slice(0, KEPT);
  }

  #path({ id }: Replay): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** Ids rise with time. */
const newestFirst = (a: Replay, b: Replay): number => (a.id < b.id ? 1 : -1);
