/**
 * A number in the header of SQLite's file by which a station knows the file for its own. It is set anew whenever something is moved from the log
 * into the file: a copy of before that, written over the file, bears another.
 */
import { randomInt } from 'node:crypto';
import { statSync } from 'node:fs';
import { headerOf, heldFile } from './file-header.ts';

/** SQLite's are of 32 bits with a sign; 0 is that of a new file. */
const LARGEST = 2 ** 31;

export class FileMark {
  readonly #path: string;
  #newest: number | undefined;
  /** What may stand in the file: a mark lies in the log at first, and one that failed may have come there. */
  readonly #possible = new Set<number>();
  #movedAt: bigint | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** What stands in the file; once it is the newest, what was before it can come there no more. */
  #present(): number | undefined {
    const present = headerOf(heldFile(this.#path))?.mark;
    if (present !== undefined && present === this.#newest) this.#isNewest();
    return present;
  }

  #isNewest(): void {
    this.#possible.clear();
    this.#possible.add(this.#newest!);
  }

  /** When the file itself was written last. */
  #writtenAt(): bigint {
    return statSync(this.#path, { bigint: true }).mtimeNs;
  }

  /** Whether the file is the one that was marked, or none was yet. Throws where there is no file. */
  isOwn(): boolean {
    const present = this.#present();
    return this.#newest === undefined || (present !== undefined && this.#possible.has(present));
  }

  /** Whether there is none yet, or somebody else moved something into the file. */
  get isWorn(): boolean {
    return this.#newest === undefined || this.#writtenAt() !== this.#movedAt;
  }

  /** Sets another by `write`, which is to put it into the log; of a file that is its own. */
  renew(write: (mark: number) => void): void {
    const present = this.#present();
    if (present === undefined) return;
    this.#possible.add(present);
    const next = randomInt(1, LARGEST);
    this.#possible.add(next);
    this.#newest ??= present;
    write(next);
    this.#newest = next;
  }

  /** To be called once the log was moved into the file; where all of it was, no other mark can stand there. */
  moved(isWhole: boolean): void {
    if (isWhole) this.#isNewest();
    this.#movedAt = this.#writtenAt();
  }
}
