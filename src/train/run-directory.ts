/**
 * A run's folder, readable by machines: `run.json` (what was asked, with what, on what), `metrics.jsonl` (a line a step and an
 * epoch), `checkpoint.safetensors` (everything needed to go on).
 */
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { isThere, makeFolder, sha256, writeFileAtomic, writeJson } from '../core/files.ts';
import { readSafetensors, writeSafetensors } from '../core/safetensors.ts';
import { systemError } from '../core/system-errors.ts';
import type { TrainerState } from '../engine/training/trainer.ts';
import type { ScheduleState } from './schedule.ts';

/** Where a training run stands; all that is not in the trainer. */
export interface Position {
  /** Epoch under way, from 0, and steps done in it. */
  readonly epoch: number;
  readonly step: number;
  readonly schedule: ScheduleState;
  /** Wall-clock seconds spent in training so far, over all sittings. */
  readonly seconds: number;
}

/** One line of metrics.jsonl. */
export type MetricsLine = {
  readonly kind: 'step' | 'epoch' | 'curve';
  readonly epoch: number;
  readonly step: number;
} & Readonly<Record<string, number | string>>;

/** The lines of metrics.jsonl in a run's folder, none where there is no such file; a last line cut off by a kill is left out. */
export async function readMetrics(path: string): Promise<MetricsLine[]> {
  const file = join(path, 'metrics.jsonl');
  if (!(await isThere(file))) return [];
  const text = await readFile(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as MetricsLine);
}

/** The content of run.json in a run's folder, or undefined where there is none. */
export async function readFacts(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const file = join(path, 'run.json');
  if (!(await isThere(file))) return undefined;
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
}

/**
 * SHA-256 of what determines the numbers. Where the data lay does not: its content's hash is part of the configuration, so a copy
 * elsewhere is the same data.
 */
function identityOf(configuration: unknown): string {
  const { data, ...rest } = configuration as { readonly data?: object };
  return sha256(JSON.stringify({ ...rest, ...(data && { data: { ...data, name: undefined } }) }));
}

/** Whether a run's folder holds something that was computed: a checkpoint, or a record of what came of it. */
export async function holdsRun(path: string): Promise<boolean> {
  if (await isThere(join(path, 'checkpoint.safetensors'))) return true;
  const state = (await readFacts(path).catch(() => undefined))?.['state'];
  return state === 'trained' || state === 'finished';
}

export class RunDirectory {
  readonly path: string;
  /** SHA-256 of the configuration; a checkpoint of another configuration is not resumed. */
  readonly #identity: string;
  readonly #lines: string[] = [];
  /** The content of run.json; before the run begins, what it will be. */
  #facts: Readonly<Record<string, unknown>>;
  #begun = false;

  private constructor(path: string, configuration: unknown) {
    this.path = path;
    this.#identity = identityOf(configuration);
    this.#facts = { configuration, state: 'started' };
  }

  get #run(): string {
    return join(this.path, 'run.json');
  }
  get #metrics(): string {
    return join(this.path, 'metrics.jsonl');
  }
  get #checkpoint(): string {
    return join(this.path, 'checkpoint.safetensors');
  }

  /**
   * Opens the folder for a run of the given configuration (JSON); nothing is written before `begin`. What a start left that computed nothing (it was refused, or ended
   * before its first checkpoint) is no run, and is begun anew. Throws RUN_EXISTS when the folder holds a run and `resume` is
   * false, or a finished one; CHECKPOINT_INVALID when it holds a run of another configuration.
   */
  static async open(path: string, configuration: unknown, resume: boolean): Promise<RunDirectory> {
    const directory = new RunDirectory(path, configuration);
    if (await holdsRun(path)) {
      if (!resume) {
        throw new FelfriError(
          'RUN_EXISTS',
          `${path} already holds a training run; give --resume to go on with it, or another folder`,
          {
            subject: path,
          },
        );
      }
      const known = ((await readFacts(path).catch(() => undefined)) ?? {}) as {
        configuration?: unknown;
        state?: unknown;
      };
      if (known.state === 'finished') {
        throw new FelfriError(
          'RUN_EXISTS',
          `${path} holds a run that is finished, so there is nothing to go on with; train into another folder`,
          { subject: path },
        );
      }
      if (identityOf(known.configuration ?? {}) !== directory.#identity) {
        throw new FelfriError(
          'CHECKPOINT_INVALID',
          `${path} holds a run with other settings or other data; resume with the same ones, or start in another folder`,
          { subject: path },
        );
      }
      directory.#facts = known;
      directory.#begun = true;
    }
    return directory;
  }

  /** Makes the folder, once there is something to compute: what is refused before leaves nothing behind. */
  async begin(): Promise<void> {
    if (this.#begun) return;
    await makeFolder(this.path);
    await rm(this.#metrics, { force: true });
    await writeJson(this.#run, this.#facts);
    this.#begun = true;
  }

  /** The content of run.json. */
  facts(): Readonly<Record<string, unknown>> {
    return this.#facts;
  }

  /** Adds facts to run.json (software, data, what was reached). */
  async record(facts: Readonly<Record<string, unknown>>): Promise<void> {
    this.#facts = { ...this.#facts, ...facts };
    if (this.#begun) await writeJson(this.#run, this.#facts);
  }

  log(line: MetricsLine): void {
    this.#lines.push(`${JSON.stringify(line)}\n`);
  }

  /** Writes what was logged since the last flush. */
  async flush(): Promise<void> {
    const text = this.#lines.splice(0).join('');
    if (!text) return;
    await appendFile(this.#metrics, text).catch((error: unknown) => {
      throw systemError(error, this.#metrics) ?? error;
    });
  }

  /** Every line logged so far. */
  async metrics(): Promise<MetricsLine[]> {
    return readMetrics(this.path);
  }

  async save(position: Position, state: TrainerState): Promise<void> {
    await this.flush();
    await writeSafetensors(this.#checkpoint, state.tensors, {
      position: JSON.stringify(position),
      steps: String(state.steps),
      identity: this.#identity,
    });
  }

  /** The last checkpoint, or undefined where none was written. Metrics logged after it are dropped: they will come again. */
  async load(): Promise<{ position: Position; state: TrainerState } | undefined> {
    if (!(await isThere(this.#checkpoint))) {
      await rm(this.#metrics, { force: true });
      return undefined;
    }
    const { tensors, metadata } = await readSafetensors(this.#checkpoint);
    // the second is that of versions up to 0.1, which took the place of the data into it
    const own = [this.#identity, sha256(JSON.stringify(this.#facts['configuration']))];
    if (!own.includes(metadata['identity'] ?? '')) {
      throw new FelfriError('CHECKPOINT_INVALID', `${this.#checkpoint} belongs to a run with other settings`, {
        subject: this.path,
      });
    }
    const position = JSON.parse(metadata['position']!) as Position;
    const kept = (await this.metrics()).filter(
      (line) =>
        line.epoch < position.epoch ||
        (line.epoch === position.epoch && line.kind !== 'epoch' && line.step < position.step),
    );
    await writeFileAtomic(this.#metrics, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return { position, state: { tensors, steps: Number(metadata['steps']) } };
  }

  /** Removes the checkpoint, once its weights have gone into a bundle. */
  async forgetCheckpoint(): Promise<void> {
    await rm(this.#checkpoint, { force: true });
  }
}
