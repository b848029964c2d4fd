/** Images that somebody dropped, chose or pasted, on their way through the station. */
import { inspect } from '../../api/client.ts';
import type { Inspection } from '../../api/contract.ts';
import { type Problem, problemOf } from '../../api/problem.ts';
import { station } from '../../state/station.svelte.ts';
import { partOfFile } from './part-of-file.ts';

interface Upload {
  readonly resultId: string;
  readonly name: string;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  readonly inspection?: Inspection;
  readonly problem?: Problem;
}

/** What somebody said of them; empty where nothing. */
interface Said {
  readonly part: string;
  readonly lot: string;
  readonly product: string;
}

/** Requests at a time: one is inspected while the next is on its way. */
const AT_A_TIME = 2;
/** How often a busy station is asked again for one image. */
const PATIENCE = 20;

/** Random without `crypto.randomUUID`, which browsers withhold on pages that come by plain HTTP from another machine. */
function freshId(): string {
  return `page-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

class UploadQueue {
  #list = $state.raw<readonly Upload[]>([]);
  #files = new Map<string, { image: File; part: string; lot: string; product: string }>();
  #sending = 0;

  /** Newest first; those that are done leave it with `clear`. */
  get list(): readonly Upload[] {
    return this.#list;
  }

  get running(): boolean {
    return this.#list.some(({ state }) => state === 'waiting' || state === 'sending');
  }

  /** Where no part is given a file's name is the part's, unless the files came without names of their own. */
  add(images: readonly File[], said: Said, areNamed = true): void {
    if (!this.running) this.#list = this.#list.filter(({ state }) => state === 'failed');
    const added = images.map((image): Upload => {
      const resultId = freshId();
      const own = areNamed ? partOfFile(image.name) : '';
      this.#files.set(resultId, { image, part: said.part.trim() || own, lot: said.lot.trim(), product: said.product });
      return { resultId, name: image.name, state: 'waiting' };
    });
    this.#list = [...this.#list, ...added];
    this.#work();
  }

  again(resultId: string): void {
    this.#change(resultId, { state: 'waiting' });
    this.#work();
  }

  dismiss(resultId: string): void {
    this.#files.delete(resultId);
    this.#list = this.#list.filter((upload) => upload.resultId !== resultId);
  }

  #change(resultId: string, change: Partial<Upload>): void {
    this.#list = this.#list.map((upload) => (upload.resultId === resultId ? { ...upload, ...change } : upload));
  }

  #work(): void {
    while (this.#sending < AT_A_TIME) {
      const next = this.#list.find(({ state }) => state === 'waiting');
      if (!next) return;
      this.#sending++;
      this.#change(next.resultId, { state: 'sending' });
      void this.#send(next.resultId).finally(() => {
        this.#sending--;
        this.#work();
      });
    }
  }

  async #send(resultId: string): Promise<void> {
    const job = this.#files.get(resultId)!;
    for (let attempt = 1; ; attempt++) {
      try {
        const inspection = await inspect({ ...job, resultId });
        this.#files.delete(resultId);
        this.#change(resultId, { state: 'done', inspection });
        station.take(inspection);
        return;
      } catch (error) {
        const problem = problemOf(error);
        const busy = problem.status === 429 || (problem.status === 503 && problem.retryAfter !== undefined);
        if (!busy || attempt >= PATIENCE) {
          this.#change(resultId, { state: 'failed', problem });
          station.refreshSoon();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000 * Math.max(0.5, problem.retryAfter ?? 1)));
      }
    }
  }
}

export const uploads = new UploadQueue();
