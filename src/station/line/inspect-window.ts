/** A part that the other side of an output announced, until its result is there: a window that ends with something on record in any case. */
import type { PartMessage } from '../contract/line.ts';
import type { Moment } from '../moments.ts';
import type { LineTools } from './connector.ts';
import type { WindowSettings } from './settings.ts';

interface WindowListener {
  /** The window ended without a decision; that is about to be put on record. */
  ended(): void;
  /** What ended was not found on record in time, as where a database is away: nothing comes of this part any more. */
  forgotten(): void;
}

export class InspectWindow {
  readonly part: string | null;
  readonly #settings: WindowSettings;
  readonly #tools: Pick<LineTools, 'missed'>;
  readonly #listener: WindowListener;
  readonly #forgetMillis: number;
  /** Id of the one that was active: the other side chose it, or saw it. */
  readonly #recipe: string | null;
  /** As performance.now() has it. */
  readonly #at = performance.now();
  #until = Number.POSITIVE_INFINITY;
  /** Whether it ended: then what is put on record of that is its result. */
  #hasEnded = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout>;

  /** `forgetMillis`: for how long what ended is looked for on record. */
  constructor(
    part: string | null,
    settings: WindowSettings,
    tools: Pick<LineTools, 'missed' | 'recipes'>,
    forgetMillis: number,
    listener: WindowListener,
  ) {
    this.part = part;
    this.#settings = settings;
    this.#tools = tools;
    this.#forgetMillis = forgetMillis;
    this.#listener = listener;
    this.#recipe = tools.recipes.active?.id ?? null;
    const { windowMillis } = settings;
    this.#timer = setTimeout(() => void this.#end(`within ${windowMillis} ms of its trigger`), windowMillis);
  }

  /**
   * Whether a record is the result: of the part that was announced, and of an image that began to come after that. An image may name a recipe
   * of its own; what passes by another than the other side relies on passes for no trigger. `moment`: of the record.
   */
  isResult(message: PartMessage, moment: Moment): boolean {
    const { part } = this;
    if (part !== message.part && (part !== null || this.#settings.pairBy === 'part')) return false;
    if (message.pass && message.recipe !== this.#recipe) return false;
    if (this.#hasEnded) return message.code === 'LINE_LATE';
    return moment.cameAt >= this.#at && moment.cameAt < this.#until;
  }

  /** Of images that come from now on none is its. */
  takeNoMore(): void {
    this.#until = performance.now();
  }

  /** Ends it at once. */
  async abort(why: string): Promise<void> {
    if (!this.#hasEnded) await this.#end(why);
  }

  /** A part without a decision in time is put on record as not inspected, and that record is the result. */
  async #end(why: string): Promise<void> {
    clearTimeout(this.#timer);
    this.#hasEnded = true;
    this.#listener.ended();
    const of = this.part === null ? '' : ` of ${this.part}`;
    await this.#tools.missed(this.part, `no decision${of} ${why}; it was not inspected`);
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#listener.forgotten(), this.#forgetMillis).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
