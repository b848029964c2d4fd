/** The line of a station: its sources, its outputs, each with its pump, and the state that all of these are told alike. */
import { FelfriError } from '../../core/errors.ts';
import { SignIn } from '../access/sign-in.ts';
import type { Inspection } from '../contract/inspections.ts';
import type {
  LineCheck,
  LineOutput,
  LinePartsQuery,
  Line as LineTold,
  PartMessage,
  StateMessage,
  TriggerQuery,
} from '../contract/line.ts';
import { NO_RECIPE, ReadinessCheck } from '../readiness.ts';
import type { Station } from '../station.ts';
import { checkOutput, rowOf } from './check.ts';
import type { LineTools } from './connector.ts';
import type { LineFile, OutputSettings } from './file.ts';
import { partMessage } from './messages.ts';
import { countsOf, Pump } from './pump.ts';
import { LineRecipes } from './recipes.ts';
import type { WindowSettings } from './settings.ts';
import type { SentViews } from './sources/parts/sent-views.ts';
import { Sources } from './sources/sources.ts';

const STATE_MILLIS = 1000;
/** What is settled is kept so long for those who ask for what they missed. */
const KEPT_MILLIS = 7 * 24 * 3600 * 1000;
const CLEAN_MILLIS = 3600 * 1000;
/** How long a part without a decision in time stays an alarm. */
const LATE_MILLIS = 60_000;
/** In which outputs are given what waits when the station stops. */
const LAST_MILLIS = 2000;
const AGAIN_MILLIS = 5000;

export class Line {
  readonly #file: LineFile;
  readonly #station: Station;
  readonly #readiness: ReadinessCheck;
  readonly #sources: Sources;
  readonly #signIn: SignIn;
  readonly #pumps = new Map<string, Pump>();
  readonly #tellers = new Map<string, (state: StateMessage) => void>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #ends: (() => void)[] = [];
  /** Whether an image would be decided, as it was last tried. */
  #ready: { ready: boolean; reason: string | null } = { ready: false, reason: 'the station starts' };
  #late: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** From now on each part that is recorded is for its outputs; none of them is there before `begin`. `token`: that of the station. */
  constructor(file: LineFile, station: Station, token: string | null = null) {
    this.#file = file;
    this.#signIn = new SignIn(station.records, token);
    this.#station = station;
    this.#readiness = new ReadinessCheck(station);
    this.#sources = new Sources(file, station);
    station.records.outbox.sendTo(file.outputs.map(({ name }) => name));
  }

