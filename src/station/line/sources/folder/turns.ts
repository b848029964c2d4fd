/**
 * Which files of a folder are under way, and when the next begin. Looks go on meanwhile: a view that waits for the others of its part may wait for
 * files that are yet to come into the same folder.
 */
import type { FoundFile } from './scan.ts';

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

interface TurnSettings {
  /** How many may be under way. */
  readonly most: () => number;
  readonly isOver: () => boolean;
  /** Takes memory for a file; gives what gives it back, null where there is none now. */
  readonly room: (file: FoundFile) => (() => void) | null;
  /** False where the station cannot take any image now; never fails. */
  readonly take: (file: FoundFile) => Promise<boolean>;
}

export class Turns {
  readonly #settings: TurnSettings;
  readonly #underWay = new Map<string, Promise<void>>();
  /** Found by the last look and not begun. */
  #left: FoundFile[] = [];
  #pause = 0;
  /** Until when the station is not asked again, as performance.now() has it. */
  #pauseEnd = 0;

  constructor(settings: TurnSettings) {
    this.#settings = settings;
  }

  has(name: string): boolean {
    return this.#underWay.has(name);
  }

  /** Begins with as many as may be under way; the others follow when these are done, or after the next look. */
  begin(found: readonly FoundFile[]): void {
    this.#left = [...found];
    this.#next();
  }

  #next(): void {
    const { most, isOver, room, take } = this.#settings;
    while (this.#left.length > 0 && this.#underWay.size < most() && !isOver() && performance.now() >= this.#pauseEnd) {
      const file = this.#left[0]!;
      const giveBack = room(file);
      if (!giveBack) return;
      this.#left.shift();
      const work = take(file).then((isTaken) => {
        giveBack();
        this.#underWay.delete(file.name);
        this.#rest(isTaken);
        this.#next();
      });
      this.#underWay.set(file.name, work);
    }
  }

  /** Where the station takes no image it is asked again after a while, which grows. */
  #rest(isTaken: boolean): void {
    if (isTaken) this.#pause = 0;
    else if (performance.now() >= this.#pauseEnd) {
      this.#pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * this.#pause));
      this.#pauseEnd = performance.now() + this.#pause;
    }
  }

  async ended(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }
}
