/** Studies of people who decide on pictures: made, answered one part after the other, closed. Every answer is an entry of the audit log. */
import { randomInt } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Alarms } from '../alarms.ts';
import type { Role } from '../contract/access.ts';
import type { NewStudy, Study, StudyAnswer, StudyDetail, StudyTask } from '../contract/studies.ts';
import type { DataSets } from '../datasets/data-sets.ts';
import { newId } from '../ids.ts';
import { InTurn } from '../in-turn.ts';
import { notFound } from '../not-found.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import { felfriOf, partsOf, pictureOf } from './asked.ts';
import { agreementJson, answersOf } from './results.ts';
import type { StoredAnswers } from './stored.ts';
import { StudyFolder } from './study-folder.ts';
import { conflict, partAt, requirePresent, summaryOf, taskOf } from './task.ts';

/** Most that are kept; none is ever deleted by the station. */
const MOST = 200;

/** Who asks, as the station knows them. */
export interface Asker {
  readonly name: string | null;
  readonly role: Role;
}

interface Things {
  readonly records: Records;
  readonly dataSets: DataSets;
  readonly alarms: Alarms;
}

export class Studies {
  readonly #folder: string;
  readonly #things: Things;
  readonly #studies = new Map<string, StudyFolder>();
  readonly #changes = new InTurn();
  /** When the picture of a task was sent first, on a clock that never leaps. */
  readonly #shown = new Map<string, { readonly place: string; readonly at: number }>();

  private constructor(folder: string, things: Things) {
    this.#folder = folder;
    this.#things = things;
  }

