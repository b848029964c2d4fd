/** When files came into a folder that is looked through from time to time. All times but a file's are as performance.now() has them. */
import type { FoundFile } from './scan.ts';

export class Looks {
  #last = Number.NEGATIVE_INFINITY;
  #former = Number.NEGATIVE_INFINITY;

  begin(now: number): void {
    this.#former = this.#last;
    this.#last = now;
  }

  /** Of a file that this look found first: by its own time, which another machine may have set, but not before the look that did not find it. */
  cameAt({ mtimeMs }: FoundFile): number {
    return Math.max(this.#former, performance.now() - Math.max(0, Date.now() - mtimeMs));
  }
}
