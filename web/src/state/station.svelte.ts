/** What every page needs to know of the station, kept fresh by its events. */
import { findInspections, getReviewQueue, getStation, whenLocked } from '../api/client.ts';
import type { Inspection, Recipe, Station, StationEvent } from '../api/contract.ts';
import { type Problem, problemOf } from '../api/problem.ts';

/** Newest inspections that are kept at hand. */
const KEPT = 60;
/** Events come in bursts when a line runs; counts are asked for at most this often. */
const COUNTS_MILLIS = 1000;
const POLL_MILLIS = 15_000;

class StationState {
  #facts = $state.raw<Station>();
  #newest = $state.raw<readonly Inspection[]>([]);
  #waiting = $state(0);
  #connected = $state(false);
  #problem = $state.raw<Problem>();
  #locked = $state(false);
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  #source: EventSource | undefined;
  /** Counts the recipes' changes, so that pages that show recipes can ask again. */
  #recipeChanges = $state(0);

  /** undefined until the station has answered for the first time. */
  get facts(): Station | undefined {
    return this.#facts;
  }

  get recipe(): Recipe | null {
    return this.#facts?.recipe ?? null;
  }

  /** Newest first. */
  get newest(): readonly Inspection[] {
    return this.#newest;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get waitingText(): string {
    return this.#waiting > 99 ? '99+' : String(this.#waiting);
  }

  /** Whether events arrive. */
  get connected(): boolean {
    return this.#connected;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Whether the station wants to know first who one is. */
  get locked(): boolean {
    return this.#locked;
  }

  get recipeChanges(): number {
    return this.#recipeChanges;
  }

  /** Begins to listen; returns the function that ends it. */
  connect(): () => void {
    whenLocked(() => {
      this.#locked = true;
    });
    void this.refresh();
    this.#listen();
    const poll = setInterval(() => void this.#refreshFacts(), POLL_MILLIS);
    return () => {
      clearInterval(poll);
      this.#source?.close();
    };
  }

  unlocked(): void {
    this.#locked = false;
    void this.refresh();
    this.#listen();
  }

  async refresh(): Promise<void> {
    await this.#refreshFacts();
    if (this.#problem) return;
    try {
      const { inspections } = await findInspections({ limit: KEPT });
      this.#newest = inspections;
    } catch (error) {
      this.#setProblem(error);
    }
  }

  /** An inspection as the service gave it, also when it came as an answer and not yet as an event. */
  take(inspection: Inspection): void {
    const known = this.#newest.some(({ id }) => id === inspection.id);
    const list = known
      ? this.#newest.map((old) => (old.id === inspection.id ? inspection : old))
      : [inspection, ...this.#newest].sort((a, b) => (a.id < b.id ? 1 : -1));
    this.#newest = list.slice(0, KEPT);
  }

  refreshSoon(): void {
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = undefined;
      void this.#refreshFacts();
    }, COUNTS_MILLIS);
  }

  #listen(): void {
    this.#source?.close();
    const source = new EventSource('/api/events');
    this.#source = source;
    source.addEventListener('open', () => {
      // what happened while there was no connection came as no event
      if (!this.#connected) void this.refresh();
      this.#connected = true;
    });
    source.addEventListener('error', () => {
      this.#connected = false;
      // a browser gives up for good after an answer that is no event stream
      if (source.readyState === EventSource.CLOSED && !this.#locked) {
        setTimeout(() => this.#source === source && this.#listen(), 3000);
      }
    });
    for (const type of ['inspection', 'recipe'] as const) {
      source.addEventListener(type, ({ data }: MessageEvent<string>) => this.#hear(JSON.parse(data) as StationEvent));
    }
  }

  #hear(event: StationEvent): void {
    if (event.type === 'inspection') {
      if (event.change === 'new' || this.#newest.some(({ id }) => id === event.inspection.id)) {
        this.take(event.inspection);
      }
    } else {
      this.#recipeChanges++;
    }
    this.refreshSoon();
  }

  async #refreshFacts(): Promise<void> {
    try {
      const [facts, { waiting }] = await Promise.all([getStation(), getReviewQueue(1)]);
      this.#facts = facts;
      this.#waiting = waiting;
      this.#problem = undefined;
    } catch (error) {
      this.#setProblem(error);
    }
  }

  #setProblem(error: unknown): void {
    const problem = problemOf(error);
    // the dialog that asks who one is says it better
    this.#problem = problem.status === 401 ? undefined : problem;
  }
}

export const station = new StationState();
