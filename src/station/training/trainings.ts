/** The station's training runs, as people ask for them: started, watched, stopped, resumed, made a recipe. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { parseBands, parseRange } from '../../data/image/pixel-texts.ts';
import { checkRegions } from '../../data/regions/check.ts';
import { parseThresholdRule } from '../../judge/rules/text.ts';
import { readMetrics } from '../../train/run-directory.ts';
import type { Alarms } from '../alarms.ts';
import type { NewTraining, Training, TrainingCurve } from '../contract/training.ts';
import { trainingStates } from '../contract/training-states.ts';
import type { DataSets } from '../datasets/data-sets.ts';
import { newId } from '../ids.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import { curveOf } from './curve.ts';
import type { TrainCommand } from './process.ts';
import { requireOwnSettings } from './training-arguments.ts';
import { TrainingQueue } from './training-queue.ts';
import { type Stored, TrainingStore } from './training-store.ts';

/** What of a station takes part. */
interface Things {
  readonly records: Records;
  readonly dataSets: DataSets;
  readonly alarms: Alarms;
}

const conflict = (id: string, why: string): FelfriError =>
  new FelfriError('CONFLICT', `the training ${id} is ${why}`, { subject: id });

export class Trainings {
  readonly #store: TrainingStore;
  readonly #queue: TrainingQueue;
  readonly #records: Records;
  readonly #dataSets: DataSets;

  private constructor(store: TrainingStore, command: TrainCommand, { records, dataSets }: Things) {
    this.#store = store;
    this.#queue = new TrainingQueue(store, command);
    this.#records = records;
    this.#dataSets = dataSets;
  }

  /** What is damaged raises an alarm, and is left as it is. */
  static async open(folder: string, command: TrainCommand, things: Things): Promise<Trainings> {
    return new Trainings(await TrainingStore.open(folder, things.alarms), command, things);
  }

  /** Starts what waits since an earlier time. */
  begin(): void {
    this.#queue.next();
  }

  #described({ manifest: _, resume: __, ...training }: Stored): Training {
    return { ...training, progress: this.#queue.progressOf(training.id) };
  }

  /** Newest first. */
  list(): Training[] {
    return this.#store.all.map((stored) => this.#described(stored)).reverse();
  }

  /** Throws NOT_FOUND. */
  require(id: string): Training {
    return this.#described(this.#store.require(id));
  }

  /** Whether one waits or runs that reads the data set. */
  isRead(dataSet: string): boolean {
    return this.#store.all.some((one) => one.dataSet.id === dataSet && trainingStates[one.state].underWay);
  }

  /** A finished one's bundle. Throws NOT_FOUND or CONFLICT. */
  finishedBundle(id: string): string {
    const { state } = this.#store.require(id);
    if (state === 'finished') return this.#store.bundle(id);
    throw conflict(id, `${state}; a recipe is made of a finished one`);
  }

  /** Throws NOT_FOUND. */
  async curve(id: string): Promise<TrainingCurve> {
    return curveOf(await readMetrics(join(this.#store.bundle(this.#store.require(id).id), 'run')));
  }

  /** Throws NOT_FOUND where there is none. */
  async report(id: string): Promise<Buffer<ArrayBuffer>> {
    return readFile(this.#store.report(this.#store.require(id).id)).catch((cause) => {
      throw new FelfriError('NOT_FOUND', `the training ${id} has no report; a finished one that could be judged has`, {
        subject: id,
        cause,
      });
    });
  }

  /** Throws NOT_FOUND for the data set, OPTION_INVALID for a rule or backbone that is none or a setting that the detector does not know, REGIONS_INVALID, and BACKBONE_MISSING. */
  async start({ name, dataSet, settings }: NewTraining, change: Change): Promise<Training> {
    requireOwnSettings(settings);
    const { regions, ...plain } = settings;
    const { rule, range, bands } = plain;
    if (rule !== undefined) parseThresholdRule(rule);
    if (range !== undefined) parseRange(range);
    if (bands !== undefined) parseBands(bands);
    if (regions !== undefined) checkRegions(regions, 'the regions');
    // so that it is not deleted before it is known that this reads it
    const id = await this.#dataSets.begin(dataSet, async (set) => {
      const { version, hash, name: of } = set.facts;
      const stored: Stored = {
        id: newId(),
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
        manifest: await set.freeze(),
        resume: false,
      };
      await this.#records.audited(change, async () => {
        await this.#store.add(stored);
        // shapes may be long, and stand in the training
        const named = regions && { regions: regions.regions.map(({ name: region, kind }) => `${kind} ${region}`) };
        const detail = { name: stored.name, dataSet, version, hash, settings: plain, ...named };
        return [undefined, { action: 'training.started', subject: stored.id, detail }];
      });
      return stored.id;
    });
    this.#queue.next();
    return this.require(id);
  }

  /** Throws NOT_FOUND, or CONFLICT when it neither waits nor runs. */
  async cancel(id: string, change: Change): Promise<Training> {
    const { state } = this.#store.require(id);
    if (!trainingStates[state].canStop) throw conflict(id, `${state}; only one that waits or runs can be stopped`);
    await this.#note(id, 'training.stopped', change);
    const isRunning = this.#queue.stop(id);
    return this.#described(await this.#store.change(id, { state: isRunning ? 'stopping' : 'stopped' }));
  }

  /** Throws NOT_FOUND, or CONFLICT when there is nothing to resume. */
  async resume(id: string, change: Change): Promise<Training> {
    const { state } = this.#store.require(id);
    if (!trainingStates[state].canResume) throw conflict(id, `${state}, so there is nothing to resume`);
    await this.#note(id, 'training.resumed', change);
    await this.#store.change(id, { state: 'queued', error: null, notes: [], endedAt: null });
    this.#queue.next();
    return this.require(id);
  }

  /** Notes the recipe that was made of it. */
  async setRecipe(id: string, recipe: string): Promise<void> {
    await this.#store.change(id, { recipe });
  }

  #note(id: string, action: 'training.stopped' | 'training.resumed', change: Change): Promise<void> {
    const { name } = this.#store.require(id);
    return this.#records.audited(change, async () => [undefined, { action, subject: id, detail: { name } }]);
  }

  /** Lets the one that runs save what it has. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}
