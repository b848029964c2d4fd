/** Views of parts on their way to one decision: each is inspected as it comes, and none is on record before its part is decided. */
import { FelfriError } from '../../../../core/errors.ts';
import type { Inspection } from '../../../contract/inspections.ts';
import { copies, type PartRecorder, recordViews, type View } from './record.ts';
import type { PartSettings } from './settings.ts';

/** What it needs of a station. */
export interface AssemblyTools extends PartRecorder {
  alarm(error: FelfriError): void;
  over(): void;
}

interface Group {
  readonly part: string;
  /** As performance.now() has it. */
  readonly since: number;
  readonly views: Map<string, Promise<View | null>>;
  /** Views of which another image came: which of them shows the part nobody knows. */
  readonly doubled: Set<string>;
  /** Views that were inspected. */
  decided: number;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly done: Promise<Inspection>;
  resolve(inspection: Inspection): void;
  reject(error: unknown): void;
}

export class Assembly {
  readonly #settings: PartSettings;
  readonly #tools: AssemblyTools;
  readonly #groups = new Map<string, Group>();
  #isClosed = false;

  constructor(settings: PartSettings, tools: AssemblyTools) {
    this.#settings = settings;
    this.#tools = tools;
  }

  /**
   * Resolves with the record that stands for the part, once that is there. Throws what `decide` throws for this view alone, which then is
   * missing; SOURCE_NAME for an image of no part or view; CONFLICT where the part has that view already, which then is not OK.
   */
  async add(part: string | null, view: string, decide: () => Promise<View>): Promise<Inspection> {
    if (part === null) throw new FelfriError('SOURCE_NAME', `the image of view ${view} says no part`);
    if (!this.#settings.views.includes(view))
      throw new FelfriError('SOURCE_NAME', `${view} is no view; there are ${this.#settings.views.join(', ')}`);
    if (this.#isClosed) throw stopping();
    const group = this.#groups.get(part) ?? this.#begin(part);
    if (group.views.has(view)) {
      group.doubled.add(view);
      throw new FelfriError('CONFLICT', `part ${part} has an image of view ${view} already`, { subject: part });
    }
    const deciding = decide();
    group.views.set(
      view,
      deciding.catch(() => null),
    );
    try {
      await deciding;
    } catch (error) {
      // its sender may try again, until the part is decided without it
      group.views.delete(view);
      throw error;
    }
    group.decided++;
    if (group.decided === this.#settings.views.length) void this.#decide(group);
    return group.done;
  }

  #begin(part: string): Group {
    let resolve!: (inspection: Inspection) => void;
    let reject!: (error: unknown) => void;
    const done = new Promise<Inspection>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // where its only view failed nobody waits
    done.catch(() => undefined);
    const group: Group = {
      part,
      since: performance.now(),
      views: new Map(),
      doubled: new Set(),
      decided: 0,
      timer: setTimeout(() => void this.#decide(group), 1000 * this.#settings.withinSeconds),
      done,
      resolve,
      reject,
    };
    this.#groups.set(part, group);
    return group;
  }

  async #decide(group: Group): Promise<void> {
    if (this.#groups.get(group.part) !== group) return;
    clearTimeout(group.timer);
    // from now on an image is of the next part of this name
    this.#groups.delete(group.part);
    try {
      const all = await Promise.all([...group.views].map(async ([view, found]) => ({ view, found: await found })));
      const there = all.flatMap(({ view, found }) => (found ? [{ view, found }] : []));
      const missing = this.#settings.views.filter((view) => !there.some((one) => one.view === view));
      if (missing.length > 0) this.#sayMissing(group.part, missing);
      else this.#tools.over();
      const faults = [
        ...missing.map((view) => `${view} missing`),
        ...[...group.doubled].map((view) => `${view} twice`),
        ...copies(there),
      ];
      const { ngViews } = this.#settings;
      if (there.length > 0)
        group.resolve(await recordViews(this.#tools, there, { faults, ngViews, since: group.since }));
    } catch (error) {
      group.reject(error);
    }
  }

  #sayMissing(part: string, missing: readonly string[]): void {
    const why = `part ${part} came without ${missing.join(', ')} within ${this.#settings.withinSeconds} s`;
    this.#tools.alarm(new FelfriError('LINE_LATE', why));
  }

  /** Parts that are not whole are given up: their images are left where they can be taken again. */
  close(): void {
    this.#isClosed = true;
    for (const group of this.#groups.values()) {
      clearTimeout(group.timer);
      group.reject(stopping());
    }
    this.#groups.clear();
  }
}

const stopping = (): FelfriError => new FelfriError('TOO_BUSY', 'the station is stopping');
