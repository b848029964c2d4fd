/**
 * The station's training runs: one at a time, first come first served. Each has a folder with `training.json` (what was asked, and where it
 * stands) and `bundle/`, which `felfri train` writes; so a restart knows them all, and what was under way can be resumed.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkManifest } from '../../bundle/schema.ts';
import { FelfriError } from '../../core/errors.ts';
import { writeJson } from '../../core/files.ts';
import { Type } from '../../core/schema.ts';
import { requireHere } from '../../detectors/backbones/table.ts';
import type { JobMessage } from '../../jobs/messages.ts';
import { parseThresholdRule } from '../../judge/rules/text.ts';
import { readMetrics } from '../../train/run-directory.ts';
import type { Alarms } from '../alarms.ts';
import {
  type NewTraining,
  Training,
  type TrainingCurve,
  type TrainingProgress,
  type TrainingResult,
  TrainingState,
} from '../contract/training.ts';
import type { DataSets } from '../datasets/data-sets.ts';
import { newId } from '../ids.ts';
import { figuresOf } from '../recipe-bundles.ts';
import type { Change, Records } from '../records/records.ts';
import { readStoredJson } from '../stored-json.ts';
import { curveOf } from './curve.ts';
import { type TrainCommand, TrainingProcess } from './process.ts';

/** What is kept; progress is not. */
interface Stored extends Omit<Training, 'progress'> {
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

/** What of a station takes part. */
interface Things {
  readonly records: Records;
  readonly dataSets: DataSets;
  readonly alarms: Alarms;
}

const resumable: ReadonlySet<TrainingState> = new Set(['stopped', 'interrupted', 'failed']);

/** Notes that are kept of one sitting. */
const MOST_NOTES = 50;

export class Trainings {
  readonly #folder: string;
  readonly #command: TrainCommand;
  readonly #records: Records;
  readonly #dataSets: DataSets;
  readonly #all = new Map<string, Stored>();
  #running: { readonly id: string; readonly process: TrainingProcess; progress: TrainingProgress } | undefined;
  #sitting: Promise<void> = Promise.resolve();
  #closing = false;

  private constructor(folder: string, command: TrainCommand, records: Records, dataSets: DataSets) {
    this.#folder = folder;
    this.#command = command;
    this.#records = records;
    this.#dataSets = dataSets;
  }

  /** What is damaged raises an alarm, and is left as it is. */
  static async open(folder: string, command: TrainCommand, things: Things): Promise<Trainings> {
    const own = new Trainings(folder, command, things.records, things.dataSets);
    await mkdir(folder, { recursive: true });
    for (const id of (await readdir(folder)).sort()) {
      try {
        await own.#readBack(id);
      } catch (error) {
        things.alarms.raise('training', id, error);
      }
    }
    return own;
  }

  /** Throws CHECKPOINT_INVALID where training.json is damaged. */
  async #readBack(id: string): Promise<void> {
    const path = join(this.#folder, id, 'training.json');
    const stored = (await readStoredJson(path, StoredForm, 'CHECKPOINT_INVALID')) as Stored | undefined;
    if (!stored) return;
    if (stored.id !== id) throw new FelfriError('CHECKPOINT_INVALID', `${path} is of the training ${stored.id}`);
    this.#all.set(id, stored);
    // a kill leaves it so
    if (stored.state === 'running' || stored.state === 'stopping') await this.#change(id, { state: 'interrupted' });
  }

  /** Starts what waits since an earlier time. */
  begin(): void {
    this.#next();
  }

