/** A process that records inspections, for tests that kill it or take its database away. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import pg from 'pg';
import { expect } from 'vitest';
import type { RecordsPlace } from '../../src/station/records/open-records.ts';
import { compiledFile } from './compiled.ts';
import { until } from './until.ts';

/** Records one inspection after another, and tells of each that was acknowledged and of each that was refused. */
const script = `
const { openRecords } = await import(${JSON.stringify(compiledFile('station/records/open-records'))});
const { recordsError } = await import(${JSON.stringify(compiledFile('station/records/database-errors'))});
const records = await openRecords(JSON.parse(process.argv[2]), JSON.parse(process.argv[3]));
await records.addRecipe({ id: 'r', name: 'rings', bundleHash: 'b', detector: 'flow', threshold: 1, review: null, rule: null,
  createdAt: new Date().toISOString(), figures: null, data: { name: 'n', split: 's', protocol: 'honest' }, mapRange: { low: 0, high: 1 },
  judgesBlank: true, sizes: null, frame: null, regions: null, combination: null, signedBy: null }, { by: null, at: new Date() });
process.on('message', async () => { stopping = true; });
process.on('disconnect', () => process.exit());
process.on('error', () => process.exit());
let stopping = false;
process.send({ ready: true });
for (let i = 0; !stopping; i++) {
  const id = process.pid + '-' + i;
  try {
    await records.addInspection({ id, resultId: id, part: null, lot: null, product: null, recipe: 'r', revision: 1, decision: 'OK', reason: null,
      score: 0, threshold: 1, review: null, millis: 1, imageHash: 'a'.repeat(64), imageStored: false, width: 1, height: 1,
      createdAt: new Date().toISOString() });
    process.send({ acknowledged: id });
    await new Promise((resolve) => setTimeout(resolve, Number(process.argv[4])));
  } catch (error) {
    process.send({ refused: recordsError(error)?.code ?? error.message });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
await records.close();
process.disconnect();
`;

interface Told {
  readonly ready?: true;
  readonly acknowledged?: string;
  readonly refused?: string;
}

class Recorder {
  readonly acknowledged: string[] = [];
  readonly refused: string[] = [];
  readonly ready: Promise<void>;
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;

  /** `isStation`: whether the records are its own, as a station's are. */
  constructor(script: string, place: RecordsPlace, isStation: boolean, pauseMillis: number) {
    const opening = isStation ? { holder: { place: 'here', folder: 'here' } } : {};
    this.#process = fork(script, [JSON.stringify(place), JSON.stringify(opening), String(pauseMillis)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.ready = new Promise((resolve, reject) => {
      void this.ended.then(() => reject(new Error('it ended')));
      this.#process.on('message', ({ ready, acknowledged, refused }: Told) => {
        if (ready) resolve();
        if (acknowledged !== undefined) this.acknowledged.push(acknowledged);
        if (refused !== undefined) this.refused.push(refused);
      });
    });
  }

  /** Until so many more were acknowledged. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.length + count;
    await until(() => this.acknowledged.length >= wanted, `${wanted} are acknowledged`);
  }

  /**
   * Does it while the process stands still, all that it acknowledged before being told: from then on it refuses. Of the one that was being written
   * nothing is promised.
   */
  async refusesAfter(act: () => Promise<unknown>): Promise<void> {
    this.#process.kill('SIGSTOP');
    const state = async () => /\) (\w)/.exec(await readFile(`/proc/${this.#process.pid}/stat`, 'utf8'))![1];
    await until(async () => (await state()) === 'T', 'it stands still');
    // what it said lies in the channel
    await sleep(100);
    const told = this.acknowledged.length;
    await act();
    this.#process.kill('SIGCONT');
    await this.refusesOn();
    expect(this.acknowledged.length).toBeLessThanOrEqual(told + 1);
  }

  /** Until nothing was acknowledged between ten refusals; they all say that the records are not there. */
  async refusesOn(): Promise<void> {
    let from = { acknowledged: -1, refused: 0 };
    await until(() => {
      const now = { acknowledged: this.acknowledged.length, refused: this.refused.length };
      if (now.acknowledged !== from.acknowledged) from = now;
      return now.refused >= from.refused + 10;
    }, 'ten refusals in succession');
    expect(new Set(this.refused.slice(from.refused))).toEqual(new Set(['RECORDS_UNAVAILABLE']));
  }

  async stop(): Promise<void> {
    this.#process.send('stop');
    await this.ended;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/** Starts recorders, of a script in that folder; each has recorded five when it is given. */
export function recordersIn(folder: () => Promise<string>) {
  let written: Promise<string> | undefined;
  const write = async (): Promise<string> => {
    const path = join(await folder(), 'recorder.mjs');
    await writeFile(path, script);
    return path;
  };
  return async (place: RecordsPlace, isStation = false, pauseMillis = 0): Promise<Recorder> => {
    written ??= write();
    const recorder = new Recorder(await written, place, isStation, pauseMillis);
    await recorder.ready;
    await recorder.more(5);
    return recorder;
  };
}

export const sqliteFile = (place: RecordsPlace): string => join((place as { folder: string }).folder, 'records.sqlite');

/** The ids that another connection finds. */
export async function recorded(place: RecordsPlace): Promise<string[]> {
  if ('url' in place) {
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    const { rows } = await client.query<{ id: string }>('select id from inspections');
    await client.end();
    return rows.map(({ id }) => id);
  }
  const db = new Database(sqliteFile(place));
  const rows = db.prepare('select id from inspections').all() as { id: string }[];
  db.close();
  return rows.map(({ id }) => id);
}

/** What was acknowledged is there, once. */
export async function expectKept(recorder: Recorder, place: RecordsPlace): Promise<void> {
  const acknowledged = [...recorder.acknowledged];
  const found = await recorded(place);
  expect(acknowledged.filter((id) => !found.includes(id))).toEqual([]);
  expect(new Set(found).size).toBe(found.length);
}
