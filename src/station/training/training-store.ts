/**
 * The trainings as they are kept: each has a folder with `training.json` (what was asked, and where it stands) and `bundle/`, which
 * `felfri train` writes; so a restart knows them all.
 */

import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { writeJson } from '../../core/files.ts';
import { Type } from '../../core/schema.ts';
import type { Alarms } from '../alarms.ts';
import { Training, TrainingState } from '../contract/training.ts';
import { readStoredJson } from '../folder/stored-json.ts';
import { InTurn } from '../in-turn.ts';
import { notFound } from '../not-found.ts';

/** What is kept; progress is not. */
export interface Stored extends Omit<Training, 'progress'> {
  /** The manifest of the data set's version. */
  readonly manifest: string;
  /** Whether something may be there to go on with. */
  readonly resume: boolean;
}

/** What of a training on disk must be right, so that it can be listed and resumed; the rest may be of an older station. */
const StoredForm = Type.Object({
  id: Type.String(),
  name: Type.String(),
  dataSet: Training.properties.dataSet,
  settings: Type.Object({ detector: Type.String() }),
  state: TrainingState,
  notes: Type.Array(Type.String()),
  manifest: Type.String(),
  resume: Type.Boolean(),
});

/** Undefined where nothing was asked yet. Throws CHECKPOINT_INVALID where training.json is damaged, or another one's. */
export async function readTraining(folder: string, id: string): Promise<Stored | undefined> {
  const path = join(folder, id, 'training.json');
  const stored = (await readStoredJson(path, StoredForm, 'CHECKPOINT_INVALID')) as Stored | undefined;
  if (stored && stored.id !== id)
    throw new FelfriError('CHECKPOINT_INVALID', `${path} is of the training ${stored.id}`);
  return stored;
}

export class TrainingStore {
  readonly #folder: string;
  readonly #all = new Map<string, Stored>();
  readonly #changes = new InTurn();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is damaged raises an alarm, and is left as it is; what a kill left running is interrupted. */
  static async open(folder: string, alarms: Alarms): Promise<TrainingStore> {
    const own = new TrainingStore(folder);
    await mkdir(folder, { recursive: true });
    for (const id of (await readdir(folder)).sort()) {
      try {
        await own.#readBack(id);
      } catch (error) {
        alarms.raise('training', id, error);
      }
    }
    return own;
  }

  async #readBack(id: string): Promise<void> {
    const stored = await readTraining(this.#folder, id);
    if (!stored) return;
    this.#all.set(id, stored);
    if (stored.state === 'running' || stored.state === 'stopping') await this.change(id, { state: 'interrupted' });
  }

  /** Oldest first. */
  get all(): readonly Stored[] {
    return [...this.#all.values()];
  }

  /** Throws NOT_FOUND. */
  require(id: string): Stored {
    const stored = this.#all.get(id);
    if (stored) return stored;
    throw notFound('training', id, '/api/trainings');
  }

  /** Keeps a new one; where it cannot be written, there is none. */
  async add(stored: Stored): Promise<void> {
    const { regions } = stored.settings;
    if (regions) await writeJson(this.regions(stored.id), regions);
    this.#all.set(stored.id, stored);
    await this.change(stored.id, {}).catch((error) => {
      this.#all.delete(stored.id);
      throw error;
    });
  }

  /** When it is resolved, the change is on the disk. Throws NOT_FOUND. */
  change(id: string, change: Partial<Stored>): Promise<Stored> {
    return this.#changes.run(async () => {
      await writeJson(join(this.#folder, id, 'training.json'), { ...this.require(id), ...change });
      // with what was remembered meanwhile
      this.remember(id, change);
      return this.require(id);
    });
  }

  /** A change that the next one writes along. Throws NOT_FOUND. */
  remember(id: string, change: Partial<Stored>): void {
    this.#all.set(id, { ...this.require(id), ...change });
  }

  /** Folder of the bundle that it writes. */
  bundle(id: string): string {
    return join(this.#folder, id, 'bundle');
  }

  report(id: string): string {
    return join(this.#folder, id, 'report.html');
  }

  /** File of its regions, where it has any. */
  regions(id: string): string {
    return join(this.#folder, id, 'regions.json');
  }

  /** A message without folders: where the station keeps things is not its clients' business. Throws NOT_FOUND. */
  withoutPaths(id: string, message: string): string {
    return message
      .replaceAll(join(this.#folder, id), 'the training')
      .replaceAll(dirname(this.require(id).manifest), 'the data set');
  }
}
