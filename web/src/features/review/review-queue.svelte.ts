/** The parts that wait for a verdict, oldest first, and those that got one in this visit. */
import { getReviewQueue, giveFeedback, type NewFeedback, withdrawFeedback } from '../../api/client.ts';
import type { Inspection } from '../../api/contract.ts';
import { acting } from '../../state/acting.svelte.ts';
import { person } from '../../state/preferences.svelte.ts';
import { Resource } from '../../state/resource.svelte.ts';

/** How many are fetched at a time. */
const BATCH = 50;
/** Fewer than this at hand: fetch more, so that nobody waits for the next one. */
const LOW = 5;
/** Verdicts that can be taken back. */
const KEPT = 100;

export class ReviewQueue {
  #queue = $state.raw<readonly Inspection[]>([]);
  #judged = $state.raw<readonly Inspection[]>([]);
  #waiting = $state<number>();
  readonly #onchange: (inspection: Inspection) => void;

  /** @param onchange told of each verdict that was given or taken back. */
  constructor(onchange: (inspection: Inspection) => void) {
    this.#onchange = onchange;
  }

  readonly loading = new Resource(async (signal) => {
    const { inspections, waiting } = await getReviewQueue(BATCH, signal);
    // a verdict that was given meanwhile
    const known = new Set([...this.#queue, ...this.#judged].map(({ id }) => id));
    this.#queue = [...this.#queue, ...inspections.filter(({ id }) => !known.has(id))];
    this.#waiting = waiting;
  });

  readonly judging = acting(async (said: NewFeedback) => {
    const { current } = this;
    if (!current) return;
    const answer = await giveFeedback(current.id, said);
    this.#judged = [answer, ...this.#judged].slice(0, KEPT);
    this.#queue = this.#queue.filter(({ id }) => id !== answer.id);
    this.#waiting = Math.max(0, (this.#waiting ?? 0) - 1);
    this.#onchange(answer);
  });

  /** Takes the last verdict back, so that its part waits as before. */
  readonly undoing = acting(async () => {
    const [last, ...rest] = this.#judged;
    if (!last) return;
    const answer = await withdrawFeedback(last.id, person.current);
    this.#judged = rest;
    this.#queue = [answer, ...this.#queue];
    this.#waiting = (this.#waiting ?? 0) + 1;
    this.#onchange(answer);
  });

  /** How many wait at the station; undefined before it has said so. */
  get waiting(): number | undefined {
    return this.#waiting;
  }

  get current(): Inspection | undefined {
    return this.#queue[0];
  }

  get upcoming(): Inspection | undefined {
    return this.#queue[1];
  }

  /** Judged in this visit, last first. */
  get judged(): readonly Inspection[] {
    return this.#judged;
  }

  get saving(): boolean {
    return this.judging.working || this.undoing.working;
  }

  get isLow(): boolean {
    return this.#queue.length < LOW;
  }

  judge(said: NewFeedback): void {
    if (!this.saving) void this.judging.run(said);
  }

  /** Puts it behind those that are at hand: it comes again in this visit, and waits for others too. */
  skip(): void {
    const [first, ...rest] = this.#queue;
    if (first && !this.saving) this.#queue = [...rest, first];
  }

  undo(): void {
    if (!this.saving) void this.undoing.run();
  }
}
