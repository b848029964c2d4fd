/**
 * A run's folder, readable by machines: `run.json` (what was asked, with what, on what), `metrics.jsonl` (a line a step and an
 * epoch), `checkpoint.safetensors` (everything needed to go on).
 */
import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { sha256, writeFileAtomic, writeJson } from '../core/files.ts';
import { readSafetensors, writeSafetensors } from '../core/safetensors.ts';
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

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The lines of metrics.jsonl in a run's folder, none where there is no such file; a last line cut off by a kill is left out. */
export async function readMetrics(path: string): Promise<MetricsLine[]> {
  const file = join(path, 'metrics.jsonl');
  if (!(await exists(file))) return [];
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
  if (!(await exists(file))) return undefined;
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
}

export class RunDirectory {
  readonly path: string;
  /** SHA-256 of the configuration; a checkpoint of another configuration is not resumed. */
  readonly #identity: string;
  readonly #lines: string[] = [];

  private constructor(path: string, identity: string) {
    this.path = path;
    this.#identity = identity;
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
   * Opens the folder for a run of the given configuration (JSON). Throws RUN_EXISTS when it holds a run and `resume` is false, or a
   * finished one; CHECKPOINT_INVALID when it holds a run of another configuration.
   */
  static async open(path: string, configuration: unknown, resume: boolean): Promise<RunDirectory> {
    const directory = new RunDirectory(path, sha256(JSON.stringify(configuration)));
    if (await exists(directory.#run)) {
      if (!resume) {
        throw new FelfriError(
          'RUN_EXISTS',
          `${path} already holds a training run; give --resume to go on with it, or another folder`,
          {
            subject: path,
          },
        );
      }
      const known = (await directory.facts()) as { configuration: unknown; state?: unknown };
      if (known.state === 'finished') {
        throw new FelfriError(
          'RUN_EXISTS',
          `${path} holds a run that is finished, so there is nothing to go on with; train into another folder`,
          { subject: path },
        );
      }
      if (sha256(JSON.stringify(known.configuration)) !== directory.#identity) {
        throw new FelfriError(
          'CHECKPOINT_INVALID',
          `${path} holds a run with other settings or other data; resume with the same ones, or start in another folder`,
          { subject: path },
        );
      }
      return directory;
    }
    await mkdir(path, { recursive: true });
    await writeJson(directory.#run, { configuration, state: 'started' });
    return directory;
  }

  /** The content of run.json. */
  async facts(): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await readFile(this.#run, 'utf8')) as Record<string, unknown>;
  }

  /** Adds facts to run.json (software, data, what was reached). */
  async record(facts: Readonly<Record<string, unknown>>): Promise<void> {
    await writeJson(this.#run, { ...(await this.facts()), ...facts });
  }

  log(line: MetricsLine): void {
    this.#lines.push(`${JSON.stringify(line)}\n`);
  }

  /** Writes what was logged since the last flush. */
  async flush(): Promise<void> {
    const text = this.#lines.splice(0).join('');
    if (text) await appendFile(this.#metrics, text);
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
    if (!(await exists(this.#checkpoint))) {
      await rm(this.#metrics, { force: true });
      return undefined;
    }
    const { tensors, metadata } = await readSafetensors(this.#checkpoint);
    if (metadata['identity'] !== this.#identity) {
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