  /** Opens the outputs beside the station; one that cannot be opened is an alarm, and is tried again. */
  begin(): void {
    const { records, events } = this.#station;
    const wake = (): void => {
      for (const pump of this.#pumps.values()) pump.wake();
    };
    this.#ends.push(records.outbox.listen(wake));
    this.#ends.push(
      events.listen((event) => {
        if (event.type === 'recipe' || event.type === 'products') this.#tellAll();
        if (event.type === 'inspection' && event.change === 'new' && event.inspection.decision === 'NOT_INSPECTED')
          if (event.inspection.cause === 'late') this.#raiseLate(event.inspection.message);
      }),
    );
    this.#every(STATE_MILLIS, async () => {
      this.#ready = await this.#readiness.ask();
      this.#tellAll();
    });
    this.#every(CLEAN_MILLIS, () => records.outbox.removeSettled(new Date(Date.now() - KEPT_MILLIS)));
    for (const output of this.#file.outputs) void this.#open(output);
    this.#sources.begin();
  }

  #every(millis: number, work: () => Promise<void>): void {
    const again = async (): Promise<void> => {
      await work().catch(() => undefined);
      if (!this.#isClosed) this.#after(millis, again);
    };
    void again();
  }

  #after(millis: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void work();
    }, millis).unref();
    this.#timers.add(timer);
  }

  #raiseLate(message: string): void {
    const { alarms } = this.#station;
    alarms.raise('line', 'inspect window', new FelfriError('LINE_LATE', message));
    clearTimeout(this.#late);
    this.#late = setTimeout(() => alarms.end('line', 'inspect window'), LATE_MILLIS).unref();
  }

  #toolsOf({ name, settings }: OutputSettings): LineTools {
    const { alarms, notInspected } = this.#station;
    const { windowMillis } = settings as Partial<WindowSettings>;
    const idOf = (about: string): string => `${name}: ${about}`;
    return {
      name,
      station: this.#file.station,
      state: () => this.state,
      alarm: (about, error) => void alarms.raise('line', idOf(about), error),
      over: (about) => alarms.end('line', idOf(about)),
      triggered: (part) =>
        this.#sources.triggered(name, { part, lot: null, product: null, recipe: null }, windowMillis),
      retry: () => this.#pumps.get(name)?.retry(),
      taken: async (sequences) => this.#pumps.get(name)?.taken(sequences),
      bringAgain: () => this.#pumps.get(name)?.bringAgain(),
      folder: this.#station.settings.folder,
      signIn: (user, secret) => this.#signIn.enter(user, secret, `line ${name}`),
      recipes: new LineRecipes(this.#station, `line ${name}`),
      momentOf: (id) => this.#station.moments.of(id),
      missed: (part, message) => {
        const recipe = this.#station.products.recipeOf(null);
        const known = { resultId: null, part, lot: null, product: null, recipe, imageHash: null, millis: 0 };
        return notInspected.note(known, new FelfriError('LINE_LATE', message), 'late');
      },
    };
  }

  async #open(output: OutputSettings): Promise<void> {
    const tools = this.#toolsOf(output);
    try {
      const connector = await rowOf(output).make(output.settings, tools);
      if (this.#isClosed) return await connector.close();
      this.#tellers.set(output.name, (state) => connector.tell(state));
      this.#pumps.set(output.name, new Pump(this.#station.records.outbox, output, tools, connector));
      tools.over('start');
    } catch (error) {
      tools.alarm('start', error);
      if (!this.#isClosed) this.#after(AGAIN_MILLIS, () => this.#open(output));
    }
  }

  get state(): StateMessage {
    const { alarms, queue, recipes, products } = this.#station;
    const { active } = recipes;
    const hasRecipe = active !== null || products.areToldApart;
    const { ready, reason } = queue.stopping ? { ready: false, reason: 'the station is stopping' } : this.#ready;
    return {
      type: 'state',
      station: this.#file.station,
      online: true,
      // a recipe that was taken away is not ready for the second until that is tried
      ready: ready && hasRecipe,
      reason: ready && !hasRecipe ? NO_RECIPE : reason,
      recipe: active && { id: active.id, name: active.name, revision: active.revision },
      degraded: alarms.all.map(({ message }) => message),
      at: new Date().toISOString(),
    };
  }

  #tellAll(): void {
    const { state } = this;
    for (const tell of this.#tellers.values()) tell(state);
  }

  async told(): Promise<LineTold> {
    const outputs = this.#file.outputs.map(async (output): Promise<LineOutput> => {
      const { name, kind } = output;
      const { title, address } = rowOf(output);
      const pump = this.#pumps.get(name);
      const counts = countsOf(await this.#station.records.outbox.counts(name));
      const away = { connected: false, problem: 'it is not open', lastExchange: null, exchanges: 0, failures: 0 };
      return { name, kind, title, address: address(output.settings), ...counts, ...(pump?.told ?? away) };
    });
    return {
      station: this.#file.station,
      state: this.state,
      sources: this.#sources.told(),
      outputs: await Promise.all(outputs),
    };
  }

  #require(name: string): OutputSettings {
    const output = this.#file.outputs.find((one) => one.name === name);
    if (!output) throw new FelfriError('NOT_FOUND', `there is no output ${name} of the line`, { subject: name });
    return output;
  }

  /** Whatever became of them, as far as they are kept; oldest first. Throws NOT_FOUND. */
  async parts(name: string, { after = 0, limit = 100 }: LinePartsQuery): Promise<PartMessage[]> {
    const found = await this.#station.records.outbox.after(this.#require(name).name, after, limit);
    return found.map((part) => partMessage(this.#file.station, part));
  }

  /** Throws NOT_FOUND. */
  async check(name: string): Promise<LineCheck> {
    return checkOutput(this.#require(name));
  }

  /** Throws NOT_FOUND. */
  checkSource(name: string): Promise<LineCheck> {
    return this.#sources.check(name);
  }

  /** As `Sources.trigger`. */
  trigger(name: string, of: TriggerQuery): Promise<Inspection> {
    return this.#sources.trigger(name, { part: null, lot: null, product: null, recipe: null, ...of });
  }

  /** As `SentViews.add`. */
  get sentViews(): SentViews {
    return this.#sources.sentViews;
  }

  /** Takes no more images from its sources; resolves when those that came are on record, or left to be taken again. */
  closeSources(): Promise<void> {
    return this.#sources.close();
  }

  /** Gives the outputs what was decided last, and closes them; the sources before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.closeSources();
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#late);
    for (const end of this.#ends) end();
    this.#tellAll();
    await Promise.all([...this.#pumps.values()].map((pump) => pump.close(LAST_MILLIS)));
  }
}