  async #change(id: string, change: Partial<Stored>): Promise<Training> {
    const stored = { ...this.#all.get(id)!, ...change };
    await writeJson(join(this.#folder, id, 'training.json'), stored);
    this.#all.set(id, stored);
    return this.#described(stored);
  }

  #described({ manifest: _, resume: __, ...training }: Stored): Training {
    const running = this.#running?.id === training.id ? this.#running : undefined;
    return { ...training, progress: running?.progress ?? null };
  }

  /** Newest first. */
  list(): Training[] {
    return [...this.#all.values()].reverse().map((stored) => this.#described(stored));
  }

  #stored(id: string): Stored {
    const stored = this.#all.get(id);
    if (stored) return stored;
    throw new FelfriError('NOT_FOUND', `there is no training ${id}; GET /api/trainings lists those that are`, {
      subject: id,
    });
  }

  /** Throws NOT_FOUND. */
  require(id: string): Training {
    return this.#described(this.#stored(id));
  }

  /** Folder of the bundle that it writes. Throws NOT_FOUND. */
  bundle(id: string): string {
    return join(this.#folder, this.#stored(id).id, 'bundle');
  }

  /** A finished one's bundle. Throws NOT_FOUND or CONFLICT. */
  finishedBundle(id: string): string {
    const { state } = this.#stored(id);
    if (state === 'finished') return this.bundle(id);
    throw new FelfriError('CONFLICT', `the training ${id} is ${state}; a recipe is made of a finished one`, {
      subject: id,
    });
  }

  async curve(id: string): Promise<TrainingCurve> {
    return curveOf(await readMetrics(join(this.bundle(id), 'run')));
  }

  /** Throws NOT_FOUND where there is none. */
  async report(id: string): Promise<Buffer<ArrayBuffer>> {
    return readFile(this.#reportPath(id)).catch((cause) => {
      throw new FelfriError('NOT_FOUND', `the training ${id} has no report; a finished one that could be judged has`, {
        subject: id,
        cause,
      });
    });
  }

  #reportPath(id: string): string {
    return join(this.#folder, this.#stored(id).id, 'report.html');
  }

  /** Throws NOT_FOUND for the data set, OPTION_INVALID for a rule or backbone that is none or a setting that the detector does not know, and BACKBONE_MISSING. */
  async start({ name, dataSet, settings }: NewTraining, change: Change): Promise<Training> {
    requireOwnSettings(settings);
    if (settings.rule !== undefined) parseThresholdRule(settings.rule);
    const set = this.#dataSets.require(dataSet);
    const { version, hash, name: of } = set.facts;
    const manifest = await set.freeze();
    const id = newId();
    const stored: Stored = {
      id,
      name: name.trim(),
      dataSet: { id: dataSet, name: of, version, hash },
      settings,
      state: 'queued',
      error: null,
      notes: [],
      createdAt: change.at.toISOString(),
      startedAt: null,
      endedAt: null,
      result: null,
      recipe: null,
      manifest,
      resume: false,
    };
    await this.#records.audited(change, async () => {
      this.#all.set(id, stored);
      await this.#change(id, {}).catch((error) => {
        this.#all.delete(id);
        throw error;
      });
      const detail = { name: stored.name, dataSet, version, hash, settings };
      return [undefined, { action: 'training.started', subject: id, detail }];
    });
    this.#next();
    return this.require(id);
  }

  /** Throws NOT_FOUND, or CONFLICT when it neither waits nor runs. */
  async cancel(id: string, change: Change): Promise<Training> {
    const { state } = this.#stored(id);
    if (state !== 'queued' && state !== 'running') {
      throw new FelfriError('CONFLICT', `the training ${id} is ${state}; only one that waits or runs can be stopped`, {
        subject: id,
      });
    }
    await this.#note(id, 'training.stopped', change);
    if (this.#running?.id !== id) return this.#change(id, { state: 'stopped' });
    this.#running.process.stop();
    return this.#change(id, { state: 'stopping' });
  }

  /** Throws NOT_FOUND, or CONFLICT when there is nothing to resume. */
  async resume(id: string, change: Change): Promise<Training> {
    const { state } = this.#stored(id);
    if (!resumable.has(state)) {
      throw new FelfriError('CONFLICT', `the training ${id} is ${state}, so there is nothing to resume`, {
        subject: id,
      });
    }
    await this.#note(id, 'training.resumed', change);
    await this.#change(id, { state: 'queued', error: null, notes: [], endedAt: null });
    this.#next();
    return this.require(id);
  }

  /** Notes the recipe that was made of it. */
  async setRecipe(id: string, recipe: string): Promise<void> {
    await this.#change(id, { recipe });
  }

  #note(id: string, action: string, change: Change): Promise<void> {
    return this.#records.audited(change, async () => [
      undefined,
      { action, subject: id, detail: { name: this.#stored(id).name } },
    ]);
  }

  /** Begins the next that waits, where none runs. */
  #next(): void {
    if (this.#running || this.#closing) return;
    const next = [...this.#all.values()].find(({ state }) => state === 'queued');
    if (!next) return;
    const { id } = next;
    const process = new TrainingProcess(this.#command, this.#argumentsOf(next), (message) => this.#hear(id, message));
    const progress = { phase: 'Starting', done: 0, total: 0, secondsLeft: null, epoch: null, epochs: null };
    this.#running = { id, process, progress };
    this.#sitting = this.#sit(id, process);
  }

  async #sit(id: string, process: TrainingProcess): Promise<void> {
    let end: Partial<Stored>;
    // a failure is met below, whenever it comes
    process.ended.catch(() => undefined);
    try {
      await this.#change(id, { state: 'running', resume: true, startedAt: new Date().toISOString() });
      await process.ended;
      end = { state: 'finished', result: await this.#resultOf(id) };
    } catch (error) {
      process.stop();
      const known = error instanceof FelfriError ? error : new FelfriError('STATION_FAILED', (error as Error).message);
      const stopped = known.code === 'INTERRUPTED';
      // where the station keeps things is not its clients' business
      const message = known.message
        .replaceAll(join(this.#folder, id), 'the training')
        .replaceAll(dirname(this.#stored(id).manifest), 'the data set');
      end = {
        state: stopped ? (this.#closing ? 'interrupted' : 'stopped') : 'failed',
        error: stopped ? null : { ...known.toJSON(), message },
      };
    }
    this.#running = undefined;
    // where not even this can be written, the next start finds it running, and so interrupted
    await this.#change(id, { ...end, endedAt: new Date().toISOString() }).catch(() => undefined);
    this.#next();
  }

  #argumentsOf({ id, settings, manifest, resume }: Stored): string[] {
    const { detector, backbone, epochs, size, maxMinutes, rule, fold, seed, base, patch, synthetic, allowLeaks } =
      settings;
    const option = (name: string, value: string | number | undefined): string[] =>
      value === undefined ? [] : [`--${name}`, String(value)];
    return [
      'train',
      detector,
      manifest,
      ...['--output', this.bundle(id), '--report', this.#reportPath(id), '--json'],
      // a class of defect may be called by a word that means good elsewhere
      ...['--good-classes', 'good'],
      ...option('threads', this.#command.threads),
      ...option('backbone', backbone),
      ...option('epochs', epochs),
      ...option('size', size),
      ...option('max-minutes', maxMinutes),
      ...option('rule', rule),
      ...option('fold', fold),
      ...option('seed', seed),
      ...option('base', base),
      ...option('patch', patch),
      ...option('synthetic', synthetic),
      ...(allowLeaks ? ['--allow-leaks'] : []),
      ...(resume ? ['--resume'] : []),
    ];
  }

  #hear(id: string, message: JobMessage): void {
    const running = this.#running;
    if (running?.id !== id) return;
    const { phase } = running.progress;
    const plain = { secondsLeft: null, epoch: null, epochs: null };
    switch (message.kind) {
      case 'phase':
        // the notes on the data set have lines of their own
        running.progress = { phase: message.name.split('\n')[0]!, done: 0, total: 0, ...plain };
        break;
      case 'progress':
        running.progress = { phase, done: message.done, total: message.total, ...plain };
        break;
      case 'training': {
        const { done, total, secondsLeft, epoch, epochs } = message.progress;
        running.progress = { phase, done, total, secondsLeft, epoch: Math.min(epoch + 1, epochs), epochs };
        break;
      }
      default: {
        const text =
          message.kind === 'problem' ? `${message.problem.code}: ${message.problem.message}` : message.message;
        const stored = this.#stored(id);
        this.#all.set(id, { ...stored, notes: [...stored.notes, text].slice(-MOST_NOTES) });
      }
    }
  }

  async #resultOf(id: string): Promise<TrainingResult> {
    const directory = this.bundle(id);
    const manifest = checkManifest(JSON.parse(await readFile(join(directory, 'bundle.json'), 'utf8')), directory);
    const { threshold, data, training } = manifest;
    const figures = figuresOf(manifest.evaluation);
    const seconds = training['seconds'];
    return {
      threshold: threshold && {
        value: threshold.value,
        rule: threshold.rule,
        statement: threshold.statement,
        chosenOn: threshold.chosenOn,
      },
      figures,
      split: data.split,
      images: data.images,
      seconds: typeof seconds === 'number' ? seconds : null,
    };
  }

  /** Lets the one that runs save what it has. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#running?.process.close();
    await this.#sitting;
  }
}

/** Throws OPTION_INVALID for what the detector has no use for, and BACKBONE_MISSING. */
function requireOwnSettings(settings: NewTraining['settings']): void {
  const { detector, backbone } = settings;
  if (backbone !== undefined && !requireHere(backbone).encoder && detector === 'unet') {
    throw new FelfriError(
      'OPTION_INVALID',
      `${backbone} is a backbone of a flow alone; a U-Net takes an EfficientNet, or none`,
      {
        subject: 'backbone',
      },
    );
  }
  const foreign = (['base', 'patch', 'synthetic'] as const).find((name) => settings[name] !== undefined);
  if (settings.detector === 'unet' || foreign === undefined) return;
  throw new FelfriError('OPTION_INVALID', `${foreign} is a setting of a U-Net; a flow has none such, leave it out`, {
    subject: foreign,
  });
}