  /** What is damaged raises an alarm, and is left as it is. */
  static async open(folder: string, things: Things): Promise<Studies> {
    const own = new Studies(folder, things);
    await mkdir(folder, { recursive: true });
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      try {
        const found = await StudyFolder.open(join(folder, entry.name));
        if (found) own.#studies.set(entry.name, found);
      } catch (error) {
        things.alarms.raise('study', entry.name, error);
      }
    }
    return own;
  }

  /** Names by ids. */
  get names(): { readonly id: string; readonly name: string }[] {
    return [...this.#studies.values()].map(({ stored: { id, name } }) => ({ id, name }));
  }

  list({ name }: Asker): Study[] {
    return [...this.#studies.values()].map((study) => summaryOf(study, name)).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** Throws NOT_FOUND. */
  require(id: string): StudyFolder {
    const found = this.#studies.get(id);
    if (found) return found;
    throw notFound('study', id, '/api/studies');
  }

  /** Whether an open one shows pictures of the data set. */
  isRead(dataSet: string): boolean {
    return [...this.#studies.values()].some(({ stored }) => stored.dataSet.id === dataSet && stored.closedAt === null);
  }

  detail(id: string, { name }: Asker): StudyDetail {
    const study = this.require(id);
    const { dataSet, seed, parts, felfri, felfriWhy } = study.stored;
    return {
      study: summaryOf(study, name),
      dataSet,
      seed,
      parts,
      appraisers: study.sheets.map(({ appraiser, role, answers }) => ({
        name: appraiser,
        role,
        answered: answers.length,
        of: answersOf(study.stored),
        finishedAt: answers.length === answersOf(study.stored) ? answers.at(-1)!.at : null,
      })),
      felfri: { appraiser: felfri?.appraiser ?? null, why: felfriWhy },
      agreement: agreementJson(study),
    };
  }

  /** Throws NOT_FOUND, OPTION_INVALID, PRESENTED_TWICE, and CONFLICT where there are as many as may be. */
  create(
    { name, dataSet, trials, pauseMinutes = 0, ...said }: NewStudy,
    change: Change,
    asker: Asker,
  ): Promise<StudyDetail> {
    const { records, dataSets } = this.#things;
    return this.#changes.run(() =>
      dataSets.begin(dataSet, async (set) => {
        if (this.#studies.size >= MOST) throw conflict(dataSet, `there are ${MOST} studies, as many as may be; move older ones out of the folder studies`); // biome-ignore format: one line
        const parts = partsOf(set.images, said);
        const own = await felfriOf(records, set, { parts, trials });
        const { id: setId, name: setName, version, hash } = set.facts;
        const seed = randomInt(2 ** 31);
        const id = newId();
        await records.audited(change, async () => {
          const study = await StudyFolder.create(join(this.#folder, id), {
            id,
            name: name.trim(),
            createdAt: change.at.toISOString(),
            createdBy: change.by,
            dataSet: { id: setId, name: setName, version, hash },
            trials,
            pauseMinutes,
            seed,
            parts,
            ...own,
            closedAt: null,
            closedBy: null,
          });
          this.#studies.set(id, study);
          const detail = { name: study.stored.name, dataSet, version, parts: parts.length, trials, seed, hash: study.hash }; // biome-ignore format: one line
          return [undefined, { action: 'study.created', subject: id, detail }];
        });
        return this.detail(id, asker);
      }),
    );
  }

  /** What comes next. Throws NOT_FOUND, and FORBIDDEN for who may not be an appraiser. */
  task(id: string, asker: Asker): StudyTask {
    const study = this.require(id);
    return taskOf(study, this.#sheet(study, asker), new Date());
  }

  /** SHA-256 of the picture of a task, and the data set that has it. Throws NOT_FOUND, FORBIDDEN, and CONFLICT for any but the present one. */
  picture(id: string, at: { trial: number; position: number }, asker: Asker): { dataSet: string; hash: string } {
    const study = this.require(id);
    const sheet = this.#sheet(study, asker);
    requirePresent(id, taskOf(study, sheet, new Date()), at);
    const place = `${at.trial} ${at.position}`;
    const key = `${id} ${sheet.appraiser}`;
    if (this.#shown.get(key)?.place !== place) this.#shown.set(key, { place, at: performance.now() });
    return { dataSet: study.stored.dataSet.id, hash: pictureOf(partAt(study, sheet.appraiser, at), at.trial) };
  }

  /** Throws NOT_FOUND, FORBIDDEN, and CONFLICT for another answer than was given, and one that is not asked for. */
  answer(id: string, { answer, ...at }: StudyAnswer, asker: Asker, when: Date): Promise<StudyTask> {
    return this.#changes.run(async () => {
      const study = this.require(id);
      const sheet = this.#sheet(study, asker);
      const { appraiser, answers } = sheet;
      const given = answers.find(({ trial, position }) => trial === at.trial && position === at.position);
      if (given && given.answer !== answer)
        throw conflict(id, 'this part was answered otherwise before, and an answer stays');
      if (given) return taskOf(study, sheet, when);
      requirePresent(id, taskOf(study, sheet, when), at);
      const part = partAt(study, appraiser, at);
      const shown = this.#shown.get(`${id} ${appraiser}`);
      const seconds = shown?.place === `${at.trial} ${at.position}` ? (performance.now() - shown.at) / 1000 : null;
      const added = {
        ...at,
        part: part.part,
        picture: pictureOf(part, at.trial),
        answer,
        at: when.toISOString(),
        seconds: seconds === null ? null : Math.round(seconds * 10) / 10,
      };
      // who could once read what the parts are may remember
      const role = sheet.role === 'operator' ? asker.role : sheet.role;
      const now = { ...sheet, role, answers: [...answers, added] };
      return this.#things.records.audited({ by: appraiser, at: when }, async () => {
        await study.writeSheet(now);
        const detail = { name: study.stored.name, ...at, part: part.part, answer };
        return [taskOf(study, now, when), { action: 'study.answer', subject: id, detail }];
      });
    });
  }

  /** Throws NOT_FOUND; one that is closed stays as it is. */
  close(id: string, change: Change, asker: Asker): Promise<StudyDetail> {
    return this.#changes.run(async () => {
      const study = this.require(id);
      if (study.stored.closedAt === null)
        await this.#things.records.audited(change, async () => {
          await study.close(change.at, change.by);
          const detail = { name: study.stored.name, answers: study.hashes };
          return [undefined, { action: 'study.closed', subject: id, detail }];
        });
      return this.detail(id, asker);
    });
  }

  /** What an appraiser said so far. Throws FORBIDDEN. */
  #sheet(study: StudyFolder, { name, role }: Asker): StoredAnswers {
    const { id, createdBy } = study.stored;
    if (name === null)
      throw new FelfriError('FORBIDDEN', 'an appraiser is a user of the station; sign in by name', { subject: id });
    if (name === createdBy)
      throw new FelfriError('FORBIDDEN', 'who made the study knows what the parts are, and is no appraiser of it', { subject: id }); // biome-ignore format: one line
    return study.sheet(name) ?? { appraiser: name, role, answers: [] };
  }

  /** Waits for the changes that were begun. */
  rest(): Promise<void> {
    return this.#changes.rest();
  }
}
