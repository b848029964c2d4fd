/**
 * One study on disk:
 *
 *   study.json          what was asked, with the seed of every order; fixed but for its end
 *   answers-HASH.json   what one appraiser said; called by the SHA-256 of their name
 *
 * Its pictures are those of the data set, whose files are never altered.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { sha256, writeFileAtomic } from '../../core/files.ts';
import { readStoredJson } from '../folder/stored-json.ts';
import { StoredAnswers, StoredStudy } from './stored.ts';

const textOf = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
const fileOf = (appraiser: string): string => `answers-${sha256(appraiser).slice(0, 16)}.json`;

export class StudyFolder {
  readonly #path: string;
  #stored: StoredStudy;
  readonly #sheets = new Map<string, StoredAnswers>();

  private constructor(path: string, stored: StoredStudy) {
    this.#path = path;
    this.#stored = stored;
  }

  static async create(path: string, stored: StoredStudy): Promise<StudyFolder> {
    const made = new StudyFolder(path, stored);
    await made.#write(stored);
    return made;
  }

  /** Undefined where a kill came before the first study.json. Throws CHECKPOINT_INVALID where a file is damaged. */
  static async open(path: string): Promise<StudyFolder | undefined> {
    const stored = await readStoredJson(join(path, 'study.json'), StoredStudy, 'CHECKPOINT_INVALID');
    if (!stored) return undefined;
    const own = new StudyFolder(path, stored);
    for (const name of (await readdir(path)).filter((one) => /^answers-[0-9a-f]{16}\.json$/.test(one))) {
      const sheet = await readStoredJson(join(path, name), StoredAnswers, 'CHECKPOINT_INVALID');
      if (sheet && fileOf(sheet.appraiser) !== name)
        throw new FelfriError('CHECKPOINT_INVALID', `${name} holds the answers of another appraiser`, {
          subject: name,
        });
      if (sheet) own.#sheets.set(sheet.appraiser, sheet);
    }
    return own;
  }

  get stored(): StoredStudy {
    return this.#stored;
  }

  /** Of study.json, SHA-256. */
  get hash(): string {
    return sha256(textOf(this.#stored));
  }

  /** By the appraiser's name. */
  get sheets(): readonly StoredAnswers[] {
    return [...this.#sheets.values()].sort((a, b) => (a.appraiser < b.appraiser ? -1 : 1));
  }

  /** Of the answers of each appraiser, SHA-256. */
  get hashes(): Record<string, string> {
    return Object.fromEntries(this.sheets.map((sheet) => [sheet.appraiser, sha256(textOf(sheet))]));
  }

  sheet(appraiser: string): StoredAnswers | undefined {
    return this.#sheets.get(appraiser);
  }

  async #write(stored: StoredStudy): Promise<void> {
    await writeFileAtomic(join(this.#path, 'study.json'), textOf(stored));
    this.#stored = stored;
  }

  async writeSheet(sheet: StoredAnswers): Promise<void> {
    await writeFileAtomic(join(this.#path, fileOf(sheet.appraiser)), textOf(sheet));
    this.#sheets.set(sheet.appraiser, sheet);
  }

  close(at: Date, by: string | null): Promise<void> {
    return this.#write({ ...this.#stored, closedAt: at.toISOString(), closedBy: by });
  }
}
