/** What is kept of drift between starts: a file for each monitor and one for the reference parts, below `drift` of the data folder. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { makeFolder, writeJson } from '../../core/files.ts';
import { type Static, type TSchema, Type } from '../../core/schema.ts';
import { MonitorState } from '../../judge/drift/monitor.ts';
import { Presentation, ReferencePart } from '../contract/drift.ts';
import { readStoredJson } from '../folder/stored-json.ts';

export const StoredMonitor = Type.Object({
  schema: Type.Literal(1),
  id: Type.String(),
  recipe: Type.String(),
  recipeName: Type.String(),
  source: Type.String(),
  since: Type.String(),
  atCalibration: Type.Union([Type.String(), Type.Null()]),
  state: MonitorState,
});
export type StoredMonitor = Static<typeof StoredMonitor>;

const { id, name, recipe, recipeName, part, expected, everyHours, createdAt, by } = ReferencePart.properties;
export const StoredReference = Type.Object({
  ...{ id, name, recipe, recipeName, part, expected, everyHours, createdAt, by },
  /** Scores of the first right presentations. */
  first: Type.Array(Type.Number()),
  presentations: Type.Array(Presentation),
});
export type StoredReference = Static<typeof StoredReference>;

const StoredReferences = Type.Object({ schema: Type.Literal(1), references: Type.Array(StoredReference) });

const MONITOR = /^monitor-[\w-]{1,64}\.json$/;
const REFERENCES = 'references.json';

/** Says what is damaged, by its name. */
type Tell = (name: string, error: unknown) => void;

export class StoredDrift {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'drift');
  }

  /** What can be read; a damaged file is told and set aside, so that it costs what it held and nothing more. */
  async #read<S extends TSchema>(file: string, schema: S, tell: Tell): Promise<Static<S> | undefined> {
    const path = join(this.#folder, file);
    try {
      return await readStoredJson(path, schema, 'DRIFT_LOST');
    } catch (error) {
      await rename(path, `${path}.damaged`).catch(() => undefined);
      tell(file, error);
      return undefined;
    }
  }

  async monitors(tell: Tell): Promise<StoredMonitor[]> {
    const files = (await readdir(this.#folder).catch(() => [])).filter((file) => MONITOR.test(file)).sort();
    const found: StoredMonitor[] = [];
    for (const file of files) {
      const one = await this.#read(file, StoredMonitor, tell);
      if (one) found.push(one);
    }
    return found;
  }

  async references(tell: Tell): Promise<StoredReference[]> {
    return (await this.#read(REFERENCES, StoredReferences, tell))?.references ?? [];
  }

  async writeMonitor(monitor: StoredMonitor): Promise<void> {
    await makeFolder(this.#folder);
    await writeJson(join(this.#folder, `monitor-${monitor.id}.json`), monitor);
  }

  async removeMonitor(of: string): Promise<void> {
    await rm(join(this.#folder, `monitor-${of}.json`), { force: true });
  }

  /** Throws what the disk throws, DISK_FULL among it. */
  async writeReferences(references: readonly StoredReference[]): Promise<void> {
    await makeFolder(this.#folder);
    await writeJson(join(this.#folder, REFERENCES), { schema: 1, references });
  }
}

export const noMonitor = (of: string): FelfriError =>
  new FelfriError('NOT_FOUND', `nothing is watched under ${of}; GET /api/drift lists what is`, { subject: of });
