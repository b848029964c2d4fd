/** What every page needs to know of the station, kept fresh by its events. */
import { findInspections, getReviewQueue, getStation, whenLocked } from '../api/client.ts';
import type { Inspection, PartRecord, Product, Recipe, Station, StationEvent } from '../api/contract.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import { counted } from '../lib/format.ts';
import { EventStream } from './event-stream.ts';
import { type LineView, lineView, SILENCE_MILLIS } from './line-view.ts';
import { KEPT, NewestParts } from './newest-parts.svelte.ts';

/** How often what is shown is looked at again. */
const LOOK_MILLIS = 250;
/** Events come in bursts when a line runs; counts are asked for at most this often. */
const COUNTS_MILLIS = 1000;
const POLL_MILLIS = 15_000;

class StationState {
  #facts = $state.raw<Station>();
  readonly #newest = new NewestParts();
  #waiting = $state(0);
  /** Of the page's own clock: now, when it began to listen, and when the last heartbeat came. */
  #now = $state(performance.now());
  readonly #since = performance.now();
  #alive = $state<number>();
  #lastAlive = $state<number>();
  #complete = $state(false);
  #stationTime = 0;
  #underWay = $state(0);
  #problem = $state.raw<Problem>();
  #locked = $state(false);
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  readonly #stream = new EventStream({
    onopen: () => {
      // what happened while there was no connection came as no event
      this.#complete = false;
      void this.refresh();
    },
    onevent: (event) => this.#hear(event),
    onend: () => {
      this.#alive = undefined;
      this.#complete = false;
    },
    isWanted: () => !this.#locked,
  });
  /** Counts the recipes' changes, so that pages that show recipes can ask again. */
  #recipeChanges = $state(0);

  /** undefined until the station has answered for the first time. */
  get facts(): Station | undefined {
    return this.#facts;
  }

  get recipe(): Recipe | null {
    return this.#facts?.recipe ?? null;
  }

  /** Product codes with recipes of their own. */
  get products(): readonly Product[] {
    return this.#facts?.products ?? [];
  }

  /** Whether recipes judge only as people released them. */
  get asksForReleases(): boolean {
    return (this.#facts?.release ?? 'none') !== 'none';
  }

  get hasRecipe(): boolean {
    return this.recipe !== null || this.products.length > 0;
  }

  /** What judges, in short: the active recipe, or how many products have one; undefined where nothing does. */
  get judging(): string | undefined {
    const { length } = this.products;
    return length > 0 ? counted(length, 'product') : this.recipe?.name;
  }

  /** Newest first, with parts that were not inspected. */
  get newest(): readonly PartRecord[] {
    return this.#newest.list;
  }

  /** What may be shown of the newest part at this moment. */
  get line(): LineView {
    return lineView(
      {
        since: this.#since,
        alive: this.#alive,
        lastAlive: this.#lastAlive,
        complete: this.#complete,
        stationTime: this.#stationTime,
        underWay: this.#underWay,
        newest: this.newest[0],
        hasRecipe: this.hasRecipe,
        showSeconds: this.#facts?.showSeconds ?? 30,
      },
      this.#now,
    );
  }

  /** Whether its picture can be asked for: the station stored it, or has it among its newest. */
  hasPicture(inspection: Inspection): boolean {
    if (inspection.imageStored) return true;
    return (
      this.#facts !== undefined && inspection.createdAt >= this.#facts.startedAt && this.#newest.hasAtHand(inspection)
    );
  }

  get waiting(): number {
    return this.#waiting;
  }

  get waitingText(): string {
    return this.#waiting > 99 ? '99+' : String(this.#waiting);
  }

  /** Whether the station lives, and all that it told is here. */
  get connected(): boolean {
    const { kind } = this.line;
    return kind !== 'silent' && kind !== 'connecting';
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Whether the station wants to know first who one is. */
  get locked(): boolean {
    return this.#locked;
  }

  /** What of the station's files is damaged. */
  get alarms(): Station['alarms'] {
    return this.#facts?.alarms ?? [];
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
    this.#stream.listen();
    const poll = setInterval(() => void this.#refreshFacts(), POLL_MILLIS);
    const look = setInterval(() => this.#look(), LOOK_MILLIS);
    return () => {
      clearInterval(poll);
      clearInterval(look);
      this.#stream.close();
    };
  }

  unlocked(): void {
    this.#locked = false;
    void this.refresh();
    this.#stream.listen();
  }

  async refresh(): Promise<void> {
    // what happens from here on is heard, if it is asked while the connection is open
    const heardBy = this.#stream.open;
    await this.#refreshFacts();
    if (this.#problem) return;
    try {
      const { inspections } = await findInspections({ limit: KEPT });
      this.#newest.replace(inspections);
      // a record may be missing whose database took none
      if (this.#facts?.lastNotInspected) this.take(this.#facts.lastNotInspected);
      if (heardBy && this.#stream.open === heardBy) this.#complete = true;
    } catch (error) {
      this.#setProblem(error);
    }
  }

  /** A record as the service gave it, also when it came as an answer and not yet as an event. */
  take(record: PartRecord): void {
    this.#newest.take(record);
  }

  refreshSoon(): void {
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = undefined;
      void (this.#complete ? this.#refreshFacts() : this.refresh());
    }, COUNTS_MILLIS);
  }

  /** Looks at the time. A pulled cable ends no connection by itself, so that after a silence another one is tried. */
  #look(): void {
    this.#now = performance.now();
    if (this.#locked || this.#now - Math.max(this.#alive ?? 0, this.#stream.tried) <= SILENCE_MILLIS) return;
    this.#complete = false;
    this.#stream.listen();
  }

  #hear(event: StationEvent): void {
    if (event.type === 'heartbeat') {
      this.#alive = performance.now();
      this.#lastAlive = this.#alive;
      this.#now = this.#alive;
      this.#stationTime = Date.parse(event.at);
      this.#underWay = event.underWay;
      // asked for once, and in vain
      if (!this.#complete) this.refreshSoon();
      return;
    }
    if (event.type === 'recipe' || event.type === 'products') this.#recipeChanges++;
    else if (event.type === 'inspection' && (event.change === 'new' || this.#newest.has(event.inspection.id)))
      this.take(event.inspection);
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
